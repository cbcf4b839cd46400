import { describe, expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { okpPublicKey } from './ec.ts';
import { ed25519PublicKey, x25519PublicKey } from './edwards25519.ts';

const make = createMake('edwards25519');

describe.each([
  ['Ed25519', ed25519PublicKey],
  ['X25519', x25519PublicKey],
] as const)('%s', (curve, publicKey) => {
  it('agrees with OpenSSL', () => {
    const edges = [0, 1, 0x7f, 0x80, 0xff].map((byte) => new Uint8Array(32).fill(byte));
    const seeds = [...edges, ...Array.from({ length: 100 }, () => make.bytes(32))];
    for (const seed of seeds) expect(publicKey(seed)).toEqual(okpPublicKey(curve, seed));
  });

  it('leaves the private key as it is', () => {
    const seed = make.bytes(32);
    const copy = seed.slice();
    publicKey(seed);
    expect(seed).toEqual(copy);
  });
});
