/**
 * Keystores and key blobs as the real tools write them, through the real engine: keytool, openssl, NSS, python
 * cryptography, puttygen. A tool that isn't installed shows as skipped.
 */
import { execFileSync } from 'node:child_process';
import { createHash, createPublicKey } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import detectors from '../patterns/index.ts';
import type { Finding } from '../src/model/finding.ts';
import { createScanner, type Scanner } from './support/scan-bytes.ts';

const folder = mkdtempSync(join(tmpdir(), 'keystores-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = (name: string): string => join(folder, name);
const run = (tool: string, ...args: readonly string[]): Buffer =>
  execFileSync(tool, args, { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });

const works = (tool: string, ...args: readonly string[]): boolean => {
  try {
    run(tool, ...args);
    return true;
  } catch {
    return false;
  }
};
const shaOf = (spki: Uint8Array): string => createHash('sha256').update(spki).digest('hex');

/** Not a default password, and not a secret: the keystores live for the time of the test. */
const GOOD_PASSWORD = ['correct', 'horse', String(process.pid)].join('-');

let scanner: Scanner;
beforeAll(async () => {
  scanner = await createScanner(detectors.filter(({ id }) => ['pkcs12', 'jks', 'putty-ppk', 'capi-blob'].includes(id)));
});

/** Findings in a file, with something before and behind it as in a dump. */
async function scan(name: string): Promise<readonly Finding[]> {
  const file = readFileSync(path(name));
  const bytes = new Uint8Array(file.length + 12_345).fill(0xa5);
  bytes.set(file, 5001);
  const { findings, gaps } = await scanner.scan(bytes);
  expect(gaps).toEqual([]);
  return findings;
}

const opened = { openedWithDefaultPassword: true };

describe.runIf(works('keytool', '-help'))('keytool', () => {
  describe.each(['JKS', 'JCEKS', 'PKCS12'])('%s', (type) => {
    const generate = (name: string, password: string, alias: string, ...options: readonly string[]) => {
      const common = ['-keystore', name, '-storetype', type, '-storepass', password, '-keypass', password];
      run('keytool', '-genkeypair', ...common, '-alias', alias, '-dname', 'CN=a', ...options);
      const certificate = run(
        'keytool',
        '-exportcert',
        '-rfc',
        '-keystore',
        name,
        '-storepass',
        password,
        '-alias',
        alias,
      );
      return shaOf(createPublicKey(certificate).export({ format: 'der', type: 'spki' }));
    };

    it('opens RSA and EC keys under a default password', async () => {
      const name = `${type}-open`;
      const rsa = generate(name, 'changeit', 'rsa', '-keyalg', 'RSA', '-keysize', '2048');
      const ec = generate(name, 'changeit', 'ec', '-keyalg', 'EC', '-groupname', 'secp256r1');
      const findings = await scan(name);
      expect(findings.map(({ verdict, severity }) => ({ verdict, severity }))).toEqual(
        Array(2).fill({ verdict: 'proven', severity: 'critical' }),
      );
      for (const { traits } of findings) expect(traits).toMatchObject(opened);
      expect(new Set(findings.map(({ traits }) => traits.publicKeySha256))).toEqual(new Set([rsa, ec]));
    });

    it('recognises keys under a good password', async () => {
      const name = `${type}-closed`;
      const rsa = generate(name, GOOD_PASSWORD, 'rsa', '-keyalg', 'RSA', '-keysize', '2048');
      const [finding, ...more] = await scan(name);
      expect(more).toEqual([]);
      expect(finding).toMatchObject({ verdict: 'proven', severity: 'medium', traits: { proof: 'document' } });
      // The certificate is in the clear in the older formats.
      if (type !== 'PKCS12') expect(finding!.traits.publicKeySha256).toBe(rsa);
    });
  });

  it('JCEKS with a secret key among the keys', async () => {
    const common = ['-keystore', 'mixed', '-storetype', 'JCEKS', '-storepass', 'changeit', '-keypass', 'changeit'];
    run('keytool', '-genseckey', ...common, '-alias', 'a', '-keyalg', 'AES', '-keysize', '256');
    run(
      'keytool',
      '-genkeypair',
      ...common,
      '-alias',
      'b',
      '-dname',
      'CN=a',
      '-keyalg',
      'EC',
      '-groupname',
      'secp256r1',
    );
    run('keytool', '-genseckey', ...common, '-alias', 'c', '-keyalg', 'AES', '-keysize', '128');
    expect(await scan('mixed')).toMatchObject([{ traits: { algorithm: 'EC', ...opened } }]);
  });
});

describe.runIf(works('openssl', 'version'))('openssl', () => {
  let publicKeySha256: string;
  beforeAll(() => {
    run(
      'openssl',
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      'key.pem',
      '-out',
      'cert.pem',
      '-subj',
      '/CN=x',
    );
    publicKeySha256 = shaOf(run('openssl', 'pkey', '-in', 'key.pem', '-pubout', '-outform', 'DER'));
  });
  const pkcs12 = (name: string, password: string, ...options: readonly string[]): Promise<readonly Finding[]> => {
    const output = ['-out', name, '-passout', `pass:${password}`];
    run('openssl', 'pkcs12', '-export', '-inkey', 'key.pem', '-in', 'cert.pem', ...output, ...options);
    return scan(name);
  };

  it.each([
    ['defaults', 'changeit', []],
    ['an empty password', '', []],
    ['Triple DES', 'test', ['-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES', '-macalg', 'sha1']],
    ['the algorithms of old', 'changeme', ['-legacy']],
    ['no MAC', 'password', ['-nomac']],
    ['SHA-512 for the MAC', 'secret', ['-macalg', 'sha512']],
  ])('PKCS#12: %s', async (name, password, options) => {
    const findings = await pkcs12(`${name}.p12`, password, ...options);
    expect(findings).toMatchObject([{ severity: 'critical', traits: { form: 'pkcs12', publicKeySha256, ...opened } }]);
  });

  it('PKCS#12 without encryption', async () => {
    const findings = await pkcs12('clear.p12', GOOD_PASSWORD, '-keypbe', 'NONE', '-certpbe', 'NONE');
    expect(findings).toMatchObject([{ severity: 'critical', traits: { publicKeySha256 } }]);
  });

  it('PKCS#12 under a good password', async () => {
    const findings = await pkcs12('closed.p12', GOOD_PASSWORD);
    expect(findings).toMatchObject([{ severity: 'medium', traits: { protection: 'pbes2' } }]);
  });

  it('PKCS#12 with certificates alone', async () => {
    expect(await pkcs12('certificates.p12', GOOD_PASSWORD, '-nokeys')).toEqual([]);
  });

  it.each(['MSBLOB', 'PVK'])('%s', async (format) => {
    const options = format === 'PVK' ? ['-pvk-none'] : [];
    run('openssl', 'rsa', '-in', 'key.pem', '-outform', format, '-out', format, ...options);
    expect(await scan(format)).toMatchObject([{ verdict: 'proven', traits: { form: 'capi', publicKeySha256 } }]);
  });

  it('encrypted PVK', async () => {
    const legacy = ['-provider', 'legacy', '-provider', 'default'];
    const pass = ['-pvk-strong', '-passout', `pass:${GOOD_PASSWORD}`];
    run('openssl', 'rsa', '-in', 'key.pem', '-outform', 'PVK', '-out', 'closed.pvk', ...pass, ...legacy);
    expect(await scan('closed.pvk')).toMatchObject([{ severity: 'medium', traits: { protection: 'unknown' } }]);
  });

  it('DSA as MSBLOB', async () => {
    const sizes = ['-pkeyopt', 'dsa_paramgen_bits:1024', '-pkeyopt', 'dsa_paramgen_q_bits:160'];
    run('openssl', 'genpkey', '-genparam', '-algorithm', 'DSA', ...sizes, '-out', 'dsa-parameters.pem');
    run('openssl', 'genpkey', '-paramfile', 'dsa-parameters.pem', '-out', 'dsa.pem');
    run('openssl', 'dsa', '-in', 'dsa.pem', '-outform', 'MSBLOB', '-out', 'dsa.blob');
    const sha256 = shaOf(run('openssl', 'pkey', '-in', 'dsa.pem', '-pubout', '-outform', 'DER'));
    expect(await scan('dsa.blob')).toMatchObject([{ traits: { algorithm: 'DSA', publicKeySha256: sha256 } }]);
  });

  describe.runIf(works('certutil', '-H') || works('sh', '-c', 'command -v pk12util'))('NSS', () => {
    it('pk12util writes BER', async () => {
      await pkcs12('for-nss.p12', 'a', '-name', 'key');
      run('mkdir', 'nss');
      run('certutil', '-N', '-d', 'nss', '--empty-password');
      run('pk12util', '-i', 'for-nss.p12', '-d', 'nss', '-W', 'a');
      run('pk12util', '-o', 'nss.p12', '-d', 'nss', '-n', 'key', '-W', 'changeit');
      expect(await scan('nss.p12')).toMatchObject([{ traits: { publicKeySha256, ...opened } }]);
    });
  });

  describe.runIf(works('python3', '-c', 'import cryptography'))('python cryptography', () => {
    it.each([
      ['an encryption of its own', "BestAvailableEncryption(b'changeit')"],
      ['no encryption', 'NoEncryption()'],
    ])('%s', async (_, encryption) => {
      writeFileSync(
        path('write.py'),
        `from cryptography.hazmat.primitives.serialization import *
from cryptography.hazmat.primitives.serialization import pkcs12
key = load_pem_private_key(open('key.pem', 'rb').read(), None)
open('python.p12', 'wb').write(pkcs12.serialize_key_and_certificates(b'n', key, None, None, ${encryption}))
`,
      );
      run('python3', 'write.py');
      expect(await scan('python.p12')).toMatchObject([{ severity: 'critical', traits: { publicKeySha256 } }]);
    });
  });
});

describe.runIf(works('puttygen', '--version'))('puttygen', () => {
  const generate = (name: string, password: string, ...options: readonly string[]): string => {
    writeFileSync(path('passphrase'), password);
    run('puttygen', '-q', '-o', name, '--new-passphrase', 'passphrase', ...options);
    writeFileSync(path('passphrase'), password);
    // The public half needs no passphrase.
    return run('puttygen', name, '-l', '--old-passphrase', 'passphrase').toString().split(' ')[2]!.trim();
  };

  it.each([
    ['rsa', '3'],
    ['rsa', '2'],
    ['dsa', '3'],
    ['ecdsa', '3'],
    ['ed25519', '3'],
    ['ed25519', '2'],
    ['ed448', '3'],
  ])('%s, version %s', async (type, version) => {
    const name = `${type}-${version}.ppk`;
    const sshFingerprint = generate(name, '', '-t', type, '--ppk-param', `version=${version}`);
    expect(await scan(name)).toMatchObject([{ severity: 'critical', traits: { form: 'putty', sshFingerprint } }]);
  });

  it.each(['2', '3'])('encrypted, version %s', async (version) => {
    const name = `closed-${version}.ppk`;
    const sshFingerprint = generate(name, GOOD_PASSWORD, '-t', 'ed25519', '--ppk-param', `version=${version}`);
    expect(await scan(name)).toMatchObject([{ severity: 'medium', traits: { protection: 'putty', sshFingerprint } }]);
  });
});
