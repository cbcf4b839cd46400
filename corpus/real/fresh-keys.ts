/** Throw-away keys for one run of one program, as the files that programs are configured with. */
import type { KeyObject } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TrueKey, trueKey } from '../brute/truth.ts';
import { generateKey } from '../generate-key.ts';
import { run } from './program.ts';

/** Sizes and curves in use, by the names of their signature algorithms in `program.ts`. */
export const KINDS = ['RSA-2048', 'RSA-3072', 'RSA-4096', 'P-256', 'P-384', 'P-521', 'Ed25519'] as const;
/** Which only some programs know. */
type RareKind = 'brainpoolP256r1' | 'brainpoolP384r1' | 'brainpoolP512r1' | 'DSA-2048' | 'DSA-3072';
export type Kind = (typeof KINDS)[number] | RareKind;

export type FreshKey = TrueKey & {
  readonly kind: Kind;
  /** PKCS#8. */
  readonly pem: string;
  readonly keyObject: KeyObject;
};

export function freshRsa(label: string): FreshKey {
  return freshKey('RSA-2048', label);
}

export function freshEc(label: string): FreshKey {
  return freshKey('P-256', label);
}

export function freshEd25519(label: string): FreshKey {
  return freshKey('Ed25519', label);
}

export function freshKey(kind: Kind, label: string = kind): FreshKey {
  const keyObject = generate(kind);
  const pem = keyObject.export({ format: 'pem', type: 'pkcs8' }).toString();
  return { ...trueKey(label, keyObject), kind, pem, keyObject };
}

function generate(kind: Kind): KeyObject {
  if (kind === 'Ed25519') return generateKey('ed25519');
  if (kind.startsWith('P-') || kind.startsWith('brainpool')) return generateKey('ec', { namedCurve: kind });
  if (kind.startsWith('DSA-')) {
    return generateKey('dsa', { modulusLength: Number(kind.slice('DSA-'.length)), divisorLength: 256 });
  }
  return generateKey('rsa', { modulusLength: Number(kind.slice('RSA-'.length)) });
}

/** `<folder>/<kind>.pem` of each key. */
export function writePems(folder: string, keys: readonly FreshKey[]): readonly string[] {
  return keys.map(({ kind, pem }) => {
    const path = join(folder, `${kind}.pem`);
    writeFileSync(path, pem, { mode: 0o600 });
    return path;
  });
}

/** Private and public numbers in hex: n, e, d, p, q of RSA; d, x, y of EC. */
export function numbersOf(key: TrueKey['key']): readonly string[] {
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
  if (key.type === 'rsa') return [key.n, key.e, key.d, key.p, key.q].map((number) => number.toString(16));
  return key.type === 'ec' ? [key.d, key.x, key.y].map(hex) : [];
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
