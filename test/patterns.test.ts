/**
 * The contract of every detector, through the real engine: each example is found with its span, verdict and traits
 * wherever a chunk ends, each counter-example is ignored, and damaged bytes never make it throw.
 */
import { describe, expect, it } from 'vitest';
import { createMake } from '../corpus/make.ts';
import detectors from '../patterns/index.ts';
import { encodingsOf } from '../src/kernel/plan.ts';
import type { Hit } from '../src/model/detector.ts';
import type { Encoding } from '../src/model/place.ts';
import { createScanner } from './support/scan-bytes.ts';

const CHUNK = 16_384;
/** Deterministic noise between planted examples: no zero page, no text. */
function noise(length: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = seed;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[i] = 0x80 | (state >>> 24);
  }
  return bytes;
}

function plant(bytes: Uint8Array, at: number, total: number): Uint8Array {
  const planted = noise(total);
  planted.set(bytes, at);
  return planted;
}

function widen(bytes: Uint8Array, encoding: Encoding): Uint8Array {
  const width = encoding.startsWith('utf-16') ? 2 : 4;
  const wide = new Uint8Array(bytes.length * width);
  for (let i = 0; i < bytes.length; i++) wide[i * width + (encoding.endsWith('be') ? width - 1 : 0)] = bytes[i]!;
  return wide;
}

const ids = detectors.map(({ id }) => id);
it('has unique ids in kebab case', () => {
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)+$|^jwk$|^jwt$|^netrc$|^pkcs12$|^jks$/);
});

for (const detector of detectors) {
  describe(detector.id, async () => {
    const { hits, misses } = detector.examples(createMake(detector.id));
    const scanner = await createScanner([detector], { chunkBytes: CHUNK });
    const room = CHUNK * 2 + Math.max(...[...hits, ...misses].map(({ bytes }) => bytes.length));

    const findHit = async (hit: Hit, at: number): Promise<string> => {
      const { findings, gaps } = await scanner.scan(plant(hit.bytes, at, room + at));
      expect(gaps).toEqual([]);
      const start = at + hit.span.start;
      const found = findings.filter(({ places }) => places[0]!.start === start);
      expect(found, `one finding at ${at}`).toHaveLength(1);
      expect(findings.length).toBe(found.length);
      const finding = found[0]!;
      expect(finding.places[0]).toMatchObject({ start, end: at + hit.span.end, detector: detector.id });
      expect(finding).toMatchObject({ verdict: hit.verdict, traits: hit.traits });
      return finding.fingerprint;
    };

    it.each(hits)('finds: $name', async (hit) => {
      await findHit(hit, 4096);
    });

    it('finds its first example once at every position around a chunk boundary', async () => {
      const hit = hits[0]!;
      const fingerprints = new Set<string>();
      const from = CHUNK - hit.bytes.length;
      // Every position where the example straddles the boundary, thinned for long ones: the ends are always tried.
      const step = Math.max(1, Math.floor(hit.bytes.length / 48));
      for (let at = Math.max(0, from - 8); at <= CHUNK + 8; at += at < from + 8 || at > CHUNK - 8 ? 1 : step) {
        fingerprints.add(await findHit(hit, at));
      }
      expect(fingerprints.size).toBe(1);
    });

    it('finds its first example at both ends of the data', async () => {
      const { bytes, span } = hits[0]!;
      const { findings } = await scanner.scan(bytes);
      expect(findings.map(({ places }) => places[0])).toMatchObject([span]);
      const atEnd = await scanner.scan(plant(bytes, 100, 100 + bytes.length));
      expect(atEnd.findings).toHaveLength(1);
    });

    const encodings = new Set(detector.anchors.flatMap(encodingsOf));
    encodings.delete('bytes');
    if (encodings.size > 0) {
      it.each([...encodings])('finds its first example as %s', async (encoding) => {
        const hit = hits[0]!;
        const bytes = widen(hit.bytes, encoding);
        // Aligned, as compilers and allocators do: only then is the byte order of NUL-terminated text beyond doubt.
        const at = CHUNK - 4 * Math.floor(bytes.length / 8);
        const { findings } = await scanner.scan(plant(bytes, at, at + bytes.length + CHUNK));
        const width = encoding.startsWith('utf-16') ? 2 : 4;
        expect(findings).toHaveLength(1);
        expect(findings[0]).toMatchObject({ verdict: hit.verdict, traits: hit.traits });
        expect(findings[0]!.places[0]).toMatchObject({
          start: at + hit.span.start * width,
          end: at + hit.span.end * width,
          encoding,
        });
      });
    }

    it.each(misses)('ignores: $name', async (miss) => {
      const { findings, stats } = await scanner.scan(plant(miss.bytes, 4096, 4096 + miss.bytes.length + 64));
      expect(findings).toEqual([]);
      if (miss.reaches === 'verify') expect(stats.candidates).toBeGreaterThan(0);
    });

    it('never fails on damaged bytes', async () => {
      const make = createMake(`${detector.id} damage`);
      for (const { bytes } of [...hits.slice(0, 4), ...misses.slice(0, 4)]) {
        for (let round = 0; round < 24; round++) {
          const damaged = bytes.slice(0, round % 3 === 0 ? 1 + make.int(bytes.length) : bytes.length);
          for (let flips = 1 + make.int(8); flips > 0; flips--) damaged[make.int(damaged.length)]! ^= 1 << make.int(8);
          const { gaps } = await scanner.scan(damaged);
          expect(gaps).toEqual([]);
        }
      }
    });
  });
}
