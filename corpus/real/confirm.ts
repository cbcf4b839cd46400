/**
 * A second opinion on a `proven` finding that the suite did not expect: node:crypto reads the bytes of the place
 * itself. Build artifacts do ship real keys (of test suites, for instance); those are findings, not false alarms.
 */
import { createHash, createPrivateKey, createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import type { Finding, Place } from '../../src/model/finding.ts';

const MAX_PLACE_BYTES = 65_536;
const MAX_PLACES = 8;

/** Whether node:crypto finds the same public key at one of the places. Containers are not opened. */
export function isGenuine(finding: Finding): boolean {
  return finding.places.slice(0, MAX_PLACES).some((place) => {
    if (place.trail && place.trail.length > 0) return false;
    return readKeys(readPlace(place)).some((key) => spkiSha256(key) === finding.traits.publicKeySha256);
  });
}

function readPlace({ input, start, end }: Place): Buffer {
  const bytes = Buffer.alloc(Math.min(end - start, MAX_PLACE_BYTES));
  const file = openSync(input, 'r');
  try {
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, start));
  } finally {
    closeSync(file);
  }
}

function readKeys(bytes: Buffer): readonly KeyObject[] {
  const text = bytes.includes(Buffer.of(0x2d, 0)) ? bytes.toString('utf16le') : bytes.toString('latin1');
  const plain = text.replace(/\\+r/g, '').replace(/(?:\\+n|"\s*"|\r)+/g, '\n');
  const attempts: readonly (() => KeyObject)[] = [
    () => createPrivateKey(plain),
    () => createPrivateKey(plain.replace(/^[ \t]+/gm, '')),
    ...(['pkcs8', 'pkcs1', 'sec1'] as const).map((type) => () => createPrivateKey({ key: bytes, format: 'der', type })),
    () => createPrivateKey({ key: JSON.parse(plain) as JsonWebKey, format: 'jwk' }),
  ];
  return attempts.flatMap((attempt) => {
    try {
      return [attempt()];
    } catch {
      return [];
    }
  });
}

function spkiSha256(key: KeyObject): string {
  return createHash('sha256')
    .update(createPublicKey(key).export({ format: 'der', type: 'spki' }))
    .digest('hex');
}
