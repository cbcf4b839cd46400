/**
 * JSON Web Tokens (RFC 7519) in compact form: base64url of a header, of claims, and of a signature. What the claims say is
 * only told by words of our own: whether the token has expired, and who reads it.
 */
import { decodeBase64 } from '../bytes/base64.ts';
import { indexOfText } from '../bytes/reader.ts';
import { BASE64URL, beginsClean, endsClean, looksIssued, matchParts } from '../bytes/token.ts';
import { type Detector, defineDetector, type Examples } from '../model/detector.ts';
import type { Severity } from '../model/finding.ts';
import type { Make } from '../model/make.ts';
import { knownValue } from '../proof/known-values.ts';
import { tokenDoc } from './token-detector.ts';

/** `{"alg":`, `{"typ":`, `{"kid":`, `{"x5t` in base64. */
const ANCHORS = ['eyJhbGciOi', 'eyJ0eXAiOi', 'eyJraWQiOi', 'eyJ4NXQ'];
/** Longest claims: groups and roles of a large directory. */
const MAX_CHARS = 8192;
const PARTS = [
  [BASE64URL, 16, 2048, 'any'],
  '.',
  [BASE64URL, 8, MAX_CHARS, 'any'],
  '.',
  [BASE64URL, 0, 1400, 'any'],
] as const;
/** An HMAC-SHA-256 has 43 characters. */
const MIN_SIGNATURE_CHARS = 42;

export interface Jwt {
  /** Seconds since 1970. */
  readonly expires: number | undefined;
  /** `alg` is `none`: anybody could have made it. */
  readonly unsigned: boolean;
  /** Whether the claims hold the text. */
  holds(text: string): boolean;
}

interface Candidate {
  readonly token: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly expired: boolean;
  readonly severity: Severity;
}

/** A JSON object from brace to brace, or undefined. Wipe it after use. */
function readObject(bytes: Uint8Array, start: number, end: number): Uint8Array | undefined {
  const { bytes: json, next } = decodeBase64(bytes, start, end, { style: 'plain' });
  if (next === end && json[0] === 0x7b && json.at(-1) === 0x7d) return json;
  json.fill(0);
  return undefined;
}

/** The whole number behind `"name":`. */
function readNumber(json: Uint8Array, name: string): number | undefined {
  let at = indexOfText(json, `"${name}"`, 0);
  if (at < 0) return undefined;
  at += name.length + 2;
  while (json[at] === 0x20 || json[at] === 0x3a) at++;
  let value = 0;
  const first = at;
  for (; at < first + 12 && json[at]! >= 0x30 && json[at]! <= 0x39; at++) value = value * 10 + json[at]! - 0x30;
  return at > first ? value : undefined;
}

export interface JwtDeclaration {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly about: string;
  readonly revoke: string;
  /** Whether this detector takes the token. */
  accepts(jwt: Jwt): boolean;
  /** Claims of an example that it takes, and of one that it leaves to others. */
  readonly claims: { readonly own: object; readonly foreign: object };
}

export function defineJwt({ id, title, severity, about, revoke, accepts, claims }: JwtDeclaration): Detector {
  return defineDetector<Candidate>({
    id,
    title,
    severity,
    doc: tokenDoc(
      `${about.trim()}\n\nOne that has expired, or that nobody signed (\`alg\` \`none\`), is of low severity.`,
      revoke,
      'none. Header and claims are JSON, and the signature has the length of one',
    ),
    anchors: ANCHORS.map((text) => ({ text, wide: 'utf-16' })),
    reach: { before: 6, after: 2048 + MAX_CHARS + 1403 },

    parse({ bytes, at: start }) {
      const match = matchParts(bytes, start, PARTS);
      if (!match || !endsClean(bytes, match.end) || !beginsClean(bytes, start, match.end - start)) return undefined;
      const { end, runs } = match;
      const [head, body, signature] = [runs[0]!, runs[1]!, runs[2]!];
      const header = readObject(bytes, head.start, head.end);
      const payload = readObject(bytes, body.start, body.end);
      try {
        if (!header || !payload) return undefined;
        const unsigned = signature.end === signature.start;
        if (unsigned ? indexOfText(header, 'none', 0) < 0 : signature.end - signature.start < MIN_SIGNATURE_CHARS)
          return undefined;
        if (!unsigned && !looksIssued(bytes, { ...signature, any: false })) return undefined;
        const expires = readNumber(payload, 'exp');
        const holds = (text: string): boolean => indexOfText(payload, text, 0) >= 0;
        if (!accepts({ expires, unsigned, holds })) return undefined;
        const expired = expires !== undefined && expires * 1000 < Date.now();
        const quiet = expired || unsigned;
        return { token: bytes.slice(start, end), start, end, expired, severity: quiet ? 'low' : severity };
      } finally {
        header?.fill(0);
        payload?.fill(0);
      }
    },

    verify({ token, start, end, expired, severity: own }) {
      const known = knownValue(token);
      const traits = { algorithm: 'token', form: 'token', proof: 'none' } as const;
      return [
        {
          verdict: 'likely',
          span: { start, end },
          traits: { ...traits, ...(expired && { expired }), ...(known && { known }) },
          secret: token,
          severity: own,
        },
      ];
    },

    examples: (make) => jwtExamples(make, claims),
  });
}

function jwtExamples(make: Make, claims: JwtDeclaration['claims']): Examples {
  const write = (header: object, payload: object, signature = make.base64url(make.bytes(64))): string =>
    [header, payload].map((part) => make.base64url(make.ascii(JSON.stringify(part)))).join('.') + `.${signature}`;
  const header = { alg: 'ES256', typ: 'JWT', kid: make.hex(make.bytes(8)) };
  const year = 31_536_000;
  const now = Math.floor(Date.now() / 1000);
  const hit = (name: string, before: string, text: string, more: object = {}) => ({
    name,
    bytes: make.ascii(`${before}${text}"\n`),
    span: { start: before.length, end: before.length + text.length },
    verdict: 'likely' as const,
    traits: { algorithm: 'token', form: 'token', proof: 'none', ...more } as const,
    secrets: [make.ascii(text.slice(text.lastIndexOf('.') + 1) || text)],
  });
  const miss = (name: string, text: string) => ({ name, bytes: make.ascii(`"${text}"`), reaches: 'anchor' as const });
  const own = write(header, { ...claims.own, iat: now, exp: now + year });
  const [head, body] = own.split('.') as [string, string];
  return {
    hits: [
      hit('valid', 'Authorization: Bearer ', own),
      hit('without end', '{"token":"', write({ typ: 'JWT', alg: 'HS256' }, claims.own, make.base64url(make.bytes(32)))),
      hit('expired', '"', write(header, { ...claims.own, exp: now - year }), { expired: true }),
      hit('unsigned', '"', write({ alg: 'none' }, claims.own, '')),
    ],
    misses: [
      miss('without signature', `${head}.${body}.`),
      miss('short signature', `${head}.${body}.${make.text(20)}`),
      miss('placeholder for a signature', `${head}.${body}.${'x'.repeat(43)}`),
      miss('header only', head),
      miss('claims that are no JSON', `${head}.${make.text(80)}.${make.text(43)}`),
      miss("another detector's", write(header, claims.foreign)),
    ],
  };
}
