import { describe, expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { readPrivateKey } from './asn1.ts';
import { macPassword, readKeyBags, readPkcs12 } from './pkcs12.ts';

const make = createMake('pkcs12');
const { concat, der } = make;
const key = make.ec('P-256');
const bag = (type: number, value: Uint8Array) =>
  der.seq(der.oid(`1.2.840.113549.1.12.10.1.${type}`), der.ctx(0, value));
const keyBag = bag(1, make.pkcs8(key));
const content = (...bags: readonly Uint8Array[]) =>
  der.seq(der.seq(der.oid('1.2.840.113549.1.7.1'), der.ctx(0, der.oct(der.seq(...bags)))));
const pfx = (safe: Uint8Array, ...mac: readonly Uint8Array[]) =>
  der.seq(der.int(3), der.seq(der.oid('1.2.840.113549.1.7.1'), der.ctx(0, der.oct(safe))), ...mac);

describe('readPkcs12', () => {
  it('reads contents, and says where it ends', () => {
    const bytes = concat('ab', pfx(content(keyBag, keyBag)), 'cd');
    const found = readPkcs12(bytes, 2)!;
    expect(found).toMatchObject({ start: 2, end: bytes.length - 2, encrypted: [] });
    expect(readKeyBags(found.clear[0]!).map(({ at, bytes }) => readPrivateKey(bytes, at)?.parts.type)).toEqual([
      'ec',
      'ec',
    ]);
  });

  it('reads what is left when it is cut off, without a MAC', () => {
    const whole = pfx(content(keyBag, keyBag), der.seq());
    const cut = readPkcs12(whole.subarray(0, whole.length - 40), 0)!;
    expect(cut.mac).toBeUndefined();
    const [first] = readKeyBags(cut.clear[0]!);
    expect(readPrivateKey(first!.bytes, first!.at)?.parts.type).toBe('ec');
    for (let end = 0; end < whole.length; end++)
      readPkcs12(whole.subarray(0, end), 0)?.clear.map((safe) => readKeyBags(safe));
  });

  it('wipes its copies', () => {
    const found = readPkcs12(pfx(content(keyBag)), 0)!;
    found.wipe();
    expect(found.clear[0]!.every((byte) => byte === 0)).toBe(true);
  });

  it('refuses other versions and other contents', () => {
    expect(readPkcs12(der.seq(der.int(2), der.seq()), 0)).toBeUndefined();
    expect(
      readPkcs12(der.seq(der.int(3), der.seq(der.oid('1.2.3'), der.ctx(0, der.oct(make.bytes(9))))), 0),
    ).toBeUndefined();
    expect(readPkcs12(make.bytes(50), 0)).toBeUndefined();
  });

  it('ends in endless nesting', () => {
    let nested = keyBag;
    for (let depth = 0; depth < 100; depth++) nested = bag(6, der.seq(nested));
    const found = readPkcs12(pfx(content(nested)), 0);
    expect(found?.clear.flatMap((safe) => readKeyBags(safe)) ?? []).toEqual([]);
  });
});

describe('macPassword', () => {
  const safe = content(keyBag);
  const bmp = (password: string) => concat(make.utf16be(password), Uint8Array.of(0, 0));
  const mac = (hash: string, oid: string, length: number, secret: Uint8Array, iterations?: number) => {
    const salt = make.bytes(8);
    const derived = make.pkcs12Kdf(hash, secret, salt, 3, iterations ?? 1, length);
    const info = der.seq(der.seq(der.oid(oid), der.nul()), der.oct(make.hmac(hash, derived, safe)));
    return der.seq(info, der.oct(salt), ...(iterations === undefined ? [] : [der.int(iterations)]));
  };
  const found = (data: Uint8Array, passwords: readonly string[]) =>
    macPassword(readPkcs12(pfx(safe, data), 0)!, passwords);
  const SHA1 = '1.3.14.3.2.26';

  it.each([
    ['sha1', SHA1, 20],
    ['sha256', '2.16.840.1.101.3.4.2.1', 32],
    ['sha512', '2.16.840.1.101.3.4.2.3', 64],
  ])('finds the password under %s', (hash, oid, length) => {
    const data = mac(hash, oid, length, bmp('b'), 7);
    expect(found(data, ['a', 'b', 'c'])).toBe('b');
    expect(found(data, ['a', 'c'])).toBeUndefined();
  });

  it('takes both empty passwords, and one iteration when none is named', () => {
    expect(found(mac('sha1', SHA1, 20, bmp('')), ['a', ''])).toBe('');
    expect(found(mac('sha1', SHA1, 20, new Uint8Array(0)), ['a', ''])).toBe('');
  });

  it('finds the password of PBMAC1 (RFC 9579)', () => {
    const salt = make.bytes(8);
    const hmacSha256 = der.seq(der.oid('1.2.840.113549.2.9'), der.nul());
    const kdf = der.seq(
      der.oid('1.2.840.113549.1.5.12'),
      der.seq(der.oct(salt), der.int(100), der.int(32), hmacSha256),
    );
    const derived = make.pbkdf2('sha256', make.ascii('b'), salt, 100, 32);
    const algorithm = der.seq(der.oid('1.2.840.113549.1.5.14'), der.seq(kdf, hmacSha256));
    const info = der.seq(algorithm, der.oct(make.hmac('sha256', derived, safe)));
    expect(found(der.seq(info, der.oct(make.bytes(8)), der.int(1)), ['a', 'b'])).toBe('b');
  });

  it('does not try what takes too long, nor hashes it does not know', () => {
    expect(
      found(
        mac('sha1', SHA1, 20, bmp('b'), 5).map((byte, i, all) => (i === all.length - 1 ? 0 : byte)),
        ['b'],
      ),
    ).toBeUndefined();
    const info = der.seq(der.seq(der.oid(SHA1), der.nul()), der.oct(make.bytes(20)));
    expect(found(der.seq(info, der.oct(make.bytes(8)), der.int(2_000_000_000)), ['b'])).toBeUndefined();
    const unknown = der.seq(der.seq(der.oid('1.2.3'), der.nul()), der.oct(make.bytes(20)));
    expect(found(der.seq(unknown, der.oct(make.bytes(8)), der.int(5)), ['b'])).toBeUndefined();
    expect(found(der.seq(), ['b'])).toBeUndefined();
  });
});
