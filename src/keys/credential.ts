/**
 * Passwords in places where one belongs: URLs, headers, configuration files. People choose many of them, so not randomness
 * but what manuals print tells which are none.
 */
import { holdsWord } from '../bytes/ascii.ts';
import { countCharacters } from '../bytes/random-text.ts';
import { latin1 } from '../bytes/reader.ts';
import type { Claim, Hit, Miss } from '../model/detector.ts';
import type { Form, Severity } from '../model/finding.ts';
import type { Make } from '../model/make.ts';
import { knownValue } from '../proof/known-values.ts';

const MIN_PASSWORD = 8;
const MAX_PASSWORD = 256;
/** Pieces of what stands for a password in manuals and templates, in lower case. */
const STAND_INS = [
  'pass',
  'p4ss',
  'pwd',
  'pw123',
  'secret',
  's3cr',
  's3cur',
  'token',
  'user',
  'login',
  'your',
  'test',
  'demo',
  'dummy',
  'example',
  'sample',
  'change',
  'admin',
  'hello',
  'letmein',
  'qwert',
  'foo',
  'bar',
  'hunter2',
  '1234',
  'abcd',
  'abc1',
  'xxx',
  '***',
  '...',
  'redact',
  'hidden',
  'mask',
  'base64',
  'string',
  'value',
  'cred',
  'none',
  'null',
];
/** `$ { } < > % [ ] ( ) " ' \ backtick`: templates and code. */
const CODE = new Set(latin1('{$}<>[]()"\'\\`|'));

/** Whether `bytes[start, end)` could be a password in use: of two classes of characters, and no stand-in or template. */
export function looksUsed(bytes: Uint8Array, start: number, end: number): boolean {
  const length = end - start;
  if (length < MIN_PASSWORD || length > MAX_PASSWORD) return false;
  const counts = countCharacters(bytes, start, end);
  if (!counts || counts.distinct < 6) return false;
  const { upper, lower, digits, symbols } = counts;
  if ([upper, lower, digits, symbols].filter((count) => count > 0).length < 2 || upper + lower === 0) return false;
  if (digits + symbols === 0) return false;
  for (let at = start; at < end; at++) if (CODE.has(bytes[at]!)) return false;
  return !holdsWord(bytes, start, end, STAND_INS);
}

/** The claim of a password. `secret` is in memory of its own. */
export function claimPassword(secret: Uint8Array, span: Claim['span'], form: Form, severity: Severity): Claim {
  const known = knownValue(secret);
  return {
    verdict: 'likely',
    span,
    traits: { algorithm: 'password', form, proof: 'none', ...(known && { known }) },
    secret,
    severity,
  };
}

/** A hit in text: `before`, what is claimed, `after`. `secret` is by default what is claimed. */
export function textHit(
  make: Make,
  name: string,
  [before, claimed, after]: readonly [string, string, string],
  traits: Hit['traits'],
  { verdict = 'likely', secret = claimed }: { readonly verdict?: Hit['verdict']; readonly secret?: string } = {},
): Hit {
  return {
    name,
    bytes: make.ascii(before + claimed + after),
    span: { start: before.length, end: before.length + claimed.length },
    verdict,
    traits,
    secrets: [make.ascii(secret)],
  };
}

export function textMiss(make: Make, name: string, text: string, reaches: Miss['reaches'] = 'anchor'): Miss {
  return { name, bytes: make.ascii(text), reaches };
}
