/** Throw-away keys for one run of one program, as the files that programs are configured with. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TrueKey, trueKey } from '../brute/truth.ts';
import { run } from './program.ts';

export type FreshKey = TrueKey & {
  /** PKCS#8. */
  readonly pem: string;
  readonly keyObject: KeyObject;
};

export function freshRsa(label: string): FreshKey {
  return fresh(label, generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey);
}

export function freshEc(label: string): FreshKey {
  return fresh(label, generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
}

export function freshEd25519(label: string): FreshKey {
  return fresh(label, generateKeyPairSync('ed25519').privateKey);
}

function fresh(label: string, keyObject: KeyObject): FreshKey {
  const pem = keyObject.export({ format: 'pem', type: 'pkcs8' }).toString();
  return { ...trueKey(label, keyObject), pem, keyObject };
}

/** `{ kty, …, alg }` as identity providers write it. */
export function jwkOf({ keyObject }: FreshKey, alg: string): Record<string, unknown> {
  return { ...keyObject.export({ format: 'jwk' }), use: 'sig', kid: alg.toLowerCase(), alg };
}

/** Writes `<name>.key` and a self-signed `<name>.crt`. */
export function writeCertificate(folder: string, name: string, key: FreshKey): { key: string; certificate: string } {
  const files = { key: join(folder, `${name}.key`), certificate: join(folder, `${name}.crt`) };
  writeFileSync(files.key, key.pem, { mode: 0o600 });
  run(
    'openssl',
    ['req', '-x509', '-key', files.key, '-subj', '/CN=localhost', '-days', '2', '-out', files.certificate],
    folder,
  );
  return files;
}
