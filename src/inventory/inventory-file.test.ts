import { describe, expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { UsageError } from '../model/errors.ts';
import type { InventoryEntry } from '../model/inventory.ts';
import { formatInventory, parseInventory } from './inventory-file.ts';

const make = createMake('inventory-file');
const [rsa, ec, okp] = [make.jwk(make.rsa(1024)), make.jwk(make.ec('P-521')), make.jwk(make.okp('Ed448'))];
const digest = (digit: string): string => digit.repeat(64);

const entries: InventoryEntry[] = [
  {
    label: 'a',
    source: 'certificate',
    subject: 'CN=a, O=b',
    notAfter: '2030-01-01T00:00:00.000Z',
    publicKeySha256: digest('1'),
    key: { kty: 'RSA', n: rsa['n']!, e: rsa['e']! },
  },
  {
    label: 'a',
    source: 'jwk',
    kid: 'k',
    publicKeySha256: digest('2'),
    key: { kty: 'EC', crv: 'P-521', x: ec['x']!, y: ec['y']! },
  },
  {
    label: 'b',
    source: 'ssh',
    comment: 'me@host',
    publicKeySha256: digest('0'),
    key: { kty: 'OKP', crv: 'Ed448', x: okp['x']! },
  },
  { label: 'c', source: 'sha256', publicKeySha256: digest('3') },
];

describe('formatInventory', () => {
  it('comes back as it was', () => {
    expect(parseInventory(formatInventory(entries), 'file')).toEqual(entries);
    expect(parseInventory(formatInventory([]), 'file')).toEqual([]);
  });

  it('gives the same text for any order', () => {
    const reordered = entries.map((entry) => Object.fromEntries(Object.entries(entry).reverse()) as InventoryEntry);
    expect(formatInventory(reordered.reverse())).toBe(formatInventory(entries));
  });
});

describe('parseInventory', () => {
  type Json = { entries: Record<string, unknown>[] } & Record<string, unknown>;
  const edited = (edit: (document: Json) => void): string => {
    const document = JSON.parse(formatInventory(entries)) as Json;
    edit(document);
    return JSON.stringify(document);
  };
  const key = (document: Json, i: number): Record<string, unknown> => document.entries[i]!['key'] as Json;

  it.each<[string, (document: Json) => unknown]>([
    ['schema must be', (document) => (document['schema'] = 'dumpsieve-inventory/2')],
    ['entries must be a list', (document) => (document['entries'] = {} as never)],
    ['more is not one of', (document) => (document['more'] = 1)],
    ['entries[1] must be an object', (document) => (document.entries[1] = null as never)],
    ['entries[0].label must be', ({ entries: [first] }) => (first!['label'] = '')],
    ['entries[0].source must be one of', ({ entries: [first] }) => (first!['source'] = 'x')],
    ['entries[0].notAfter must be', ({ entries: [first] }) => (first!['notAfter'] = 'soon')],
    ['entries[0].subject must be', ({ entries: [first] }) => (first!['subject'] = 5)],
    ['entries[0].publicKeySha256 must be', ({ entries: [first] }) => (first!['publicKeySha256'] = digest('A'))],
    [
      'entries[1].publicKeySha256 is there twice',
      ({ entries: [, other] }) => (other!['publicKeySha256'] = digest('1')),
    ],
    ['entries[0].key must be', ({ entries: [first] }) => (first!['key'] = 'x')],
    ['entries[0].key.kty must be', (document) => (key(document, 0)['kty'] = 'oct')],
    ['entries[0].key.d is not one of: kty, n, e', (document) => (key(document, 0)['d'] = 'AQAB')],
    ['entries[0].key.n must be base64url', (document) => (key(document, 0)['n'] += '=')],
    ['entries[0].key.n must be 64 to 2048 bytes', (document) => (key(document, 0)['n'] = 'AQAB')],
    ['entries[0].key.n must be odd', (document) => (key(document, 0)['n'] = make.base64url(new Uint8Array(128)))],
    ['entries[0].key.e must be odd', (document) => (key(document, 0)['e'] = 'AAAC')],
    ['entries[1].key.crv must be one of', (document) => (key(document, 1)['crv'] = 'P-999')],
    ['entries[1].key.y must be 66 bytes', (document) => (key(document, 1)['y'] = 'AQAB')],
    ['entries[1].key.y must be a text', (document) => delete key(document, 1)['y']],
    ['entries[2].key.x must be 57 bytes', (document) => (key(document, 2)['x'] = 'AQAB')],
    ['entries[2].key.crv must be one of', (document) => (key(document, 2)['crv'] = 'P-256')],
  ])('says that %s', (message, edit) => {
    const parse = (): unknown => parseInventory(edited(edit), 'inv.json');
    expect(parse).toThrow(UsageError);
    expect(parse).toThrow(`inventory "inv.json": ${message}`);
  });

  it.each(['', '{', 'secret', '[]', '"x"', 'null'])('refuses %j without quoting it', (text) => {
    const message = (() => {
      try {
        parseInventory(text, 'inv.json');
      } catch (error) {
        return error instanceof UsageError ? error.message : '';
      }
      return '';
    })();
    expect(message).toMatch(/^inventory "inv\.json"/);
    expect(message).not.toContain('secret');
  });

  it('makes labels printable', () => {
    const text = edited(({ entries: [first] }) => (first!['label'] = 'a\u001b[2Jb'));
    expect(parseInventory(text, 'file')[0]!.label).toBe('a\ufffd[2Jb');
  });
});
