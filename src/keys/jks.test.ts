import { describe, expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { jksPassword, readJks } from './jks.ts';

const make = createMake('jks');
const { be, concat } = make;
const u32 = (value: number): Uint8Array => be(BigInt(value), 4);
const utf = (text: string): Uint8Array => concat(be(BigInt(text.length), 2), text);
const DATE = be(1_700_000_000_000n, 8);

/** Entries with bytes that aren't looked at: 50 of a key, 60 of a certificate. */
const keyEntry = (version: number, chain = 1): Uint8Array => {
  const certificate = concat(version === 2 ? utf('X.509') : '', u32(60), make.bytes(60));
  return concat(u32(1), utf('a'), DATE, u32(50), make.bytes(50), u32(chain), ...Array(chain).fill(certificate));
};
const trusted = concat(u32(2), utf('ca'), DATE, utf('X.509'), u32(60), make.bytes(60));

function keystore(version: number, password: string, ...entries: readonly Uint8Array[]): Uint8Array {
  const data = concat(u32(0xfeedfeed), u32(version), u32(entries.length), ...entries);
  return concat(data, make.hash('sha1', make.utf16be(password), make.ascii('Mighty Aphrodite'), data));
}

describe('readJks', () => {
  it.each([1, 2])('reads version %d', (version) => {
    const bytes = keystore(version, 'a', keyEntry(version, 2), keyEntry(version));
    const found = readJks(bytes, 0)!;
    expect(found).toMatchObject({ start: 0, end: bytes.length, complete: true });
    expect(found.entries.map(({ start, end }) => end - start)).toEqual([50, 50]);
    expect(found.entries.map(({ certificate }) => certificate!.end - certificate!.start)).toEqual([60, 60]);
  });

  it('reads a key without certificates, and skips those of others', () => {
    const { entries } = readJks(keystore(2, 'a', trusted, keyEntry(2, 0), trusted), 0)!;
    expect(entries).toHaveLength(1);
    expect(entries[0]!.certificate).toBeUndefined();
  });

  it('skips secret keys, whose second name may be a reference to the first', () => {
    const name = utf('PBEWithMD5AndTripleDES');
    for (const end of [concat('t', name), Uint8Array.of(0x71, 0, 0x7e, 0, 9)]) {
      const secret = concat(u32(3), utf('s'), DATE, make.bytes(200), name, end);
      expect(readJks(keystore(2, 'a', secret, keyEntry(2), secret), 0)).toMatchObject({ complete: true });
    }
    const endless = concat(u32(3), utf('s'), DATE, make.bytes(200));
    expect(readJks(keystore(2, 'a', keyEntry(2), endless), 0)).toMatchObject({ complete: false });
  });

  it('reads what is left of a keystore that is cut off', () => {
    const whole = keystore(2, 'a', keyEntry(2), keyEntry(2));
    const counts = Array.from({ length: whole.length }, (_, end) => readJks(whole.subarray(0, end), 0)?.entries.length);
    expect(new Set(counts)).toEqual(new Set([undefined, 1, 2]));
    expect(readJks(whole.subarray(0, whole.length - 1), 0)!.complete).toBe(false);
  });

  it('refuses certificates alone, other versions, and counts of noise', () => {
    expect(readJks(keystore(2, 'a', trusted), 0)).toBeUndefined();
    expect(readJks(keystore(3, 'a', keyEntry(2)), 0)).toBeUndefined();
    expect(readJks(concat(u32(0xfeedfeed), u32(2), u32(0xffffffff), make.bytes(100)), 0)).toBeUndefined();
    const chain = concat(u32(0xfeedfeed), u32(2), u32(1), u32(1), utf('a'), DATE, u32(1), 'x', u32(0xffffffff));
    expect(readJks(chain, 0)).toBeUndefined();
  });
});

describe('jksPassword', () => {
  it('finds the password among others', () => {
    const bytes = concat('xyz', keystore(2, 'b', keyEntry(2)), 'more');
    const found = readJks(bytes, 3)!;
    expect(jksPassword(bytes, found, ['a', 'b', 'c'])).toBe('b');
    expect(jksPassword(bytes, found, ['a', 'c'])).toBeUndefined();
  });

  it('knows nothing about a keystore that is cut off', () => {
    const bytes = keystore(2, 'b', keyEntry(2)).slice(0, -1);
    expect(jksPassword(bytes, readJks(bytes, 0)!, ['b'])).toBeUndefined();
  });
});
