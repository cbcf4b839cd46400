// Values behind the names of secrets: environment variables, JSON, YAML, INI and properties files, connection strings.
// Nothing proves them; they are reported when the name is that of a secret and the value was drawn at random.
import { hasWord, holdsWord, isDigit, isLetter, isLetterOrDigit } from '../src/bytes/ascii.ts';
import { assignedValue, MAX_BETWEEN, MAX_VALUE } from '../src/bytes/assigned-value.ts';
import { decodeBase64 } from '../src/bytes/base64.ts';
import { countCompany } from '../src/bytes/random-run.ts';
import { generatedBits, MIN_GENERATED } from '../src/bytes/random-text.ts';
import { hasText } from '../src/bytes/reader.ts';
import { MAX_NAME } from '../src/model/assignments.ts';
import { defineDetector, type Hit } from '../src/model/detector.ts';
import { knownValue } from '../src/proof/known-values.ts';

/** Test vectors hold many random values close together; an environment or a configuration a few. */
const COMPANY_BYTES = 512;
const MAX_COMPANY = 5;
/** A name that ends in `key` is one of a secret only together with one of these. */
const KEY_WORDS = [
  'api',
  'secret',
  'access',
  'account',
  'private',
  'encrypt',
  'master',
  'auth',
  'sign',
  'crypt',
  'shared',
  'service',
  'app',
  'client',
  'session',
  'cookie',
  'jwt',
  'hmac',
  'admin',
  'storage',
  'license',
  'deploy',
  'webhook',
];
/** Words right before `token` or `key` in names that hold no secret: `nextPageToken`, `public_key`, `Next page token`. */
const HARMLESS_WORDS = [
  'public',
  'page',
  'next',
  'continuation',
  'continue',
  'sync',
  'cancel',
  'cancellation',
  'cache',
  'primary',
  'foreign',
  'sort',
  'partition',
  'registry',
  'csrf',
  'hash',
  'verification',
  'lock',
  'update',
  'change',
  'idempotency',
  'action',
  'grant',
  'resume',
  'request',
  'progress',
  'product',
];
const PLACEHOLDERS = [
  'example',
  'changeme',
  'placeholder',
  'xxxx',
  'your',
  'dummy',
  'redacted',
  'secret',
  'passw',
  '1234567',
];
/** Prefixes of values that are public, or another detector's: certificates and keys in DER and PEM, SSH keys. */
const PUBLIC_PREFIXES = ['MII', 'AAAA', '-----', 'LS0tLS', 'ssh-', 'sha'];
/** `$ < { % [ (`: templates, references to other values, format strings. */
const TEMPLATE_STARTS = [0x24, 0x3c, 0x7b, 0x25, 0x5b, 0x28];
const PASSWORD_WORDS = ['pass', 'pwd'];
/** Passwords are shorter than keys and tokens: 12 characters of 62 have 71 bits, 20 have 119. */
const MIN_PASSWORD_BITS = 70;
const MIN_BITS = 110;
/** From here on, a value was not made up by a person. */
const STRONG_BITS = 120;

interface Candidate {
  readonly value: Uint8Array;
  readonly bits: number;
  readonly start: number;
  readonly end: number;
}

const isNameChar = (char: number): boolean => isLetterOrDigit(char) || char === 0x5f || char === 0x2d || char === 0x2e;

const endsWith = (bytes: Uint8Array, start: number, end: number, word: string): boolean =>
  end - word.length >= start && hasWord(bytes, end - word.length, word);

/** Whether the name `bytes[start, nameEnd)` is that of a secret; of a plural or a numbered one, what it is without. */
function isSecretName(bytes: Uint8Array, start: number, nameEnd: number): boolean {
  let end = nameEnd;
  if (end > start && bytes[end - 1] === 0x73) end--;
  while (end > start && isDigit(bytes[end - 1])) end--;
  const [token, key] = [endsWith(bytes, start, end, 'token'), endsWith(bytes, start, end, 'key')];
  if (!token && !key) return true;
  let stem = end - (token ? 5 : 3);
  if (isJoint(bytes[stem - 1])) stem--;
  // In a phrase the word stands before the name.
  if (HARMLESS_WORDS.some((word) => endsWith(bytes, 0, stem, word) && beginsWord(bytes, stem - word.length)))
    return false;
  return token || holdsWord(bytes, start, end, KEY_WORDS);
}

/** Blank, `_`, `-` or `.`: what separates words. */
const isJoint = (char: number | undefined): boolean => char === 0x20 || char === 0x5f || char === 0x2d || char === 0x2e;

/** Whether a word begins at `at`: it is no part of a longer one, as `change` is in `EXCHANGE`. */
function beginsWord(bytes: Uint8Array, at: number): boolean {
  const before = bytes[at - 1] ?? 0;
  return !isLetter(before) || (before & 0x20) !== (bytes[at]! & 0x20);
}

/** Bits of a value as a generator made it; of base64, which often wraps a password of words, those of its content. */
function valueBits(bytes: Uint8Array, start: number, end: number): number {
  if (hasText(bytes, end - 3, '...') || isCall(bytes, start, end)) return 0;
  const { bytes: content, next } = decodeBase64(bytes, start, end, { style: 'plain' });
  const isText = next === end && content.length >= 8 && content.every((byte) => byte >= 0x20 && byte < 0x7f);
  const bits = isText ? generatedBits(content, 0, content.length) : generatedBits(bytes, start, end);
  content.fill(0);
  return bits;
}

/** Ends in `8-4-4-4-12` hex digits. */
function endsInUuid(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start >= 36 && [8, 13, 18, 23].every((at) => bytes[end - 36 + at] === 0x2d);
}

/** Code that gets the value from somewhere: a call or an index. */
function isCall(bytes: Uint8Array, start: number, end: number): boolean {
  const value = bytes.subarray(start, end);
  return (value.includes(0x28) && value.includes(0x29)) || (value.includes(0x5b) && value.includes(0x5d));
}

/** Index after the name whose end was found at `at`: a digit or two and an `s` may follow (`password1`, `secrets`). */
function endOfName(bytes: Uint8Array, at: number, length: number): number {
  let end = at;
  // The tilde of Spanish is two bytes of UTF-8.
  while (end < at + length && (isNameChar(bytes[end]!) || bytes[end]! >= 0x80)) end++;
  if (end < at + length) return end;
  for (let digits = 0; digits < 2 && isDigit(bytes[end]); digits++) end++;
  return bytes[end] === 0x73 ? end + 1 : end;
}

export default defineDetector<Candidate>({
  id: 'secret-keyword',
  title: 'Random value behind the name of a secret',
  severity: 'medium',
  doc: `
A password, token or key in an environment variable, a configuration or a connection string: the name before it says that
it is secret (\`DB_PASSWORD=\`, \`"client_secret":\`, \`AccountKey=\`, \`api_key: \`), and the value looks drawn at random. Words,
placeholders, paths and code are left out; how is in [entropy.md](entropy.md).

**Proof**: none. The finding is likely; values below 120 bits are of low severity.

**What to do**: find out what the name belongs to, replace the value there, and take it out of the program's memory or
environment if it need not be there.
`,
  anchors: [{ assigned: '' }],
  reach: { before: COMPANY_BYTES, after: MAX_NAME + MAX_BETWEEN + MAX_VALUE + COMPANY_BYTES },

  parse({ bytes, at, length }) {
    const nameEnd = endOfName(bytes, at, length);
    let nameStart = at;
    while (nameStart > 0 && nameStart > at - MAX_NAME && isNameChar(bytes[nameStart - 1]!)) nameStart--;
    const found = assignedValue(bytes, nameStart, nameEnd);
    if (!found) return undefined;
    const { start, end } = found;
    // Most values are words of code; a name is dear to judge.
    if (end - start < MIN_GENERATED || !isSecretName(bytes, nameStart, nameEnd)) return undefined;
    // A UUID as a key or password is drawn at random; as a token it mostly names something.
    if (endsInUuid(bytes, start, end) && endsWith(bytes, nameStart, nameEnd, 'token')) return undefined;
    if (TEMPLATE_STARTS.includes(bytes[start]!)) return undefined;
    if (PUBLIC_PREFIXES.some((prefix) => hasText(bytes, start, prefix))) return undefined;
    const bits = valueBits(bytes, start, end);
    if (
      bits < (holdsWord(bytes, nameStart, nameEnd, PASSWORD_WORDS) ? MIN_PASSWORD_BITS : MIN_BITS) ||
      holdsWord(bytes, start, end, PLACEHOLDERS)
    )
      return undefined;
    if (countCompany(bytes, start, end, COMPANY_BYTES, MAX_COMPANY + 1) > MAX_COMPANY) return undefined;
    return { value: bytes.slice(start, end), bits, start, end };
  },

  verify({ value, bits, start, end }) {
    const known = knownValue(value);
    return [
      {
        verdict: 'likely',
        span: { start, end },
        traits: {
          algorithm: 'opaque',
          form: 'keyword-value',
          proof: 'none',
          bits: Math.floor(bits),
          ...(known && { known }),
        },
        secret: value,
        ...(bits < STRONG_BITS && { severity: 'low' as const }),
      },
    ];
  },

  examples(make) {
    const value = make.text(32);
    const hit = (name: string, before: string, after: string, secret = value): Hit => ({
      name,
      bytes: make.ascii(before + secret + after),
      span: { start: before.length, end: before.length + secret.length },
      verdict: 'likely',
      traits: { algorithm: 'opaque', form: 'keyword-value', proof: 'none' },
      secrets: [make.ascii(secret)],
    });
    const miss = (name: string, text: string) => ({ name, bytes: make.ascii(text), reaches: 'anchor' as const });
    return {
      hits: [
        hit('environment', 'HOME=/root\0DB_PASSWORD=', '\0PATH=/bin'),
        hit('JSON', '{"client_id":"1","client_secret":"', '"}'),
        hit('escaped JSON', '"{\\"apiKey\\":\\"', '\\"}"'),
        hit('YAML', 'auth:\n  api_key: ', '\n'),
        hit('properties', 'datasource.password=', '\n'),
        hit('INI', 'aws_secret_access_key = ', '\n', make.base64(make.bytes(30))),
        hit('connection string', 'AccountName=a;AccountKey=', ';EndpointSuffix=x', make.base64(make.bytes(64))),
        hit('name with a harmless part', 'EXCHANGE_TOKEN=', '\0'),
        hit('hex', 'export SESSION_SECRET="', '"\n', make.hex(make.bytes(32))),
      ],
      misses: [
        miss('words', 'DB_PASSWORD=correct-horse-battery-staple-1'),
        miss('placeholder', '{"client_secret":"YOUR_CLIENT_SECRET_GOES_HERE_1"}'),
        miss('template', 'API_KEY=$(vault read -field=k1 kv/Xb7qZ2)'),
        miss('public key', `{"publicKey":"${value}"}`),
        miss('page token', `{"nextPageToken":"${value}"}`),
        miss('base64 of words', `password: ${make.base64(make.ascii('not my real password 1'))}`),
        miss('call', 'token = config.tokens[2].value9Xb'),
        miss('phrase', `Next page token: ${value}`),
        miss(
          'UUID that names something',
          `"LifeToken": "${make.hex(make.bytes(4))}-1234-4567-89ab-${make.hex(make.bytes(6))}"`,
        ),
        miss('test vectors', Array.from({ length: 8 }, () => `"secret": "${make.hex(make.bytes(24))}"`).join(',')),
        miss('code', 'password: process.env.DB_PASSWORD2,'),
        miss('path', 'SECRET=/run/secrets/kubernetes.io/serviceaccount/token1'),
      ],
    };
  },
});
