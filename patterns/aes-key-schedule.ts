// Expanded AES keys (FIPS 197, 5.2): what a cipher object holds in memory while it is in use, and often long after.
// The trap: every process that used OpenSSL's random generator holds some, and they are nobody's keys.
import { defineDetector, type Hit, type Miss } from '../src/model/detector.ts';
import type { Make } from '../src/model/make.ts';
import {
  couldBeSchedule,
  countOnes,
  layOutSchedule,
  proveSchedule,
  type ScheduleLayout,
  type ScheduleOrder,
  scheduleBytes,
} from '../src/proof/aes.ts';
import { CTR, ECB, generatorAround } from '../src/proof/random-generators.ts';

/** From a probe of the kernel back to the start of the schedule, at most. */
const BEFORE_PROBE = 224;
const AFTER_PROBE = 4;
/** Bytes of the longest schedule. */
const LONGEST = 240;
/** Bits that may be wrong: dumps of memory that lost its power, or that was written to while it was read. */
const MOST_WRONG_BITS = 10;
const MAX_GUESSES = 64;
/** Of the 176 bytes of the shortest schedule: random bytes have 127, and fewer than 96 less than once in 10^9. */
const MIN_DISTINCT = 96;
const ROW = 16;

/** Words of a schedule that are the exclusive or of the word before and one a key further on or back, at two places. */
interface Probe {
  readonly layouts: readonly ScheduleLayout[];
  readonly length: number;
  /** Bytes at each place. */
  readonly width: number;
  readonly first: number;
  readonly last: number;
  readonly other: number;
}

/** In a decryption schedule these are words of rounds that InvMixColumns was applied to. */
const PROBES: readonly Probe[] = ([128, 192, 256] as const).flatMap((bits) =>
  (['encryption', 'decryption', 'decryption-rotated'] as const).map((order) => {
    const keyBytes = bits / 8;
    const length = scheduleBytes({ bits });
    // The relation doesn't depend on the byte order of the words.
    const layouts = [false, true].map((isSwapped): ScheduleLayout => ({ bits, order, isSwapped }));
    const offset = order === 'decryption-rotated' ? ROW : 0;
    if (order === 'encryption') {
      return { layouts, length, width: 12, first: keyBytes + 4, last: length - 12, other: -keyBytes };
    }
    // A key is one and a half rounds: the third and fourth words of rounds 11 and 2.
    if (bits === 192)
      return { layouts, length, width: 8, first: offset + ROW + 8, last: offset + 10 * ROW + 8, other: 8 };
    const last = length - 2 * ROW - keyBytes + 4;
    return { layouts, length, width: 12, first: offset + ROW + 4, last: offset + last, other: keyBytes };
  }),
);

interface Guess {
  readonly start: number;
  readonly layout: ScheduleLayout;
}

interface Candidate {
  readonly bytes: Uint8Array;
  readonly guesses: readonly Guess[];
}

export default defineDetector<Candidate>({
  id: 'aes-key-schedule',
  title: 'AES key, expanded for use',
  severity: 'medium',
  doc: `
The round keys of AES-128, 192 or 256 ([FIPS 197](https://csrc.nist.gov/pubs/fips/197/final), 5.2), as cipher objects of OpenSSL,
Node.js, Go, mbedTLS or the Java VM hold them: keys of TLS sessions, of tokens and cookies, of encrypted columns and disks. For
encryption or decryption, words in either byte order, at any alignment.

**Proof**: the key is the beginning (for decryption, the end) of the schedule; its expansion was computed again, and agrees in all
but at most 10 bits. A key that is one constant or counts up (\`00 01 02 …\`, also with gaps) is a test's, and ignored.

**Not reported**: OpenSSL's random generator keeps AES-256 contexts in ECB and CTR mode in every process. An application's own
context in one of these modes looks the same, so both are left out; they are recognised by the fields before the schedule
(OpenSSL 3, \`PROV_CIPHER_CTX\`), or behind it: in OpenSSL 1.1.1 (\`EVP_AES_KEY\`) a context in ECB mode has one function only (one for key
wrap looks the same), and no key that has such a context is reported. Nor s2n's (aws-crt), told in the same way in AWS-LC, of 128 bits, too. Nor BoringSSL's generator (Chromium, Electron, gRPC), one in each thread: there, functions, the counter
and the number of its uses follow. Nor mbedTLS's, which counts its uses before the schedule.
Nor Go's in FIPS mode (\`crypto/internal/fips140/drbg\`), which has a new key at each use: behind the schedules for encryption and
decryption are the counter and the number of uses; on stacks the counter is there, and before them as well.

**Not found**: schedules of OpenSSL on processors with vector instructions and none for AES (Raspberry Pi 4): vpaes keeps them in another basis.

**What to do**: if it is a session key, end the sessions that were open; if data is stored under it, encrypt that again with another.
`,
  anchors: [{ dense: 'aes-schedule' }],
  reach: { before: 448, after: 600 },

  parse({ bytes, at }) {
    const guesses: Guess[] = [];
    const first = Math.max(0, at - BEFORE_PROBE);
    // Most hits lie in repetitions: no need to look at each place.
    if (countDistinct(bytes, first, Math.min(bytes.length, at + AFTER_PROBE + LONGEST)) < MIN_DISTINCT)
      return undefined;
    for (let start = first; start <= at + AFTER_PROBE; start++) {
      for (const probe of PROBES) {
        if (guesses.length >= MAX_GUESSES || !couldBegin(bytes, start, probe)) continue;
        for (const layout of probe.layouts) {
          if (couldBeSchedule(bytes, start, layout, MOST_WRONG_BITS)) guesses.push({ start, layout });
        }
      }
    }
    return guesses.length > 0 ? { bytes, guesses } : undefined;
  },

  verify({ bytes, guesses }) {
    for (const { start, layout } of guesses) {
      const end = start + scheduleBytes(layout);
      const key = proveSchedule(bytes.subarray(start, end), layout, MOST_WRONG_BITS);
      if (!key) continue;
      const generator = isCounting(key) ? 'certain' : generatorAround(bytes, start, layout, key);
      if (generator === 'certain') {
        key.fill(0);
        return [];
      }
      const form = generator === 'mark' ? 'generator' : 'schedule';
      return [
        {
          verdict: 'proven',
          span: { start, end },
          traits: { algorithm: 'symmetric', form, proof: 'schedule', bits: layout.bits },
          secret: key,
        },
      ];
    }
    return [];
  },

  examples: (make) => ({ hits: hits(make), misses: misses(make) }),
});

/** Whether words that are the exclusive or of two others are so, at both places: some nanoseconds. */
function couldBegin(bytes: Uint8Array, start: number, { length, width, first, last, other }: Probe): boolean {
  if (start + length > bytes.length) return false;
  const wrong = wrongBits(bytes, start + first, width, other, 0);
  if (wrong > MOST_WRONG_BITS || wrongBits(bytes, start + last, width, other, wrong) > MOST_WRONG_BITS) return false;
  // Repetitions and tables fulfil the relation as well, but hold few different bytes; a schedule has over 120.
  return countDistinct(bytes, start, start + length) >= MIN_DISTINCT;
}

/** Values of bytes that were seen: all zero between calls. */
const seen = new Uint8Array(256);

function countDistinct(bytes: Uint8Array, start: number, end: number): number {
  let count = 0;
  for (let at = start; at < end; at++) {
    if (seen[bytes[at]!] !== 0) continue;
    seen[bytes[at]!] = 1;
    count++;
  }
  seen.fill(0);
  return count;
}

/** Adds to `wrong` the bits that are set in the exclusive or, and stops when they are too many. */
function wrongBits(bytes: Uint8Array, at: number, width: number, other: number, wrong: number): number {
  let sum = wrong;
  for (let i = at; i < at + width && sum <= MOST_WRONG_BITS; i++) {
    sum += countOnes(bytes[i]! ^ bytes[i - 4]! ^ bytes[i + other]!);
  }
  return sum;
}

/** Also with gaps, as the keys with which libgcrypt tests itself do. */
function isCounting(key: Uint8Array): boolean {
  return key.every((byte, i) => i === 0 || ((byte - key[i - 1]!) & 0xff) <= 2);
}

const LAYOUT: ScheduleLayout = { bits: 256, order: 'encryption', isSwapped: false };

interface HitOptions {
  readonly shift?: number;
  readonly before?: Uint8Array;
  readonly behind?: Uint8Array;
  readonly form?: 'schedule' | 'generator';
}

function hits(make: Make): Hit[] {
  const hit = (
    name: string,
    layout: ScheduleLayout,
    { shift = 0, before = make.bytes(200 + shift), behind = make.bytes(100), form = 'schedule' }: HitOptions = {},
  ): Hit => {
    const key = make.bytes(layout.bits / 8);
    const schedule = layOutSchedule(key, layout);
    const bytes = make.concat(before, schedule, behind);
    return {
      name,
      bytes,
      span: { start: before.length, end: before.length + schedule.length },
      verdict: 'proven',
      traits: { algorithm: 'symmetric', form, proof: 'schedule', bits: layout.bits },
      secrets: [key],
    };
  };
  const orders: readonly ScheduleOrder[] = ['encryption', 'decryption', 'decryption-rotated'];
  return [
    ...PROBES.flatMap(({ layouts }) => layouts).map((layout) =>
      hit(`${layout.bits} bits, ${layout.order}${layout.isSwapped ? ', swapped' : ''}`, layout),
    ),
    ...PROBES.flatMap(({ layouts: [layout] }) => layout ?? []).map((layout) =>
      hit(`${layout.bits} bits, ${layout.order}, behind zeros`, layout, { before: new Uint8Array(313) }),
    ),
    hit("a cipher's context of BoringSSL", LAYOUT, { behind: behindBoring(make, [0x111n]) }),
    hit("a context of OpenSSL 1.1.1's in CBC or CTR mode", LAYOUT, {
      behind: wordsBehind(make, 13n, 0x1854cc0n, 0x1855b90n),
    }),
    hit('one in ECB mode, as its random generator has', LAYOUT, {
      behind: wordsBehind(make, 13n, 0x1854cc0n, 0n),
      form: 'generator',
    }),
    hit('one in ECB mode on ARM64', LAYOUT, {
      behind: wordsBehind(make, 14n, ON_ARM64 + 0xadbc_d820n, 0n),
      form: 'generator',
    }),
    hit('one in ECB mode in WebAssembly', LAYOUT, {
      behind: wordsBehind(make, 14n, 11_432n, 267n << 32n),
      form: 'generator',
    }),
    hit('one in ECB mode in 32 bits', LAYOUT, {
      behind: wordsBehind(make, 14n | (0xf5b1_2340n << 32n), 0n),
      form: 'generator',
    }),
    ...([128, 256] as const).map((bits) =>
      hit(
        `one in ECB mode of AWS-LC, ${bits} bits`,
        { ...LAYOUT, bits },
        {
          before: make.concat(make.bytes(200), make.le(264n, 8)),
          behind: make.concat(
            make.bytes(240 - scheduleBytes({ bits })),
            wordsBehind(make, BigInt(bits / 32 + 5) | (0x6567_6150n << 32n), 0x7fa9_ffd0_d040n, 0n),
          ),
          form: 'generator',
        },
      ),
    ),
    ...goHits(make),
    ...orders.map((order, i) => hit(`${order}, unaligned`, { bits: 256, order, isSwapped: i > 0 }, { shift: 3 + i })),
  ];
}

/** Contexts of AES in Go, of applications and of its random generator. */
function goHits(make: Make): Hit[] {
  const counter = make.bytes(ROW).map((byte) => byte | 1);
  const key = make.bytes(32);
  const context = (name: string, form: 'schedule' | 'generator', before: Uint8Array, after: Uint8Array): Hit => {
    // What is for decryption would be a second hit.
    const schedules = make.concat(layOutSchedule(key, LAYOUT), make.bytes(LONGEST));
    const behind = make.concat(schedules, after);
    const bytes = make.concat(make.bytes(200), before, make.le(14n, 8), behind);
    const start = 200 + before.length + 8;
    const span = { start, end: start + LONGEST };
    const traits = { algorithm: 'symmetric', form, proof: 'schedule', bits: 256 } as const;
    return { name, bytes, span, verdict: 'proven', traits, secrets: [key] };
  };
  const fields = make.concat(counter.slice().reverse(), make.le(0n, 8));
  const overwritten = make.concat(make.le(0xaa4_5754_7500n, 8), counter.slice(0, 8).reverse(), make.le(64n, 8));
  const rest = make.concat(make.le(2009n, 8), new Uint8Array(56));
  const onStack = make.concat(key, counter);
  return [
    context("a context of Go's in CTR mode", 'schedule', make.bytes(48), make.concat(fields, make.bytes(64))),
    context("its random generator's state", 'generator', make.le(0n, 48), make.concat(fields, rest)),
    context('one that was made on a stack', 'generator', onStack, make.concat(fields, make.bytes(64))),
    context('one half overwritten there', 'generator', onStack, make.concat(overwritten, make.bytes(64))),
  ];
}

function wordsBehind(make: Make, ...words: readonly bigint[]): Uint8Array {
  return make.concat(...words.map((word) => make.le(word, 8)), new Uint8Array(64));
}

/** Where Linux on ARM64 puts libraries. */
const ON_ARM64 = 0xffff_0000_0000n;
const ON_X86_64 = 0x5649_0000_0000n;

/** Rounds and functions behind a schedule of BoringSSL, and what comes then. */
function behindBoring(make: Make, then: readonly bigint[], image = ON_X86_64): Uint8Array {
  return wordsBehind(make, 14n, image + 0xc40a_96e0n, image + 0xc40a_a360n, ...then);
}

function misses(make: Make): Miss[] {
  const schedule = layOutSchedule(make.bytes(32), LAYOUT);
  const counting = layOutSchedule(
    Uint8Array.from({ length: 32 }, (_, i) => i),
    LAYOUT,
  );
  const countingWithGaps = layOutSchedule(
    Uint8Array.from({ length: 32 }, (_, i) => 8 + i + (i >> 2)),
    LAYOUT,
  );
  // The linear half of the expansion alone.
  const linear = make.concat(make.bytes(32), new Uint8Array(208));
  for (let at = 32; at < linear.length; at++) {
    linear[at] = at % 16 < 4 ? make.int(256) : linear[at - 4]! ^ linear[at - 32]!;
  }
  const context = (mode: number, ivLength: number, blockSize: number, wordBytes = 8, count = 16): Uint8Array => {
    const words = [mode, 32, ivLength, blockSize, ...new Array<number>(count - 4).fill(0)];
    return make.concat(...words.map((word) => make.le(BigInt(word), wordBytes)));
  };
  const around = (...parts: readonly Uint8Array[]): Uint8Array =>
    make.concat(make.bytes(320), ...parts, make.bytes(64));
  return [
    { name: 'a constant key', bytes: around(counting), reaches: 'verify' },
    { name: 'one that counts up with gaps', bytes: around(countingWithGaps), reaches: 'verify' },
    { name: 'the linear half of an expansion', bytes: around(linear), reaches: 'anchor' },
    { name: "the random generator's ECB context", bytes: around(context(ECB, 0, 16), schedule), reaches: 'verify' },
    { name: "the random generator's CTR context", bytes: around(context(CTR, 16, 1), schedule), reaches: 'verify' },
    {
      name: 'its ECB context in OpenSSL 3.0.8',
      bytes: around(context(ECB, 0, 16, 8, 22), schedule),
      reaches: 'verify',
    },
    {
      name: 'its CTR context in OpenSSL 3.0.8',
      bytes: around(context(CTR, 16, 1, 8, 22), schedule),
      reaches: 'verify',
    },
    { name: 'its ECB context in 32 bits', bytes: around(context(ECB, 0, 16, 4, 17), schedule), reaches: 'verify' },
    { name: 'its CTR context in 32 bits', bytes: around(context(CTR, 16, 1, 4, 17), schedule), reaches: 'verify' },
    ...[ON_X86_64, ON_ARM64].map((image) => ({
      name: `the state of BoringSSL's random generator, functions at ${image.toString(16)}`,
      bytes: around(schedule, behindBoring(make, [0x9e37_79b9_7f4a_7c15n, 0xc2b2_ae3d_27d4_eb4fn, 70n], image)),
      reaches: 'verify' as const,
    })),
    ...[0, 8].map((shift) => ({
      name: `the context of mbedTLS's random generator, ${shift} bytes before the schedule`,
      bytes: around(
        make.le(70n, 4),
        make.le(0n, 4),
        ...[48n, 10_000n, 14n, 0x5645_5766_f0b8n].map((word) => make.le(word, 8)),
        new Uint8Array(shift),
        schedule,
      ),
      reaches: 'verify' as const,
    })),
    {
      name: "the context of mbedTLS's random generator in 32 bits",
      bytes: around(...[1n, 1n, 32n, 10_000n, 14n, 0n].map((word) => make.le(word, 4)), schedule),
      reaches: 'verify',
    },
    { name: 'random bytes', bytes: around(make.bytes(240)), reaches: 'anchor' },
  ];
}
