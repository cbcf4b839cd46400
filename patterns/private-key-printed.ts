// Private keys as openssl (-text) and certtool print them: labels, and octets with colons on indented lines.
import { isBlank } from '../src/bytes/ascii.ts';
import { bigintFromBe } from '../src/bytes/limbs.ts';
import { readOctetText } from '../src/bytes/octet-text.ts';
import { hasText, indexOfText } from '../src/bytes/reader.ts';
import { claimKey } from '../src/keys/claims.ts';
import type { KeyParts } from '../src/keys/key-parts.ts';
import { defineDetector, type Hit } from '../src/model/detector.ts';
import type { AnyKey } from '../src/model/make.ts';
import type { Span } from '../src/model/place.ts';

/** By label, as OpenSSL 1 and 3 and GnuTLS print it. `w` is the private value of all keys but RSA's. */
const MEMBERS = {
  'modulus:': 'n',
  'Modulus:': 'n',
  'publicExponent:': 'e',
  'public exponent:': 'e',
  'privateExponent:': 'd',
  'private exponent:': 'd',
  'prime1:': 'p',
  'prime2:': 'q',
  'exponent1:': 'dp',
  'exponent2:': 'dq',
  'exp1:': 'dp',
  'exp2:': 'dq',
  'coefficient:': 'qi',
  'priv:': 'w',
  'private key:': 'w',
  'pub:': 'point',
  'x:': 'x',
  'y:': 'y',
  'P:': 'P',
  'p:': 'P',
  'Q:': 'Q',
  'q:': 'Q',
  'G:': 'G',
  'g:': 'G',
  'public key:': 'Y',
} as const;
type Member = (typeof MEMBERS)[keyof typeof MEMBERS];
const LABELS = Object.entries(MEMBERS);
const PRIVATE: readonly Member[] = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'w'];

/** Of RSA-16384. */
const MAX_OCTETS = 2_080;
/** What stands between two members: a blank line, the number of bits, the name of the curve. */
const MAX_LINES_BETWEEN = 4;
const MAX_MEMBERS = 16;
/** Between a label and its value. */
const MAX_BLANKS = 32;

/** From `prime1:` on, what is before isn't asked for: a printed key was found by its exponent already. */
const ANCHORS = ['privateExponent:', 'private exponent:', 'prime1:', 'priv:', 'private key:'];
const PRIME = 2;
/** Printed, with its label and the public exponent; of RSA-8192. */
const MAX_MODULUS = 4_096;

interface Candidate {
  readonly octets: Partial<Record<Member, Uint8Array>>;
  /** From the first private value to the last. */
  readonly span: Span;
}

function lineAfter(bytes: Uint8Array, at: number): number {
  const end = bytes.indexOf(0x0a, at);
  return end < 0 ? bytes.length : end + 1;
}

/** The members from the label at `from` on, in any order, each once. */
function readMembers(bytes: Uint8Array, from: number): Candidate | undefined {
  const octets: Partial<Record<Member, Uint8Array>> = {};
  let span: Span | undefined;
  let between = 0;
  for (let at = from, count = 0; at < bytes.length && between <= MAX_LINES_BETWEEN && count < MAX_MEMBERS; ) {
    let start = at;
    while (bytes[start] === 0x20 || bytes[start] === 0x09) start++;
    const [label, member] = LABELS.find(([text]) => hasText(bytes, start, text)) ?? [];
    if (!label || !member) {
      at = lineAfter(bytes, at);
      between++;
      continue;
    }
    if (octets[member]) break;
    let value = start + label.length;
    while (value < start + label.length + MAX_BLANKS && isBlank(bytes[value])) value++;
    const text = readOctetText(bytes, value, 'hex', MAX_OCTETS);
    octets[member] = text.octets;
    count++;
    between = 0;
    if (PRIVATE.includes(member)) span = { start: span?.start ?? value, end: text.next };
    at = lineAfter(bytes, text.next);
  }
  if (span) return { octets, span };
  wipe(octets);
  return undefined;
}

function wipe(octets: Candidate['octets']): void {
  for (const value of Object.values(octets)) value.fill(0);
}

/** What the members could be, most telling first. */
function partsOf({ n, e, d, p, q, dp, dq, qi, w, point, x, y, P, Q, G, Y }: Candidate['octets']): KeyParts[] {
  const number = (octets: Uint8Array | undefined): bigint | undefined =>
    octets?.length ? bigintFromBe(octets) : undefined;
  if (!w) {
    // `publicExponent: 65537 (0x10001)` is no octets: the usual ones are tried.
    const exponent = e && e.length > 2 ? number(e) : undefined;
    const numbers = { n: number(n), d: number(d), p: number(p), q: number(q) };
    return [{ type: 'rsa', numbers: { ...numbers, e: exponent, dp: number(dp), dq: number(dq), qi: number(qi) } }];
  }
  const prime = number(P);
  const [order, generator] = [number(Q), number(G)];
  if (prime && order && generator) {
    const numbers = { p: prime, q: order, g: generator, x: bigintFromBe(w), y: number(point ?? Y) };
    return [{ type: 'dsa', numbers }];
  }
  const publicKey = point ?? x;
  if (!publicKey) return [];
  if (y) return [{ type: 'ec', numbers: { scalar: w, point: pointOf(publicKey, y) } }];
  const curves = publicKey.length === 32 ? (['Ed25519', 'X25519'] as const) : (['Ed448', 'X448'] as const);
  return [
    { type: 'ec', numbers: { scalar: w, point: publicKey } },
    ...curves.map((curve): KeyParts => ({ type: 'okp', numbers: { curve, privateKey: w, publicKey } })),
  ];
}

/** `04‖X‖Y` (SEC 1, 2.3.3) of integers that may have a zero in front, or lack theirs. */
function pointOf(x: Uint8Array, y: Uint8Array): Uint8Array {
  const size = [32, 48, 66].find((bytes) => bytes >= Math.max(x.length, y.length) - 1) ?? 0;
  const point = new Uint8Array(1 + 2 * size);
  point[0] = 4;
  for (const [i, value] of [x, y].entries()) {
    const octets = value.subarray(Math.max(0, value.length - size));
    point.set(octets, 1 + (i + 1) * size - octets.length);
  }
  return point;
}

export default defineDetector<Candidate>({
  id: 'private-key-printed',
  title: 'Private key, printed by openssl or certtool',
  severity: 'critical',
  doc: `
What \`openssl pkey -text\`, \`openssl rsa -text\` and GnuTLS's \`certtool\` print of a private key: \`privateExponent:\`, \`prime1:\`, \`priv:\`, \`private key:\`, each with
octets behind. RSA, EC, Ed25519, Ed448, X25519, X448, DSA. Logs of builds, tickets, files that were kept beside the key.

**Proof**: n = p·q, d·G = Q or y = g^x mod p, with the public half that is printed as well.

**What to do**: replace the key pair, revoke its certificates, and find out who could read the file.
`,
  anchors: ANCHORS.map((text) => ({ text })),
  // RSA-8192: each octet three characters, lines of 15 octets are indented.
  reach: { before: MAX_MODULUS, after: 16_384 },

  parse({ bytes, at, length, anchor }) {
    let value = at + length;
    while (value < at + length + MAX_BLANKS && isBlank(bytes[value])) value++;
    const first = readOctetText(bytes, value, 'hex', MAX_OCTETS);
    const count = first.octets.length;
    first.octets.fill(0);
    if (count < 16 || bytes[value + 2] !== 0x3a) return undefined;
    const modulus = anchor >= PRIME ? -1 : indexOfText(bytes, 'odulus:', Math.max(0, at - MAX_MODULUS), at);
    return readMembers(bytes, modulus > 0 ? modulus - 1 : at);
  },

  verify({ octets, span }) {
    for (const parts of partsOf(octets)) {
      const claims = claimKey(parts, 'printed', span);
      if (claims.length === 0) continue;
      wipe(octets);
      return claims;
    }
    wipe(octets);
    return [];
  },

  examples(make) {
    const lines = (value: Uint8Array, perLine: number, indent: string): string => {
      const pairs = make.hex(value).match(/../g) ?? [];
      const rows: string[] = [];
      for (let i = 0; i < pairs.length; i += perLine) rows.push(pairs.slice(i, i + perLine).join(':'));
      return rows.map((row) => indent + row).join(perLine === 15 ? ':\n' : '\n');
    };
    const signed = (value: bigint): Uint8Array => make.concat(Uint8Array.of(0), make.be(value));
    const openssl = (value: Uint8Array): string => `\n${lines(value, 15, '    ')}\n`;
    const gnutls = (value: Uint8Array): string => `\n${lines(value, 16, '\t')}\n\n`;
    const hit = (name: string, key: AnyKey, text: string, first: string, last: string): Hit => ({
      name,
      bytes: make.ascii(text),
      span: { start: text.indexOf(first), end: text.indexOf(last) + last.length },
      verdict: 'proven',
      traits: { form: 'printed', publicKeySha256: make.publicKeySha256(key) },
      secrets: make.secrets(key),
    });
    const rsa = make.rsa(2048);
    const text = (indent: string, value: Uint8Array): string =>
      lines(value, indent === '\t' ? 16 : 15, indent).slice(indent.length);
    const { n, d, p, q, dp, dq, qi } = rsa;
    const printed = `Private-Key: (2048 bit, 2 primes)
modulus:${openssl(signed(n))}publicExponent: 65537 (0x10001)
privateExponent:${openssl(make.be(d))}prime1:${openssl(signed(p))}prime2:${openssl(signed(q))}exponent1:${openssl(make.be(dp))}exponent2:${openssl(make.be(dq))}coefficient:${openssl(make.be(qi))}`;
    const certtool = `modulus:${gnutls(signed(n))}public exponent:${gnutls(Uint8Array.of(1, 0, 1))}private exponent:${gnutls(make.be(d))}prime1:${gnutls(signed(p))}prime2:${gnutls(signed(q))}coefficient:${gnutls(make.be(qi))}exp1:${gnutls(make.be(dp))}exp2:${gnutls(make.be(dq))}`;
    const [p256, p521] = [make.ec('P-256'), make.ec('P-521')];
    const ec = (key: typeof p256): string =>
      `priv:${openssl(key.d)}pub:${openssl(make.concat(Uint8Array.of(4), key.x, key.y))}ASN1 OID: prime256v1\n`;
    const okps = (['Ed25519', 'Ed448', 'X25519', 'X448'] as const).map((curve) => make.okp(curve));
    const dsa = make.dsa();
    return {
      hits: [
        hit('openssl, RSA', rsa, printed, text('    ', make.be(d)), text('    ', make.be(qi))),
        hit('certtool, RSA', rsa, certtool, text('\t', make.be(d)), text('\t', make.be(dq))),
        hit(
          'openssl, head cut off',
          rsa,
          printed.slice(printed.indexOf('prime1')),
          text('    ', signed(p)),
          text('    ', make.be(qi)),
        ),
        ...[p256, p521].map((key) =>
          hit(`openssl, ${key.curve}`, key, ec(key), text('    ', key.d), text('    ', key.d)),
        ),
        hit(
          'certtool, EC',
          p256,
          `curve:\tSECP256R1\nprivate key:${gnutls(p256.d)}x:${gnutls(p256.x)}y:${gnutls(make.concat(Uint8Array.of(0), p256.y))}`,
          text('\t', p256.d),
          text('\t', p256.d),
        ),
        ...okps.map((key) =>
          hit(
            `openssl, ${key.curve}`,
            key,
            `${key.curve.toUpperCase()} Private-Key:\npriv:${openssl(key.d)}pub:${openssl(key.x)}`,
            text('    ', key.d),
            text('    ', key.d),
          ),
        ),
        hit(
          'openssl, DSA',
          dsa,
          `Private-Key: (2048 bit)\npriv:${openssl(make.be(dsa.x))}pub: ${openssl(make.be(dsa.y))}P:   ${openssl(signed(dsa.p))}Q:   ${openssl(signed(dsa.q))}G:   ${openssl(make.be(dsa.g))}`,
          text('    ', make.be(dsa.x)),
          text('    ', make.be(dsa.x)),
        ),
        hit(
          'certtool, DSA',
          dsa,
          `private key:${gnutls(make.be(dsa.x))}public key:${gnutls(make.be(dsa.y))}p:${gnutls(signed(dsa.p))}q:${gnutls(signed(dsa.q))}g:${gnutls(make.be(dsa.g))}`,
          text('\t', make.be(dsa.x)),
          text('\t', make.be(dsa.x)),
        ),
      ],
      misses: [
        { name: 'a label without a value', bytes: make.ascii('priv: see above\n'), reaches: 'anchor' },
        { name: 'public half alone', bytes: make.ascii(`pub:${openssl(p256.x)}`), reaches: 'anchor' },
        {
          name: 'another point',
          bytes: make.ascii(ec({ ...p256, x: make.bytes(32) })),
          reaches: 'verify',
        },
      ],
    };
  },
});
