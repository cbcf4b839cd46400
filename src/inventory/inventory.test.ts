import { describe, expect, it } from 'vitest';
import type { InventoryEntry } from '../model/inventory.ts';
import { addKeys, removeKeys } from './inventory.ts';
import type { PublicKey } from './public-key.ts';

const digest = (digit: string): string => digit.repeat(64);
const numbers = { kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43) } as const;
const add = (entries: readonly InventoryEntry[], key: PublicKey, label?: string) =>
  addKeys(entries, [key], { label, fallback: 'file.pem' });

describe('addKeys', () => {
  const key: PublicKey = { source: 'jwk', publicKeySha256: digest('a'), kid: 'k1', name: 'k1', key: numbers };

  it('labels a key by the option, its name, or its file', () => {
    const { name, ...nameless } = key;
    expect(add([], key, 'mine').entries).toEqual([{ ...nameless, label: 'mine' }]);
    expect(add([], key).entries).toMatchObject([{ label: name }]);
    expect(add([], nameless).entries).toMatchObject([{ label: 'file.pem' }]);
    expect(add([], nameless, 'evil\u001b[2J\n').entries).toMatchObject([{ label: 'evil\ufffd[2J\ufffd' }]);
  });

  it('counts keys once', () => {
    const first = addKeys([], [key, key], { fallback: 'f' });
    expect(first).toMatchObject({ added: 1, updated: 0 });
    expect(add(first.entries, key)).toMatchObject({ added: 0, updated: 1, entries: first.entries });
  });

  it('keeps what a key with less says nothing about', () => {
    const { entries } = add([], { ...key, source: 'certificate', subject: 'CN=a', notAfter: '2030-01-01' }, 'mine');
    const bare: PublicKey = { source: 'sha256', publicKeySha256: digest('a'), name: 'other' };
    expect(add(entries, bare).entries).toEqual(entries);
    expect(add(entries, { ...bare, source: 'public-key', key: numbers }).entries).toEqual(entries);
    expect(add(add([], bare).entries, { ...bare, source: 'public-key', key: numbers }).entries).toMatchObject([
      { source: 'public-key', key: numbers },
    ]);
  });

  it('takes the certificate that is valid longer', () => {
    const until = (notAfter: string): PublicKey => ({ ...key, source: 'certificate', subject: notAfter, notAfter });
    for (const order of [
      ['2030', '2031'],
      ['2031', '2030'],
    ]) {
      expect(addKeys([], order.map(until), { fallback: 'f' }).entries).toMatchObject([{ subject: '2031' }]);
    }
  });
});

describe('removeKeys', () => {
  const entries: InventoryEntry[] = ['a', 'b', 'c'].map((digit) => ({
    label: digit === 'c' ? 'other' : 'same',
    source: 'sha256',
    publicKeySha256: digest(digit),
  }));

  it('removes by digest and by label, and tells what it does not know', () => {
    expect(removeKeys(entries, [digest('A')])).toEqual({ entries: entries.slice(1), unknown: [] });
    expect(removeKeys(entries, ['same'])).toEqual({ entries: entries.slice(2), unknown: [] });
    expect(removeKeys(entries, ['other', 'absent'])).toEqual({ entries: entries.slice(0, 2), unknown: ['absent'] });
  });
});
