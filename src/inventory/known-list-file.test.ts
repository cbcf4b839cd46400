import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { findKnownKey } from '../proof/known-lists.ts';
import { parseBadkeysData, parseKnownList } from './known-list-file.ts';

const allocate = (size: number): Uint8Array => new Uint8Array(new SharedArrayBuffer(size));
const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const digests = Array.from({ length: 50 }, (_, i) => sha256(`key ${i}`));
const parse = (bytes: Uint8Array, data?: Parameters<typeof parseKnownList>[3]) =>
  parseKnownList(bytes, 'list.txt', allocate, data);

describe("badkeys' blocklist.dat", () => {
  const records = digests.map((hex, i) => Buffer.from(`${hex.slice(0, 30)}0${i % 3}`, 'hex')).sort(Buffer.compare);
  const data = { names: { 0: 'debianssl', 1: 'rfc' }, blocklistSha256: '' };
  const find = (list: ReturnType<typeof parse>, i: number) => findKnownKey([list], { publicValueSha256: digests[i] });

  it('names the list that its record belongs to', () => {
    const list = parse(Buffer.concat(records), data);
    expect([0, 1, 2].map((i) => find(list, i))).toEqual(['list.txt: debianssl', 'list.txt: rfc', 'list.txt: id2']);
    expect(find(parse(Buffer.concat(records)), 0)).toBe('list.txt: id0');
    expect(findKnownKey([list], { publicKeySha256: digests[0] })).toBeUndefined();
  });

  it.each([
    ['cut off', Buffer.concat(records).subarray(0, -1), 'size is no multiple of 16'],
    ['not sorted', Buffer.concat([...records].reverse()), 'record 1 is out of order'],
    ['empty', Buffer.alloc(0), 'is empty'],
    ['as it is downloaded', Buffer.from('fd377a585a0000', 'hex'), 'is compressed'],
    ['something else', Buffer.from('7f454c46020101000102030405060708', 'hex').subarray(0, 15), 'neither text nor'],
  ])('is refused when it is %s', (_, bytes, message) => {
    expect(() => parse(bytes)).toThrow(message);
  });

  it('has metadata of one form', () => {
    const valid = {
      bkformat: 0,
      blocklist_sha256: 'a'.repeat(64),
      blocklists: [{ id: 3, name: 'rfc', type: 'github', repo: 'badkeys/x', path: 'main' }],
    };
    expect(parseBadkeysData(JSON.stringify(valid), 'x')).toEqual({
      names: { 3: 'rfc' },
      blocklistSha256: 'a'.repeat(64),
    });
    for (const [change, message] of [
      [{ bkformat: 1 }, 'bkformat must be 0'],
      [{ blocklist_sha256: 'A' }, 'blocklist_sha256 must'],
      [{ blocklists: {} }, 'blocklists must be a list'],
      [{ blocklists: [{ id: 256, name: 'x' }] }, 'blocklists[0].id'],
      [{ blocklists: [null] }, 'blocklists[0].id'],
      [{ blocklists: [{ id: 1 }] }, 'blocklists[0].name'],
    ] as const) {
      expect(() => parseBadkeysData(JSON.stringify({ ...valid, ...change }), 'x')).toThrow(message);
    }
    for (const text of ['', 'null', '[]', '{"bkformat"']) expect(() => parseBadkeysData(text, 'x')).toThrow('"x"');
  });
});

describe('text', () => {
  it("may be badkeys' lookup.txt", () => {
    const lines = digests.map((hex, i) => `${hex.slice(0, 16)};rfc/key${i}.key\n`).sort();
    const list = parse(ascii(lines.join('')));
    for (const [i, publicValueSha256] of digests.entries()) {
      expect(findKnownKey([list], { publicValueSha256 })).toBe(`list.txt: rfc/key${i}.key`);
    }
  });

  it('may be lines of SHA-256 and label, in any order, with remarks', () => {
    const lines = digests.map((hex, i) => `${i % 2 ? hex : hex.toUpperCase()} Schlüssel ${i}`);
    const list = parse(ascii(`# ours\n\n${lines.join('\r\n')}\n  \n`));
    for (const [i, publicKeySha256] of digests.entries()) {
      expect(findKnownKey([list], { publicKeySha256 })).toBe(`list.txt: Schlüssel ${i}`);
    }
    expect(findKnownKey([list], { publicValueSha256: digests[0] })).toBeUndefined();
  });

  it('needs no label, and takes the first of two', () => {
    const [one, two] = digests as [string, string];
    expect(findKnownKey([parse(ascii(one))], { publicKeySha256: one })).toBe('list.txt');
    const list = parse(ascii(`${two} b\n${one} first\n${one} second`));
    expect(findKnownKey([list], { publicKeySha256: one })).toBe('list.txt: first');
  });

  it.each([
    ['only remarks', '# nothing\n', 'lists no key'],
    ['a digest of another size', `${digests[0]!.slice(0, 40)} x\n`, 'line 1: must begin with 64 hex digits'],
    ['no digest', `# ours\nhello\n`, 'line 2: must begin'],
    ['two sizes', `${digests[0]} a\n${digests[1]!.slice(0, 16)};b\n`, 'line 2: must begin with 64'],
    ['a digit too many', `${digests[0]}0 a\n`, 'line 1'],
    ['nothing between digest and label', `${digests[0]}label\n`, 'line 1'],
  ])('is refused with %s', (_, text, message) => {
    expect(() => parse(ascii(text))).toThrow(message);
  });
});
