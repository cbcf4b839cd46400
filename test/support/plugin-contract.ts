/** What the contracts of formats and containers share: inputs that count, damage from a seed, samples by folder. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createRng } from '../../corpus/rng.ts';
import { FormatError, SourceError } from '../../src/model/errors.ts';
import type { Input } from '../../src/model/input.ts';

/** Damaged variants of each sample in the fast suite. */
const FAST_VARIANTS = 60;

/** Containers without a sample here: an optional library reads them, and src/containers/codecs/seven-zip.test.ts tests that. */
export const THROUGH_SEVEN_ZIP: readonly string[] = ['arj', 'lzh', 'rar', 'wim', 'xar'];

/** All samples that `corpus/<folder>/<id>.ts` exports as `samples()`. */
export async function loadSamples<T>(folder: 'formats' | 'containers'): Promise<T[]> {
  const url = new URL(`../../corpus/${folder}/`, import.meta.url);
  const names = readdirSync(fileURLToPath(url)).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
  const lists = await Promise.all(
    names.sort().map(async (name) => {
      const module = (await import(new URL(name, url).href)) as { samples?: () => readonly T[] };
      return module.samples?.() ?? [];
    }),
  );
  return lists.flat();
}

export interface CountingInput extends Input {
  reads: number;
  bytes: number;
}

/** Bytes as an input that accepts only sane reads, and counts them. */
export function countingInput(bytes: Uint8Array, options: { readonly sequential?: boolean } = {}): CountingInput {
  let next = 0;
  const { sequential = false } = options;
  return {
    size: sequential ? Number.POSITIVE_INFINITY : bytes.length,
    ...(sequential && { sequential }),
    reads: 0,
    bytes: 0,
    read(into, at) {
      if (!Number.isSafeInteger(at) || at < 0) throw new RangeError(`read at ${at}`);
      if (sequential && at !== next) throw new RangeError(`read at ${at} instead of ${next}`);
      const part = bytes.subarray(Math.min(at, bytes.length), Math.min(at + into.length, bytes.length));
      into.set(part);
      next += part.length;
      this.reads++;
      this.bytes += part.length;
      return part.length;
    },
    close: async () => undefined,
  };
}

export interface Variant {
  readonly name: string;
  readonly bytes: Uint8Array;
}

interface Sample {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly counts: readonly { readonly at: number; readonly bytes: number }[];
  readonly headerBytes: number;
}

/** At most 400 cuts of the header, every one of a short one; 50 of all of it. */
export function* cuts({ bytes, headerBytes }: Sample): Generator<Variant> {
  const step = Math.max(1, Math.floor(headerBytes / 400));
  for (let length = 0; length < headerBytes; length += step) {
    yield { name: `cut at ${length}`, bytes: bytes.slice(0, length) };
  }
  for (let i = 1; i < 50; i++) {
    const length = Math.floor((bytes.length * i) / 50);
    if (length >= headerBytes) yield { name: `cut at ${length}`, bytes: bytes.slice(0, length) };
  }
}

/** Every count at its maximum, at 1 in both byte orders, and at zero. */
export function* counts({ bytes, counts: fields }: Sample): Generator<Variant> {
  for (const { at, bytes: width } of fields) {
    if (at + width > bytes.length) continue;
    const set = (name: string, values: readonly number[]): Variant => {
      const variant = bytes.slice();
      variant.set(values, at);
      return { name: `count at ${at} ${name}`, bytes: variant };
    };
    const ones = Array<number>(width).fill(0);
    yield set('is all ones', Array<number>(width).fill(0xff));
    yield set('is the largest signed number', [...Array<number>(width - 1).fill(0xff), 0x7f]);
    yield set('is 1, little-endian', ones.with(0, 1));
    yield set('is 1, big-endian', ones.with(width - 1, 1));
    yield set('is 0', ones);
  }
}

/** One random damage: bytes changed, most of them in the header; stretches cut out, repeated or zeroed. */
function damage({ bytes, headerBytes }: Sample, seed: string): Uint8Array {
  const rng = createRng(seed);
  let out = bytes.slice();
  for (let turn = 1 + rng.int(6); turn > 0 && out.length > 0; turn--) {
    const near = Math.max(1, Math.min(out.length, rng.int(2) === 0 ? headerBytes : out.length));
    const at = rng.int(near);
    const length = Math.min(out.length - at, 1 + rng.int(16));
    const kind = rng.int(6);
    if (kind === 0) out = out.slice(0, at);
    else if (kind === 1) out = Uint8Array.from([...out.subarray(0, at), ...out.subarray(at + length)]);
    else if (kind === 2) out = Uint8Array.from([...out.subarray(0, at + length), ...out.subarray(at)]);
    else if (kind === 3) out.fill(rng.pick([0, 0xff]), at, at + length);
    else if (kind === 4) out[at] = out[at]! ^ (1 << rng.int(8));
    else out.set(rng.bytes(length), at);
  }
  return out;
}

export function* damages(sample: Sample): Generator<Variant> {
  for (let i = 0; i < FAST_VARIANTS; i++) {
    const seed = `${sample.name} ${i}`;
    yield { name: `damage "${seed}"`, bytes: damage(sample, seed) };
  }
}

/** Damage for `FUZZ_SECONDS` (a minute by default), spread over `samples`. Throws when there are none. */
export async function fuzz<T extends Sample>(
  samples: readonly T[],
  check: (sample: T, variant: Variant) => Promise<void>,
): Promise<number> {
  if (samples.length === 0) throw new RangeError('nothing to damage');
  const until = performance.now() + 1000 * Number(process.env['FUZZ_SECONDS'] ?? 60);
  let round = 0;
  for (; performance.now() < until; round++) {
    for (const sample of samples) {
      // Large samples take long to copy, and their headers are as short as those of small ones.
      const seed = `fuzz ${sample.name} ${round}`;
      await check(sample, { name: `damage "${seed}"`, bytes: damage(sample, seed) });
      if (performance.now() > until) break;
    }
  }
  return round;
}

/** The gap that the engine makes of what a plug-in throws; undefined for what it must not throw. */
export function gapCodeOf(error: unknown): string | undefined {
  if (error instanceof SourceError) return error.code;
  return error instanceof FormatError ? 'format-error' : undefined;
}
