// Private keys of DNSSEC zones: the text files that BIND's dnssec-keygen, ldns and Knot's keymgr write
// (`K<zone>+<algorithm>+<tag>.private`; BIND's lib/dns/dst_parse.c). Algorithm numbers: RFC 8624.
import { decodeBase64, separatorLength } from '../src/bytes/base64.ts';
import { looksRandom } from '../src/bytes/entropy.ts';
import { bigintFromBe } from '../src/bytes/limbs.ts';
import { hasText } from '../src/bytes/reader.ts';
import { claimKey } from '../src/keys/claims.ts';
import type { KeyParts } from '../src/keys/key-parts.ts';
import { defineDetector, type Hit } from '../src/model/detector.ts';

/** Lines with a value to decode; any others (Created, Publish, Engine, …) are skipped. */
const NAMES = [
  'Modulus',
  'PublicExponent',
  'PrivateExponent',
  'Prime1',
  'Prime2',
  'PrivateKey',
  'Key',
  'Prime(p)',
  'Subprime(q)',
  'Base(g)',
  'Private_value(x)',
  'Public_value(y)',
] as const;
type Name = (typeof NAMES)[number];

const MAX_LINES = 32;
const MAX_NAME = 24;
const EC_ALGORITHMS = { 13: 'P-256', 14: 'P-384' } as const;
const OKP_ALGORITHMS = { 15: 'Ed25519', 16: 'Ed448' } as const;
/** HMAC keys of TSIG: 157 and 161 to 165, of BIND's own numbering. */
const isHmac = (algorithm: number): boolean => algorithm === 157 || (algorithm >= 161 && algorithm <= 165);

interface Candidate {
  readonly algorithm: number;
  readonly values: ReadonlyMap<Name, Uint8Array>;
  readonly start: number;
  readonly end: number;
}

function lineEnd(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && bytes[at]! >= 0x20 && bytes[at]! < 0x7f && bytes[at] !== 0x5c && bytes[at] !== 0x22) at++;
  return at;
}

function skipSeparators(bytes: Uint8Array, from: number): number {
  let at = from;
  for (let size = 1; size > 0 && at < bytes.length; at += size) size = separatorLength(bytes, at, bytes.length);
  return at;
}

/** Index of the colon of `Name:` at `at`, or -1. */
function colonOf(bytes: Uint8Array, at: number): number {
  for (let i = at; i < at + MAX_NAME && i < bytes.length; i++) {
    const char = bytes[i]!;
    if (char === 0x3a) return i > at ? i : -1;
    if (char < 0x28 || char > 0x7a) return -1;
  }
  return -1;
}

function readNumber(bytes: Uint8Array, at: number): number {
  let value = 0;
  for (let i = at; i < at + 3 && bytes[i]! >= 0x30 && bytes[i]! <= 0x39; i++) value = value * 10 + bytes[i]! - 0x30;
  return value;
}

/** What the lines add up to; undefined when the algorithm lacks one. */
function toParts({ algorithm, values }: Candidate): KeyParts | undefined {
  const number = (name: Name): bigint | undefined => {
    const value = values.get(name);
    return value && bigintFromBe(value);
  };
  const n = number('Modulus');
  if (n !== undefined) {
    const [e, d] = [number('PublicExponent'), number('PrivateExponent')];
    return { type: 'rsa', numbers: { n, e, d, p: number('Prime1'), q: number('Prime2') } };
  }
  const secret = values.get('PrivateKey');
  const curve = EC_ALGORITHMS[algorithm as keyof typeof EC_ALGORITHMS];
  if (curve && secret) return { type: 'ec', numbers: { curve, scalar: secret, document: true } };
  const okp = OKP_ALGORITHMS[algorithm as keyof typeof OKP_ALGORITHMS];
  if (okp && secret) return { type: 'okp', numbers: { curve: okp, privateKey: secret, document: true } };
  const [p, q, g, x] = [number('Prime(p)'), number('Subprime(q)'), number('Base(g)'), number('Private_value(x)')];
  return p && q && g && x ? { type: 'dsa', numbers: { p, q, g, x, y: number('Public_value(y)') } } : undefined;
}

export default defineDetector<Candidate>({
  id: 'dnssec-private-key',
  title: 'DNSSEC private key',
  severity: 'critical',
  doc: `
A DNSSEC signing key (or a TSIG key) in the text format of BIND's \`dnssec-keygen\`, ldns and PowerDNS: RSA, ECDSA, Ed25519,
Ed448, DSA ([RFC 8624](https://www.rfc-editor.org/rfc/rfc8624) for the algorithm numbers).

**Proof**: n = p·q or 2^(ed) = 2 mod n for RSA, y = g^x for DSA; for elliptic curves, whose files hold the private number
alone, the complete document.

**What to do**: roll the key ([RFC 6781](https://www.rfc-editor.org/rfc/rfc6781#section-4.1)), and its DS record at the parent when it is a key-signing key.
`,
  anchors: [{ text: 'Private-key-format: v1.', wide: true }],
  // An RSA-4096 file has 3.3 KB.
  reach: { before: 0, after: 8192 },

  parse({ bytes, at }) {
    const values = new Map<Name, Uint8Array>();
    let algorithm = 0;
    let end = lineEnd(bytes, at);
    for (let count = 0; count < MAX_LINES; count++) {
      const start = skipSeparators(bytes, end);
      const colon = colonOf(bytes, start);
      if (colon < 0 || start === end) break;
      let value = colon + 1;
      while (bytes[value] === 0x20) value++;
      const name = NAMES.find((known) => known.length === colon - start && hasText(bytes, start, known));
      if (hasText(bytes, start, 'Algorithm')) algorithm = readNumber(bytes, value);
      const decoded = name && decodeBase64(bytes, value, bytes.length, { style: 'plain' });
      if (name && decoded && !values.has(name)) values.set(name, decoded.bytes);
      end = decoded ? decoded.next : lineEnd(bytes, value);
    }
    return algorithm > 0 && values.size > 0 ? { algorithm, values, start: at, end } : undefined;
  },

  verify(candidate) {
    const { algorithm, values, start, end } = candidate;
    const span = { start, end };
    const hmacKey = isHmac(algorithm) ? values.get('Key') : undefined;
    if (hmacKey && looksRandom(hmacKey)) {
      const traits = { algorithm: 'symmetric', form: 'dnssec', proof: 'document', bits: hmacKey.length * 8 } as const;
      return [{ verdict: 'proven', span, traits, secret: hmacKey }];
    }
    const parts = toParts(candidate);
    const claims = parts ? claimKey(parts, 'dnssec', span) : [];
    for (const value of values.values()) value.fill(0);
    return claims;
  },

  examples(make) {
    const rsa = make.rsa(2048);
    const ec = make.ec('P-256');
    const ed = make.okp('Ed25519');
    const dsa = make.dsa();
    const file = (algorithm: string, lines: Record<string, Uint8Array>): string =>
      [
        'Private-key-format: v1.3',
        `Algorithm: ${algorithm}`,
        ...Object.entries(lines).map(([name, value]) => `${name}: ${make.base64(value)}`),
      ].join('\n');
    const rsaFile = (n: bigint): string =>
      file('8 (RSASHA256)', {
        Modulus: make.be(n),
        PublicExponent: make.be(rsa.e),
        PrivateExponent: make.be(rsa.d),
        Prime1: make.be(rsa.p),
        Prime2: make.be(rsa.q),
        Exponent1: make.be(rsa.dp),
        Exponent2: make.be(rsa.dq),
        Coefficient: make.be(rsa.qi),
      });
    const hit = (name: string, text: string, key: typeof rsa | typeof ec | typeof ed | typeof dsa, proof: string) =>
      ({
        name,
        bytes: make.ascii(text),
        span: { start: 0, end: text.length },
        verdict: 'proven',
        traits: { form: 'dnssec', proof, publicKeySha256: make.publicKeySha256(key) },
        secrets: make.secrets(key),
      }) as Hit;
    const ecFile = file('13 (ECDSAP256SHA256)', { PrivateKey: ec.d });
    const tsig = make.bytes(32);
    const tsigFile = file('163 (HMAC_SHA256)', { Key: tsig });
    return {
      hits: [
        hit('RSA', rsaFile(rsa.n), rsa, 'p*q=n'),
        hit('escaped line ends', rsaFile(rsa.n).replaceAll('\n', '\\n'), rsa, 'p*q=n'),
        hit('P-256', `${ecFile}\nCreated: 20260101000000`, ec, 'document'),
        hit('CRLF', ecFile.replaceAll('\n', '\r\n'), ec, 'document'),
        hit('Ed25519', file('15 (ED25519)', { PrivateKey: ed.d }), ed, 'document'),
        hit(
          'DSA',
          file('3 (DSA)', {
            'Prime(p)': make.be(dsa.p),
            'Subprime(q)': make.be(dsa.q),
            'Base(g)': make.be(dsa.g),
            'Private_value(x)': make.be(dsa.x),
            'Public_value(y)': make.be(dsa.y),
          }),
          dsa,
          'd*G=Q',
        ),
        {
          name: 'TSIG',
          bytes: make.ascii(tsigFile),
          span: { start: 0, end: tsigFile.length },
          verdict: 'proven',
          traits: { algorithm: 'symmetric', form: 'dnssec', bits: 256 },
          secrets: [tsig],
        },
      ],
      misses: [
        { name: 'n is not p*q', bytes: make.ascii(rsaFile(rsa.n + 2n)), reaches: 'verify' },
        {
          name: 'key in a token',
          bytes: make.ascii(file('8 (RSASHA256)', { Modulus: make.be(rsa.n), PublicExponent: make.be(rsa.e) })),
          reaches: 'verify',
        },
        {
          name: 'format string',
          bytes: make.ascii('Private-key-format: v1.%d\nAlgorithm: %u '),
          reaches: 'anchor',
        },
      ],
    };
  },
});
