/** Keys of HMAC and their midstates, from the bytes to the finding: kernel, leads, join, seal. */
import { describe, expect, it } from 'vitest';
import { hmacState } from '../corpus/encode/hmac-state.ts';
import { createMake } from '../corpus/make.ts';
import { createRng } from '../corpus/rng.ts';
import { surroundings } from '../corpus/wraps.ts';
import detectors from '../patterns/index.ts';
import { createScanner } from './support/scan-bytes.ts';

const make = createMake('hmac');
const SPACING = 100_000;
const key = make.bytes(32);

function tokenOf(secret: Uint8Array): Uint8Array {
  const text = (value: object): string => make.base64url(make.ascii(JSON.stringify(value)));
  const input = `${text({ alg: 'HS256', typ: 'JWT' })}.${text({ sub: 'somebody' })}`;
  return make.ascii(`"${input}.${make.base64url(make.hmac('sha256', secret, make.ascii(input)))}"`);
}

/** OpenSSL's SHA256_CTX behind the header of its allocation. */
function contextOf(pad: number): Uint8Array {
  const state = Buffer.from(hmacState('sha256', key, pad)).swap32();
  return make.concat(make.le(0x81n, 8), state, make.le(512n, 8), new Uint8Array(68), make.le(32n, 4));
}

function heap(values: readonly Uint8Array[]): Uint8Array {
  const bytes = surroundings('pointers', SPACING * (values.length + 1), createRng('heap'));
  for (const [i, value] of values.entries()) bytes.set(value, SPACING * (i + 1));
  return bytes;
}

async function find(values: readonly Uint8Array[]) {
  const scanner = await createScanner(detectors, { chunkBytes: 65_536 });
  const { findings } = await scanner.scanAndJoin(heap(values));
  return findings.filter(({ detector }) => detector === 'hmac-keys');
}

describe('a token proves', () => {
  it('the contexts of a hash', async () => {
    const found = await find([contextOf(0x36), tokenOf(key), contextOf(0x5c)]);
    expect(found.map(({ traits }) => traits)).toEqual(
      [0, 1].map(() => ({ algorithm: 'symmetric', form: 'midstate', proof: 'mac', bits: 256 })),
    );
    expect(found.map(({ places }) => places[0]!.start)).toEqual([SPACING + 8, 3 * SPACING + 8]);
  });

  it.each([
    ['octets', make.concat(make.le(0x31n, 8), key, make.le(0n, 16))],
    ['base64', make.ascii(`"${make.base64(key)}"`)],
    ['hex', make.ascii(`"${make.hex(key)}"`)],
  ])('a key as %s', async (_, value) => {
    const found = await find([value, tokenOf(key)]);
    expect(found).toMatchObject([{ severity: 'critical', verdict: 'proven', traits: { form: 'mac-key', bits: 256 } }]);
  });

  it('nothing of others', async () => {
    expect(
      await find([contextOf(0x36), contextOf(0x5c), tokenOf(make.bytes(32)), make.ascii(`"${make.hex(key)}"`)]),
    ).toEqual([]);
  });
});
