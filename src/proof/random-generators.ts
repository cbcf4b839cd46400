/**
 * Random generators that keep AES schedules in every process, and are nobody's keys: told by the fields around a schedule. Where an
 * application's own context looks the same, the generator is named in the documentation of the detector.
 */
import { u32le } from '../bytes/reader.ts';
import { type ScheduleLayout, scheduleBytes } from './aes.ts';

/** Bytes of the longest schedule. */
const LONGEST = scheduleBytes({ bits: 256 });
const ROW = 16;
/** No function lies below. */
const PAGE = 4096;
/** Upper half of the first address that no process has: on ARM64 they have 48 bits, one more than on x86-64. */
const NO_ADDRESS_HIGH = 0x10000;

/**
 * Whether the schedule at `start` is a random generator's: `certain`; or `mark`, and then the key's other schedules are the generator's,
 * too, though nothing beside them says so.
 */
export function generatorAround(
  bytes: Uint8Array,
  start: number,
  { bits, order }: ScheduleLayout,
  key: Uint8Array,
): 'certain' | 'mark' | undefined {
  if (order !== 'encryption') return undefined;
  if (bits === 256) {
    if (GENERATORS.some((isGenerator) => isGenerator(bytes, start))) return 'certain';
    if (isGoGenerator(bytes, start, key)) return 'mark';
  }
  return isEcbContext(bytes, start, bits) ? 'mark' : undefined;
}

/**
 * Words before the schedule among which `mode` lies in a `PROV_CIPHER_CTX` (OpenSSL 3, providers/implementations/include/prov/
 * ciphercommon.h): 22 of 8 bytes up to 3.0.8, 16 then; 17 of 4 bytes.
 */
const MODE_WORDS = { least: 12, most: 26 };
export const ECB = 1;
export const CTR = 5;

/** OpenSSL's CTR_DRBG keys two contexts: ECB without an initial value, and CTR. */
function isOpensslGenerator(bytes: Uint8Array, start: number): boolean {
  for (const wordBytes of [8, 4]) {
    for (let words = MODE_WORDS.least; words <= MODE_WORDS.most; words++) {
      if (isGeneratorMode(bytes, start - words * wordBytes, wordBytes)) return true;
    }
  }
  return false;
}

/** `mode` at `at`, then the bytes of a key, of an initial value and of a block, in words of `wordBytes`. */
function isGeneratorMode(bytes: Uint8Array, at: number, wordBytes: number): boolean {
  if (at < 0) return false;
  const mode = u32le(bytes, at);
  const [keyBytes, ivBytes, blockBytes] = [1, 2, 3].map((i) => {
    const field = at + i * wordBytes;
    return wordBytes === 4 || u32le(bytes, field + 4) === 0 ? u32le(bytes, field) : undefined;
  });
  if (keyBytes !== 32) return false;
  return (mode === ECB && ivBytes === 0 && blockBytes === 16) || (mode === CTR && ivBytes === 16 && blockBytes === 1);
}

/** Fields before the `buf` that holds the schedule in a `mbedtls_ctr_drbg_context` (mbedTLS 2 and 3, ctr_drbg.h). */
const MBEDTLS_PLACES = [
  { rounds: -16, interval: -24, entropyBytes: -32, resistance: -36, uses: -40, wordBytes: 8 },
  { rounds: -8, interval: -12, entropyBytes: -16, resistance: -20, uses: -24, wordBytes: 4 },
] as const;
/** MBEDTLS_CTR_DRBG_MAX_SEED_INPUT. */
const MOST_ENTROPY_BYTES = 384;
/** The schedule lies at a multiple of 16 in `buf` where the processor wants that. */
const BUF_SHIFTS = [0, 4, 8, 12];

/** mbedTLS's CTR_DRBG counts its uses before the schedule, from 1 up to the next seed. */
function isMbedtlsGenerator(bytes: Uint8Array, start: number): boolean {
  const isBefore = (buf: number, places: (typeof MBEDTLS_PLACES)[number]): boolean => {
    const field = (at: number): number => u32le(bytes, buf + at) ?? 0;
    if (buf + places.uses < 0 || field(places.rounds) !== 14) return false;
    const [interval, entropyBytes, uses] = [field(places.interval), field(places.entropyBytes), field(places.uses)];
    const isSize = places.wordBytes === 4 || field(places.entropyBytes + 4) === 0;
    const hasSeed = isSize && entropyBytes >= ROW && entropyBytes <= MOST_ENTROPY_BYTES;
    return hasSeed && field(places.resistance) <= 1 && interval < 2 ** 31 && uses > 0 && uses <= interval + 1;
  };
  return MBEDTLS_PLACES.some((places) => BUF_SHIFTS.some((shift) => isBefore(start - shift, places)));
}

/** Rounds, as some implementations count them. */
const ROUNDS: Readonly<Record<ScheduleLayout['bits'], readonly number[]>> = {
  128: [9, 10],
  192: [11, 12],
  256: [13, 14],
};
/** Of an `EVP_AES_KEY`, which BoringSSL's allocator and AWS-LC's write before it. */
const BORING_CONTEXT_BYTES = 264;

/**
 * An `EVP_AES_KEY` in ECB mode (crypto/evp/e_aes.c in OpenSSL 1.1.1, crypto/fipsmodule/cipher/e_aes.c in AWS-LC): room for the longest
 * schedule, its rounds, one function, and none for another mode. OpenSSL's CTR_DRBG has one of each of its keys, beside one in CTR
 * mode that looks like those of CBC; s2n's has one in AWS-LC, of 128 bits or 256.
 */
function isEcbContext(bytes: Uint8Array, start: number, bits: ScheduleLayout['bits']): boolean {
  const end = start + LONGEST;
  const [rounds, second, third, fourth, fifth, sixth] = [0, 1, 2, 3, 4, 5].map((i) => u32le(bytes, end + 4 * i) ?? 0);
  if (!ROUNDS[bits].includes(rounds!)) return false;
  // In 32 bits, where doubles lie at multiples of 8 (ARM, WebAssembly), the header of the next allocation may follow.
  const most = fourth === 0 ? PAGE : 1;
  const hasOneFunction = third! >= PAGE && fourth! < NO_ADDRESS_HIGH && fifth === 0 && sixth! < most;
  // There, what is between rounds and function isn't cleared.
  const isBoring = start >= 8 && u32le(bytes, start - 8) === BORING_CONTEXT_BYTES && u32le(bytes, start - 4) === 0;
  if (isBoring) return hasOneFunction;
  return bits === 256 && ((second === 0 && hasOneFunction) || (second! >= PAGE && third === 0));
}

/**
 * BoringSSL's CTR_DRBG_STATE (crypto/fipsmodule/rand/internal.h): the schedule, its rounds, two functions, the counter, how often
 * it was used. A cipher's context ends with the functions: what follows it is not random.
 */
function isBoringGenerator(bytes: Uint8Array, start: number): boolean {
  const word = (i: number): readonly [low: number, high: number] => {
    const at = start + LONGEST + 8 * i;
    return [u32le(bytes, at) ?? 0, u32le(bytes, at + 4) ?? 0];
  };
  const isPointer = ([, high]: readonly [number, number]): boolean => high > 0 && high < NO_ADDRESS_HIGH;
  const isRandom = ([, high]: readonly [number, number]): boolean => high >= NO_ADDRESS_HIGH;
  const [[rounds], block, stream, first, second, uses] = [word(0), word(1), word(2), word(3), word(4), word(5)];
  if (!ROUNDS[256].includes(rounds) || !isPointer(block) || !isPointer(stream) || block[1] !== stream[1]) return false;
  return isRandom(first) && isRandom(second) && uses[1] < 0x10000 && (uses[0] > 0 || uses[1] > 0);
}

/** Of words of 8 bytes: the most uses before a new seed (SP 800-90A, table 3). */
const MOST_USES_HIGH = 0x10000;
/** What an object of 520 bytes leaves unused of the 576 that Go gives it. */
const UNUSED_WORDS = 7;

/**
 * Go's CTR_DRBG (crypto/internal/fips140/drbg, Counter): rounds, the schedules for encryption and decryption, the counter as two
 * integers, an offset that is zero after each use, how often it was used; then the rest of its place on the heap. An application's
 * `cipher.NewCTR` is all but the last. A generator's key and counter are made as one array (SP 800-90A, 10.2.1.2), which stays on the stack
 * before the same fields.
 */
function isGoGenerator(bytes: Uint8Array, start: number, key: Uint8Array): boolean {
  const counter = start + 2 * LONGEST;
  const word = (i: number): readonly [low: number, high: number] => [
    u32le(bytes, counter + 8 * i) ?? 1,
    u32le(bytes, counter + 8 * i + 4) ?? 1,
  ];
  const isZero = (i: number): boolean => word(i).every((half) => half === 0);
  const isRandom = (i: number): boolean => word(i)[1] >= MOST_USES_HIGH;
  if (u32le(bytes, start - 8) !== 14 || u32le(bytes, start - 4) !== 0) return false;
  if (!isRandom(1)) return false;
  // On a stack the lower half may be overwritten.
  if (endsWith(bytes, start - ROW, [key, bytes.slice(counter + 8, counter + ROW).reverse()])) return true;
  if (!isRandom(0) || !isZero(2)) return false;
  const [uses, usesHigh] = word(3);
  const isCounted = usesHigh < MOST_USES_HIGH && (uses > 0 || usesHigh > 0);
  return isCounted && Array.from({ length: UNUSED_WORDS }, (_, i) => 4 + i).every(isZero);
}

/** Whether these parts, one behind the other, end at `end`. */
function endsWith(bytes: Uint8Array, end: number, parts: readonly Uint8Array[]): boolean {
  let at = end - parts.reduce((sum, part) => sum + part.length, 0);
  return at >= 0 && parts.every((part) => part.every((byte) => byte === bytes[at++]));
}

const GENERATORS = [isOpensslGenerator, isBoringGenerator, isMbedtlsGenerator];
