import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import privateKeyPem from '../../patterns/private-key-pem.ts';
import { createScanner } from '../../test/support/scan-bytes.ts';
import { KNOWN_ENCRYPTED } from './known-encrypted.ts';
import { KNOWN_KEYS } from './known-keys.ts';

it('is keyed by a digest, and names where the key comes from', () => {
  for (const [digest, name] of KNOWN_ENCRYPTED) {
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    expect(name).toMatch(/^[\x20-\x7e]{4,64}$/);
    expect(KNOWN_KEYS.has(digest)).toBe(false);
  }
  const names = [...KNOWN_ENCRYPTED.values()];
  for (const origin of ['CryptX manual', 'OpenSSL tests', 'CPython tests', 'pyca cryptography tests']) {
    expect([origin, names.some((name) => name.startsWith(origin))]).toEqual([origin, true]);
  }
});

const MANUALS = '/usr/lib/x86_64-linux-gnu/perl5/5.36/Crypt/PK';

it.skipIf(!existsSync(MANUALS))("knows the encrypted examples in CryptX's manuals", async () => {
  const scanner = await createScanner([privateKeyPem]);
  const names: string[] = [];
  for (const name of readdirSync(MANUALS)) {
    const { findings } = await scanner.scan(new Uint8Array(readFileSync(`${MANUALS}/${name}`)));
    for (const { traits, verdict } of findings) if (traits.protection) names.push(`${verdict} ${traits.known}`);
  }
  // An eighth opens with a default password, and is the key that stands beside it in clear.
  expect(names).toEqual(Array(7).fill('known CryptX manual, encrypted'));
});
