import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { KnownList } from '../model/known-list.ts';
import { findKnownKey } from './known-lists.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const digests = Array.from({ length: 101 }, (_, i) => sha256(`key ${i}`)).sort();

/** A table of the leading bytes, written without the code that reads it. */
function listOf(of: KnownList['of'], digestBytes: number, more: Partial<KnownList> = {}): KnownList {
  const table = digests.map((hex, i) =>
    Buffer.from(hex.slice(0, 2 * digestBytes) + i.toString(16).padStart(2, '0'), 'hex'),
  );
  return {
    name: 'list',
    of,
    digestBytes,
    numberBytes: 1,
    table: Buffer.concat(table),
    labels: { 7: 'seventh' },
    ...more,
  };
}

describe('findKnownKey', () => {
  it('finds each record and no other', () => {
    for (const list of [listOf('value', 15), listOf('spki', 32), listOf('value', 8)]) {
      const find = (hex: string) =>
        findKnownKey([list], { [list.of === 'spki' ? 'publicKeySha256' : 'publicValueSha256']: hex });
      for (const [i, digest] of digests.entries()) expect(find(digest)).toBe(`list: ${i === 7 ? 'seventh' : `id${i}`}`);
      for (let i = 0; i < 100; i++) expect(find(sha256(`other ${i}`))).toBeUndefined();
      expect(find('0'.repeat(64))).toBeUndefined();
      expect(find('f'.repeat(64))).toBeUndefined();
    }
  });

  it('asks each list for the digest that it has', () => {
    const lists = [listOf('value', 15, { name: 'first' }), listOf('spki', 32, { name: 'second' })];
    expect(findKnownKey(lists, { publicKeySha256: digests[3] })).toBe('second: id3');
    expect(findKnownKey(lists, { publicValueSha256: digests[3], publicKeySha256: digests[3] })).toBe('first: id3');
    expect(findKnownKey(lists, {})).toBeUndefined();
    expect(findKnownKey([], { publicKeySha256: digests[3] })).toBeUndefined();
  });

  it('reads labels from text, bounded and without controls', () => {
    const text = new TextEncoder().encode(`one\ntw\u001bo\r\n${'x'.repeat(500)}`);
    const at = (number: number): string | undefined => {
      const table = Uint8Array.from([...Buffer.from(digests[0]!, 'hex'), number]);
      return findKnownKey([listOf('spki', 32, { table, labels: text })], { publicKeySha256: digests[0] });
    };
    expect(at(0)).toBe('list: one');
    expect(at(4)).toBe('list: tw\ufffdo');
    expect(at(10)!.length).toBeLessThan(200);
    expect(at(200)!.length).toBeLessThan(200);
    expect(at(255)).toMatch(/^list/);
  });
});
