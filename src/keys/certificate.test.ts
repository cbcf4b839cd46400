import { execFileSync } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { certificateKeySha256 } from './certificate.ts';

const make = createMake('certificate');
const { der } = make;
const key = make.ec('P-256');
const name = der.seq(der.set(der.seq(der.oid('2.5.4.3'), der.utf8('a'))));
const algorithm = der.seq(der.oid('1.2.840.10045.4.3.2'));
const fields = [der.int(1), algorithm, name, der.seq(), name, make.spki(key)];
const certificate = (...tbs: readonly Uint8Array[]) => der.seq(der.seq(...tbs), algorithm, der.bits(make.bytes(64)));

it('names the key of version 3 and version 1', () => {
  expect(certificateKeySha256(certificate(der.ctx(0, der.int(2)), ...fields), 0)).toBe(make.publicKeySha256(key));
  expect(certificateKeySha256(certificate(...fields), 0)).toBe(make.publicKeySha256(key));
});

it('has no name for anything else', () => {
  const whole = certificate(...fields);
  for (let end = 0; end < 100; end++) expect(certificateKeySha256(whole.subarray(0, end), 0)).toBeUndefined();
  expect(certificateKeySha256(make.pkcs8(key), 0)).toBeUndefined();
  expect(certificateKeySha256(make.bytes(300), 0)).toBeUndefined();
});

const hasOpenSsl = (() => {
  try {
    execFileSync('openssl', ['version']);
    return true;
  } catch {
    return false;
  }
})();

describe.runIf(hasOpenSsl)('openssl', () => {
  it('writes a certificate that is named as node names it', () => {
    const options = ['-newkey', 'rsa:2048', '-nodes', '-keyout', '/dev/null', '-subj', '/CN=x', '-outform', 'DER'];
    const bytes = execFileSync('openssl', ['req', '-x509', ...options], { stdio: ['ignore', 'pipe', 'ignore'] });
    const spki = new X509Certificate(bytes).publicKey.export({ format: 'der', type: 'spki' });
    expect(certificateKeySha256(bytes, 0)).toBe(createHash('sha256').update(spki).digest('hex'));
  });
});
