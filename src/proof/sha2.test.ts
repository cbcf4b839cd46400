import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hmacState } from '../../corpus/encode/hmac-state.ts';
import { createMake } from '../../corpus/make.ts';
import { resumeSha2, SHA2_SIZES, type Sha2 } from './sha2.ts';

const make = createMake('sha2');

describe.each(['sha256', 'sha384', 'sha512'] as const satisfies readonly Sha2[])('%s', (hash) => {
  const { blockBytes, stateBytes, digestBytes } = SHA2_SIZES[hash];

  it('has the sizes of the standard', () => {
    expect(createHash(hash).digest()).toHaveLength(digestBytes);
    expect(hmacState(hash, make.bytes(32), 0x36)).toHaveLength(stateBytes);
  });

  it.each([0, 1, 20, 55, 56, 63, 64, 111, 112, 127, 128, 1000])('goes on for %i bytes', (length) => {
    for (const key of [make.bytes(20), make.bytes(32), make.bytes(blockBytes), make.bytes(blockBytes + 1)]) {
      const message = make.bytes(length);
      const inner = resumeSha2(hash, hmacState(hash, key, 0x36), message);
      const mac = resumeSha2(hash, hmacState(hash, key, 0x5c), inner);
      expect(make.hex(mac)).toBe(createHmac(hash, key).update(message).digest('hex'));
    }
  });
});
