/**
 * `node dist/bench/base-points.js [ROUNDS]`: multiples of base points, processor time for each scalar: the joins' WebAssembly with
 * narrow and wide tables, and OpenSSL one by one, in turns. Prints the best of all rounds.
 */
import { createECDH, createHash } from 'node:crypto';
import { BaseMultiplier, type DigitBits } from '../src/join/points.ts';
import { CURVE_BY_NAME } from '../src/proof/curves.ts';
import { WEIERSTRASS_25519 } from '../src/proof/edwards25519.ts';
import { parametersOf, SHORT_CURVES, type ShortCurve } from '../src/proof/short-curves.ts';

const rounds = Number(process.argv[2] ?? 7);
const OPENSSL_SCALARS = 64;

/** Below every order, the same in each run. */
function makeScalars(size: number, count: number): Uint8Array {
  const blocks = Array.from({ length: Math.ceil((size * count) / 64) }, (_, i) =>
    createHash('sha512').update(`${i}`).digest(),
  );
  const scalars = Uint8Array.from(Buffer.concat(blocks).subarray(0, size * count));
  for (let at = 0; at < scalars.length; at += size) scalars.fill(0, at, at + 2);
  return scalars;
}

/** Microseconds of this process for each of `count`. */
function timed(count: number, work: () => void): number {
  const before = process.cpuUsage().user;
  work();
  return (process.cpuUsage().user - before) / count;
}

function measure(curve: ShortCurve | 'Curve25519'): void {
  const parameters = curve === 'Curve25519' ? WEIERSTRASS_25519 : parametersOf(curve);
  const multipliers = ([5, 10] satisfies DigitBits[]).map((bits) => new BaseMultiplier(parameters, bits));
  const scalars = makeScalars(parameters.size, multipliers[0]!.most);
  const ecdh = curve === 'Curve25519' ? undefined : createECDH(CURVE_BY_NAME.get(curve)!.openssl);
  const best = [Infinity, Infinity, Infinity];
  for (let round = 0; round < rounds; round++) {
    const times = multipliers.map((multiplier) => timed(multiplier.most, () => multiplier.multiply(scalars)));
    if (ecdh) {
      times.push(
        timed(OPENSSL_SCALARS, () => {
          for (let i = 0; i < OPENSSL_SCALARS; i++) {
            ecdh.setPrivateKey(scalars.subarray(i * parameters.size, (i + 1) * parameters.size));
            ecdh.getPublicKey();
          }
        }),
      );
    }
    for (const [i, time] of times.entries()) best[i] = Math.min(best[i]!, time);
  }
  const [narrow, wide, openssl] = best.map((time) => `${time.toFixed(1).padStart(7)} us`);
  console.log(`${curve.padEnd(12)} narrow ${narrow}  wide ${wide}${ecdh ? `  OpenSSL ${openssl}` : ''}`);
}

for (const curve of [...SHORT_CURVES, 'Curve25519'] as const) measure(curve);
