/**
 * The process that the demonstration dumps: an ordinary program that holds its keys in the ways programs do. Sends
 * the list of its keys to its parent when it is ready; on the message `{ snapshot }` writes a heap snapshot there.
 */
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { writeHeapSnapshot } from 'node:v8';
import { generateKey } from './generate-key.ts';

export interface DemoKey {
  readonly held: string;
  readonly algorithm: string;
  /** DER SubjectPublicKeyInfo. Bytes: a digest of it, in hex, would lie in the dump and look like a secret. */
  readonly publicKey: readonly number[];
  /** In the JavaScript heap, in memory beside it, or only as the numbers that the cryptographic library works with. */
  readonly lies: 'heap' | 'memory' | 'library';
}

const publicKeyOf = (key: KeyObject): number[] => [...createPublicKey(key).export({ format: 'der', type: 'spki' })];

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const p256 = generateKey('ec', { namedCurve: 'P-256' });
const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
const live = generateKeyPairSync('ed25519').privateKey;

const held = {
  tlsKey: rsa.export({ format: 'pem', type: 'pkcs8' }),
  jwks: JSON.parse(JSON.stringify({ keys: [p256.export({ format: 'jwk' })] })) as object,
  der: p384.export({ format: 'der', type: 'sec1' }),
  live,
};
// Reachable from the global object, so that nothing is collected before the dump.
Object.assign(globalThis, { held });

const keys: readonly DemoKey[] = [
  { held: 'PEM text in a string', algorithm: 'RSA 2048', publicKey: publicKeyOf(rsa), lies: 'heap' },
  { held: 'JWK in a JavaScript object', algorithm: 'EC P-256', publicKey: publicKeyOf(p256), lies: 'heap' },
  { held: 'DER (SEC1) in a Buffer', algorithm: 'EC P-384', publicKey: publicKeyOf(p384), lies: 'memory' },
  { held: 'KeyObject, never exported', algorithm: 'Ed25519', publicKey: publicKeyOf(live), lies: 'library' },
];

process.on('message', ({ snapshot }: { snapshot: string }) => {
  writeHeapSnapshot(snapshot);
  process.send?.({ written: snapshot });
});
process.send?.({ keys });
