import { expect, it } from 'vitest';
import { KNOWN_KEYS } from './known-keys.ts';
import { okpPublicIds } from './public-key.ts';

it('is keyed by the digest of a SubjectPublicKeyInfo', () => {
  for (const [digest, name] of KNOWN_KEYS) {
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    expect(name).toMatch(/^[\x20-\x7e]{4,64}$/);
  }
  // RFC 8037, A.2: the public key of the first test of RFC 8032.
  const x = new Uint8Array(Buffer.from('11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo', 'base64url'));
  expect(KNOWN_KEYS.get(okpPublicIds('Ed25519', x, 0x70).publicKeySha256!)).toContain('RFC 8037');
});
