// Private keys whose numbers a program printed: Go's %+v of a key, repr() of Python's libraries, toString() of integers, in decimal
// or hex. Scalars in hex are found by the joins, since they are as long as other keys.
import { hexValue, isDigit } from '../src/bytes/ascii.ts';
import { bigintFromBe, bigintFromDigits, bigintToBe, bitLength } from '../src/bytes/limbs.ts';
import { claimKey } from '../src/keys/claims.ts';
import type { KeyParts } from '../src/keys/key-parts.ts';
import { defineDetector, type Hit } from '../src/model/detector.ts';
import type { AnyKey } from '../src/model/make.ts';
import type { Span } from '../src/model/place.ts';
import { encodePoint, isOnCurve, isScalar, parametersOf, SHORT_CURVES } from '../src/proof/short-curves.ts';

type Base = 'decimal' | 'hex';
/** Decimal: 2^240 has 73, RSA-16384 4,933. Hex: a prime of RSA-1024 that lacks a byte, RSA-16384. */
const DIGITS: Readonly<Record<Base, readonly [least: number, most: number]>> = {
  decimal: [73, 4_933],
  hex: [126, 4_098],
};
/** Bits of a coordinate that may be zero. P-521's field has seven bits less than its octets. */
const LEADING_ZEROS = 24;
/** A key has nine. */
const MAX_NUMBERS = 12;

/** Digits of coordinates on P-256 and secp256k1, P-384, P-521, with a few leading zeros or none. */
const COORDINATE_DIGITS = [
  [73, 78],
  [111, 116],
  [152, 157],
] as const;

interface Printed extends Span {
  readonly value: bigint;
  readonly bits: number;
}

export default defineDetector<readonly Printed[]>({
  id: 'private-key-numbers',
  title: 'Private key, numbers printed in decimal or hex',
  severity: 'critical',
  doc: `
The numbers of an RSA private key in decimal or hex, or of an EC private key in decimal, near each other: \`{N:+2343… E:65537} D:+4511… Primes:[+15… +15…]\` (Go's \`%+v\`),
\`PrivateKey(2343…, 65537, 4511…, 15…, 15…)\`, \`EccKey(curve='NIST P-256', point_x=…, point_y=…, d=…)\` (Python's libraries), integers in JSON and logs,
\`toString(16)\` in Java and JavaScript.

**Proof**: n = p·q or d·G = Q.

**What to do**: replace the key pair, revoke its certificates, and find out who could read the file.
`,
  anchors: [{ dense: 'decimal-run' }, { dense: 'hex-run' }],
  reach: { before: 64, after: 12_288 },

  parse({ bytes, at, length, anchor }) {
    const base = anchor === 0 ? 'decimal' : 'hex';
    // Most hex runs are digests.
    if (base === 'hex' && length < DIGITS.hex[0]) return undefined;
    if (!numberFrom(bytes, at, at + 16, base)) return undefined;
    const spans: Span[] = [];
    for (let from = at; spans.length < MAX_NUMBERS; ) {
      const span = numberFrom(bytes, from, bytes.length, base);
      if (!span) break;
      spans.push(span);
      from = span.end;
    }
    if (!couldBeKey(spans, base)) return undefined;
    return spans.map((span) => {
      const value = bigintFromDigits(bytes, span.start, span.end, base === 'decimal' ? 10 : 16);
      return { ...span, value, bits: bitLength(value) };
    });
  },

  verify(numbers) {
    for (const keys of [rsaKeys(numbers), ecKeys(numbers)]) {
      for (const { parts, span } of keys) {
        const claims = claimKey(parts, 'printed', span);
        if (claims.length > 0) return claims;
      }
    }
    return [];
  },

  examples(make) {
    const hit = (name: string, key: AnyKey, text: string, first: bigint, last: bigint): Hit => ({
      name,
      bytes: make.ascii(text),
      span: { start: text.indexOf(`${first}`), end: text.indexOf(`${last}`) + `${last}`.length },
      verdict: 'proven',
      traits: { form: 'printed', publicKeySha256: make.publicKeySha256(key) },
      secrets: make.secrets(key),
    });
    const rsa = make.rsa(2048);
    const { n, e, d, p, q } = rsa;
    const eccKey = (key: ReturnType<typeof make.ec>): string =>
      `EccKey(curve='NIST ${key.curve}', point_x=${bigintFromBe(key.x)}, point_y=${bigintFromBe(key.y)}, d=${bigintFromBe(key.d)})`;
    const curves = (['P-256', 'P-384', 'P-521', 'secp256k1'] as const).map((curve) => make.ec(curve));
    const other = make.rsa(2048);
    const hex = (value: bigint): string => value.toString(16);
    const hexText = `{"n":"${hex(n)}","e":"${hex(e)}","d":"${hex(d)}","p":"${hex(p)}","q":"${hex(q)}"}`;
    return {
      hits: [
        hit('Go', rsa, `&{PublicKey:{N:+${n} E:${e}} D:+${d} Primes:[+${p} +${q}]}`, d, q),
        hit('Python', rsa, `PrivateKey(${n}, ${e}, ${d}, ${p}, ${q})`, d, q),
        {
          ...hit('hex', rsa, '', 0n, 0n),
          bytes: make.ascii(hexText),
          span: { start: hexText.indexOf(hex(d)), end: hexText.indexOf(hex(q)) + hex(q).length },
        },
        ...curves.map((key) => hit(key.curve, key, eccKey(key), bigintFromBe(key.d), bigintFromBe(key.d))),
      ],
      misses: [
        { name: 'a public key', bytes: make.ascii(`RsaKey(n=${n}, e=${e})`), reaches: 'anchor' },
        { name: 'numbers of two keys', bytes: make.ascii(`${n} ${other.p} ${other.q}`), reaches: 'verify' },
        { name: 'digests', bytes: make.ascii(`${make.hex(make.bytes(64))} x\n`.repeat(4)), reaches: 'anchor' },
        { name: 'digits of a table', bytes: make.ascii('12, 345, 6789, '.repeat(20)), reaches: 'anchor' },
      ],
    };
  },
});

/** By their digits: a modulus and primes, or three numbers of one field. Lists of digests, and tables, have one length. */
function couldBeKey(spans: readonly Span[], base: Base): boolean {
  if (spans.length < 3) return false;
  const digits = spans.map(({ start, end }) => end - start).sort((a, b) => a - b);
  if (digits.at(-1)! >= digits[0]! + digits[1]! - 3) return true;
  const inField = (least: number, most: number): boolean =>
    digits.filter((count) => count >= least && count <= most).length > 2;
  return base === 'decimal' && COORDINATE_DIGITS.some(([least, most]) => inField(least, most));
}

/** The first number of enough digits that begins in `[from, to)`. */
function numberFrom(bytes: Uint8Array, from: number, to: number, base: Base): Span | undefined {
  const [least, most] = DIGITS[base];
  const isOne = base === 'decimal' ? isDigit : (char: number | undefined): boolean => hexValue(char) >= 0;
  for (let at = from; at < to; ) {
    let end = at;
    while (isOne(bytes[end])) end++;
    if (end - at >= least && end - at <= most) return { start: at, end };
    at = end + 1;
  }
  return undefined;
}

interface Found {
  readonly parts: KeyParts;
  readonly span: Span;
}

/** Each number that is the product of two others. */
function* rsaKeys(numbers: readonly Printed[]): Generator<Found> {
  for (const [i, p] of numbers.entries()) {
    for (const [j, q] of numbers.slice(i + 1).entries()) {
      const n = numbers.findIndex(
        ({ value, bits }) => Math.abs(p.bits + q.bits - bits) <= 1 && value === p.value * q.value,
      );
      if (n < 0) continue;
      // Printed in between: d. Behind the primes: dp, dq, qi, none of them larger.
      const first = numbers[n < i ? n + 1 : i]!;
      const behind = numbers.slice(i + j + 2, i + j + 5).filter(({ value }) => value < p.value || value < q.value);
      const span = { start: first.start, end: (behind.at(-1) ?? q).end };
      yield { parts: { type: 'rsa', numbers: { n: numbers[n]!.value, p: p.value, q: q.value } }, span };
    }
  }
}

/** Each two numbers that are a point, with each other one as the scalar. */
function* ecKeys(numbers: readonly Printed[]): Generator<Found> {
  for (const curve of SHORT_CURVES) {
    const { p, size } = parametersOf(curve);
    const coordinates = numbers.filter(({ value, bits }) => bits > size * 8 - LEADING_ZEROS && value < p);
    for (const [i, x] of coordinates.entries()) {
      // Printed one behind the other, x first.
      const y = coordinates[i + 1];
      if (!y || !isOnCurve(curve, { x: x.value, y: y.value })) continue;
      const point = encodePoint(curve, { x: x.value, y: y.value });
      for (const d of numbers) {
        if (d === x || d === y || d.bits > size * 8) continue;
        const scalar = bigintToBe(d.value, size);
        try {
          if (isScalar(curve, scalar)) yield { parts: { type: 'ec', numbers: { curve, scalar, point } }, span: d };
        } finally {
          scalar.fill(0);
        }
      }
    }
  }
}
