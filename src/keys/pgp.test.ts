import { describe, expect, it, test } from 'vitest';
import { readPacketHeader, readPgpKey, readPgpKeys, secretPacketBefore } from './pgp.ts';

describe('readPacketHeader (RFC 9580, 4.2)', () => {
  test.each([
    ['old, one byte', [0x94, 0x49], { tag: 5, at: 0, start: 2, end: 2 + 0x49 }],
    ['old, two bytes', [0x95, 0x01, 0x02], { tag: 5, at: 0, start: 3, end: 3 + 0x102 }],
    ['old, four bytes', [0x9e, 0, 0, 1, 0], { tag: 7, at: 0, start: 5, end: 5 + 0x100 }],
    ['new, one byte', [0xc5, 0xbf], { tag: 5, at: 0, start: 2, end: 2 + 191 }],
    ['new, two bytes', [0xc7, 0xc5, 0xfb], { tag: 7, at: 0, start: 3, end: 3 + 1723 }],
    ['new, five bytes', [0xc5, 0xff, 0, 1, 0x86, 0xa0], { tag: 5, at: 0, start: 6, end: 6 + 100_000 }],
  ])('%s', (_, bytes, header) => {
    expect(readPacketHeader(Uint8Array.from(bytes), 0)).toEqual(header);
  });

  test.each([
    ['no packet', [0x45, 0x10]],
    ['indeterminate length', [0x97, 0x10, 0, 0]],
    ['partial length', [0xc5, 0xe1, 0, 0]],
    ['cut off', [0x95, 0x01]],
    ['cut off after the tag', [0xc5]],
    ['nothing', []],
  ])('refuses: %s', (_, bytes) => {
    expect(readPacketHeader(Uint8Array.from(bytes), 0)).toBeUndefined();
  });
});

it('finds the header before a body, of secret keys alone', () => {
  expect(secretPacketBefore(Uint8Array.from([0, 0x95, 0x01, 0x02, 4]), 4)).toMatchObject({ tag: 5, at: 1, start: 4 });
  expect(secretPacketBefore(Uint8Array.from([0, 0x99, 0x01, 0x02, 4]), 4)).toBeUndefined();
  expect(secretPacketBefore(Uint8Array.from([0x94, 0x05, 4]), 2)).toBeUndefined();
});

it('stops at the ceiling of packets, and at what is none', () => {
  const userIds = Uint8Array.from(Array.from({ length: 400 }, () => [0xb4, 0]).flat());
  expect(readPgpKeys(userIds)).toEqual([]);
  expect(readPgpKeys(new Uint8Array(100))).toEqual([]);
});

it('reads no number longer than it is', () => {
  // Version 4, RSA, a modulus of 65,535 bits in a body of 40 bytes.
  const body = Uint8Array.from([4, 0, 0, 0, 0, 1, 0xff, 0xff, ...new Uint8Array(32).fill(7)]);
  expect(readPgpKey(body, 0, body.length)).toBeUndefined();
  expect(readPgpKey(body, 0, 1 << 20)).toBeUndefined();
});
