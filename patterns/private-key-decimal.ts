// Private keys whose numbers a program printed in decimal: Go's %+v of a key, repr() of Python's libraries, toString() of integers.
import { isDigit } from '../src/bytes/ascii.ts';
import { bigintFromBe, bigintFromDecimal, bigintToBe, bitLength } from '../src/bytes/limbs.ts';
import { claimKey } from '../src/keys/claims.ts';
import type { KeyParts } from '../src/keys/key-parts.ts';
import { defineDetector, type Hit } from '../src/model/detector.ts';
import type { AnyKey } from '../src/model/make.ts';
import type { Span } from '../src/model/place.ts';
import { encodePoint, isOnCurve, isScalar, parametersOf, SHORT_CURVES } from '../src/proof/short-curves.ts';

/** 2^240 has 73; RSA-16384 4,933. */
const [MIN_DIGITS, MAX_DIGITS] = [73, 4_933];
/** A key has nine. */
const MAX_NUMBERS = 12;

interface Decimal extends Span {
  readonly value: bigint;
}

export default defineDetector<readonly Decimal[]>({
  id: 'private-key-decimal',
  title: 'Private key, numbers printed in decimal',
  severity: 'critical',
  doc: `
The numbers of an RSA or EC private key in decimal, near each other: \`{N:+2343… E:65537} D:+4511… Primes:[+15… +15…]\` (Go's \`%+v\`),
\`PrivateKey(2343…, 65537, 4511…, 15…, 15…)\`, \`EccKey(curve='NIST P-256', point_x=…, point_y=…, d=…)\` (Python's libraries), integers in JSON and logs.

**Proof**: n = p·q or d·G = Q.

**What to do**: replace the key pair, revoke its certificates, and find out who could read the file.
`,
  anchors: [{ dense: 'decimal-run' }],
  reach: { before: 64, after: 12_288 },

  parse({ bytes, at }) {
    const first = numberFrom(bytes, at, at + 16);
    if (!first) return undefined;
    const numbers: Decimal[] = [];
    for (let from = at; numbers.length < MAX_NUMBERS; ) {
      const span = numberFrom(bytes, from, bytes.length);
      if (!span) break;
      numbers.push({ ...span, value: bigintFromDecimal(bytes, span.start, span.end) });
      from = span.end;
    }
    return numbers.length > 2 ? numbers : undefined;
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
    return {
      hits: [
        hit('Go', rsa, `&{PublicKey:{N:+${n} E:${e}} D:+${d} Primes:[+${p} +${q}]}`, d, q),
        hit('Python', rsa, `PrivateKey(${n}, ${e}, ${d}, ${p}, ${q})`, d, q),
        ...curves.map((key) => hit(key.curve, key, eccKey(key), bigintFromBe(key.d), bigintFromBe(key.d))),
      ],
      misses: [
        { name: 'a public key', bytes: make.ascii(`RsaKey(n=${n}, e=${e})`), reaches: 'anchor' },
        { name: 'numbers of two keys', bytes: make.ascii(`${n} ${other.p} ${other.d}`), reaches: 'verify' },
        { name: 'digits of a table', bytes: make.ascii('12, 345, 6789, '.repeat(20)), reaches: 'anchor' },
      ],
    };
  },
});

/** The first number of enough digits that begins in `[from, to)`. */
function numberFrom(bytes: Uint8Array, from: number, to: number): Span | undefined {
  for (let at = from; at < to; ) {
    if (!isDigit(bytes[at])) {
      at++;
      continue;
    }
    let end = at;
    while (end < at + MAX_DIGITS && isDigit(bytes[end])) end++;
    if (end - at >= MIN_DIGITS && !isDigit(bytes[end])) return { start: at, end };
    while (isDigit(bytes[end])) end++;
    at = end;
  }
  return undefined;
}

interface Found {
  readonly parts: KeyParts;
  readonly span: Span;
}

/** Each number that is the product of two others. */
function* rsaKeys(numbers: readonly Decimal[]): Generator<Found> {
  for (const [i, p] of numbers.entries()) {
    for (const [j, q] of numbers.slice(i + 1).entries()) {
      const bits = bitLength(p.value) + bitLength(q.value);
      const n = numbers.findIndex(({ value }) => bits - bitLength(value) <= 1 && value === p.value * q.value);
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
function* ecKeys(numbers: readonly Decimal[]): Generator<Found> {
  for (const curve of SHORT_CURVES) {
    const { p, size } = parametersOf(curve);
    const coordinates = numbers.filter(({ value }) => value < p);
    for (const [i, x] of coordinates.entries()) {
      // Printed one behind the other, x first.
      const y = coordinates[i + 1];
      if (!y || !isOnCurve(curve, { x: x.value, y: y.value })) continue;
      const point = encodePoint(curve, { x: x.value, y: y.value });
      for (const d of numbers) {
        if (d === x || d === y || bitLength(d.value) > size * 8) continue;
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
