import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { bmpPassword, decryptPbe, derivationCost, pkcs12Kdf, readEncryptedKeyInfo } from './pbe.ts';

const make = createMake('pbe');
const { der } = make;
const key = make.pkcs8(make.ec('P-256'));

function decrypt(document: Uint8Array, password: string): Uint8Array | undefined {
  const info = readEncryptedKeyInfo(document, 0)!;
  return decryptPbe(document, info.algorithm, info.ciphertext, password);
}

const isInstalled = (() => {
  try {
    execFileSync('openssl', ['version']);
    return true;
  } catch {
    return false;
  }
})();

describe.runIf(isInstalled)('decrypts what openssl pkcs8 writes:', () => {
  it.each([
    ['PBES2, AES-256', ['-v2', 'aes-256-cbc']],
    ['PBES2, AES-128, SHA-512', ['-v2', 'aes-128-cbc', '-v2prf', 'hmacWithSHA512']],
    ['PBES2, AES-192, SHA-1', ['-v2', 'aes-192-cbc', '-v2prf', 'hmacWithSHA1']],
    ['PBES2, Triple DES', ['-v2', 'des3']],
    ['PBES2, scrypt', ['-scrypt', '-scrypt_N', '1024']],
    ['PKCS#12, three-key Triple DES', ['-v1', 'PBE-SHA1-3DES']],
    ['PKCS#12, two-key Triple DES', ['-v1', 'PBE-SHA1-2DES']],
    ['PBES1, MD5 and DES', ['-v1', 'PBE-MD5-DES', '-provider', 'legacy', '-provider', 'default']],
    ['PBES1, SHA-1 and DES', ['-v1', 'PBE-SHA1-DES', '-provider', 'legacy', '-provider', 'default']],
  ])('%s', (_, options) => {
    const password = make.text(10);
    const args = ['pkcs8', '-topk8', '-inform', 'DER', '-outform', 'DER', '-passout', `pass:${password}`, ...options];
    const document = new Uint8Array(execFileSync('openssl', args, { input: key, stdio: ['pipe', 'pipe', 'ignore'] }));
    expect(decrypt(document, password)).toEqual(key);
    expect(decrypt(document, `${password}x`)).not.toEqual(key);
  });
});

describe('pkcs12Kdf', () => {
  it.each([
    ['sha1', 1, 24],
    ['sha1', 2, 8],
    ['sha1', 3, 20],
    ['sha256', 3, 32],
    ['sha512', 1, 200],
  ] as const)('%s, id %d, %d bytes', (hash, id, length) => {
    for (const password of ['', 'a', 'a much longer password than one block of the hash can take up']) {
      const salt = make.bytes(1 + make.int(100));
      const derived = pkcs12Kdf(hash, bmpPassword(password), salt, id, 3, length);
      expect(derived).toEqual(make.pkcs12Kdf(hash, bmpPassword(password), salt, id, 3, length));
    }
  });
});

describe('refuses', () => {
  const pkcs12 = (iterations: number, salt = make.bytes(8)) =>
    der.seq(
      der.seq(der.oid('1.2.840.113549.1.12.1.3'), der.seq(der.oct(salt), der.int(iterations))),
      der.oct(make.bytes(64)),
    );

  it('derivations that are too slow', () => {
    const started = performance.now();
    expect(decrypt(pkcs12(2_000_000_000), 'a')).toBeUndefined();
    const kdf = der.seq(der.oid('1.2.840.113549.1.5.12'), der.seq(der.oct(make.bytes(8)), der.int(2_000_000_000)));
    const cipher = der.seq(der.oid('2.16.840.1.101.3.4.1.42'), der.oct(make.bytes(16)));
    const pbes2 = der.seq(der.oid('1.2.840.113549.1.5.13'), der.seq(kdf, cipher));
    expect(decrypt(der.seq(pbes2, der.oct(make.bytes(64))), 'a')).toBeUndefined();
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it('unknown schemes, and parameters that are none', () => {
    for (const oid of ['1.2.3', '1.2.840.113549.1.12.1.6', '1.2.840.113549.1.5.13', '1.3.6.1.4.1.42.2.19.1']) {
      const document = der.seq(der.seq(der.oid(oid), der.seq(der.int(1))), der.oct(make.bytes(64)));
      expect(decrypt(document, 'a')).toBeUndefined();
    }
    expect(readEncryptedKeyInfo(make.bytes(40), 0)).toBeUndefined();
    expect(readEncryptedKeyInfo(pkcs12(1).subarray(0, 80), 0)).toBeUndefined();
  });

  it('an empty salt without hanging', () => {
    expect(decrypt(pkcs12(10, new Uint8Array(0)), 'a')).toBeUndefined();
  });

  it('says what a password costs', () => {
    const document = pkcs12(5000);
    expect(derivationCost(document, readEncryptedKeyInfo(document, 0)!.algorithm)).toBe(10_000);
  });
});
