// Base64 of a DER private key without BEGIN and END lines: one string in JSON, XML or a variable, or wrapped. DER begins
// the same for each kind of key, so its base64 does as well, at an alignment that the length of the header decides.
import { base64Core } from '../src/bytes/base64.ts';
import { isArmoured } from '../src/bytes/pem.ts';
import { type Base64Document, readBase64Document } from '../src/keys/base64-document.ts';
import { claimKey } from '../src/keys/claims.ts';
import { defineDetector, type Hit } from '../src/model/detector.ts';
import type { AnyKey } from '../src/model/make.ts';

/** What follows the outer SEQUENCE header, and the lengths that header has. */
const BEGINNINGS: readonly { readonly der: string; readonly headers: readonly number[]; readonly sec1?: boolean }[] = [
  // PKCS#1: version, n of 1024 bits or more, 512, 768; more than two primes.
  { der: '02 01 00 02 82', headers: [4] },
  { der: '02 01 00 02 81', headers: [4] },
  { der: '02 01 00 02 41 00', headers: [4] },
  { der: '02 01 00 02 61 00', headers: [4] },
  { der: '02 01 01 02 82', headers: [4] },
  // PKCS#8: version, AlgorithmIdentifier of RSA (with NULL, without, with PSS parameters).
  { der: '02 01 00 30 0d 06 09 2a 86 48 86 f7 0d 01 01', headers: [4] },
  { der: '02 01 00 30 0b 06 09 2a 86 48 86 f7 0d 01 01', headers: [4] },
  { der: '02 01 00 30 41 06 09 2a 86 48 86 f7 0d 01 01', headers: [4] },
  // EC: curve identifiers of 8, 5 and 9 bytes; the short header is that of Java, which leaves the point out.
  { der: '02 01 00 30 13 06 07 2a 86 48 ce 3d 02 01', headers: [2, 3] },
  { der: '02 01 00 30 10 06 07 2a 86 48 ce 3d 02 01', headers: [2, 3] },
  { der: '02 01 00 30 14 06 07 2a 86 48 ce 3d 02 01', headers: [2, 3] },
  // Ed25519, Ed448, X25519, X448, without and with public key.
  { der: '02 01 00 30 05 06 03 2b 65', headers: [2] },
  { der: '02 01 01 30 05 06 03 2b 65', headers: [2, 3] },
  // ML-DSA, SLH-DSA; ML-KEM: a seed, or an expanded key.
  { der: '02 01 00 30 0b 06 09 60 86 48 01 65 03 04', headers: [2, 3, 4] },
  // SEC1: version, scalar of 256, 384, 512, 521 bits.
  { der: '02 01 01 04 20', headers: [2], sec1: true },
  { der: '02 01 01 04 30', headers: [2, 3], sec1: true },
  { der: '02 01 01 04 40', headers: [2, 3], sec1: true },
  { der: '02 01 01 04 42', headers: [2, 3], sec1: true },
  // EncryptedPrivateKeyInfo: PBES2, after the header of the AlgorithmIdentifier.
  { der: '06 09 2a 86 48 86 f7 0d 01 05 0d 30', headers: [5, 6] },
];

const ANCHORS = BEGINNINGS.flatMap(({ der, headers, sec1 = false }) => {
  const bytes = Uint8Array.from(der.split(' '), (pair) => Number.parseInt(pair, 16));
  return headers.map((header) => ({
    text: base64Core(bytes, (header % 3) as 0 | 1 | 2),
    /** Characters from the beginning of the base64 to the first one that `bytes` alone determine. */
    offset: Math.ceil((header * 8) / 6),
    sec1,
  }));
});

/** In PKCS#8, the SEC1 part of some curves begins after 27 or 30 bytes: on a whole quantum, as if it stood alone. */
const PKCS8_EC_CHARS = [36, 40];

export default defineDetector<Base64Document>({
  id: 'private-key-der-base64',
  title: 'Private key in base64 of DER',
  severity: 'critical',
  doc: `
A private key in DER (PKCS#1, PKCS#8, SEC1; RSA, EC, Ed25519, Ed448, X25519, X448, ML-DSA, ML-KEM, SLH-DSA) as base64 or base64url without BEGIN and END
lines: one string in JSON, XML, YAML, \`.properties\` or an environment variable (payment providers and Java applications
ask for keys in this form), or wrapped lines. Also encrypted PKCS#8, with less severity.

**Proof**: n = p·q or d·G = Q. Where the document holds no public key, it is complete to the last byte, the private value looks
drawn at random, and the public key is derived from it.

**What to do**: replace the key pair, revoke its certificates, and find out who could read the dump.
`,
  anchors: ANCHORS.map(({ text }) => ({ text, wide: 'utf-16' })),
  // RSA-8192 with line ends; before it, a BEGIN line.
  reach: { before: 160, after: 9_600 },

  parse({ bytes, at, anchor }) {
    const { offset, sec1 } = ANCHORS[anchor]!;
    const start = at - offset;
    // A SEQUENCE of 2, 3 or 4 bytes of header: `M`.
    if (bytes[start] !== 0x4d || isArmoured(bytes, start)) return undefined;
    if (sec1 && PKCS8_EC_CHARS.some((chars) => holdsDocument(bytes, start - chars))) return undefined;
    return readBase64Document(bytes, start);
  },

  verify({ parts, span, scratch }) {
    const claims = claimKey(parts, 'der-base64', span);
    scratch.fill(0);
    return claims;
  },

  examples(make) {
    const hit = (name: string, key: AnyKey, text: string, more: Hit['traits'] = {}): Hit => ({
      name,
      bytes: make.ascii(text),
      span: { start: 0, end: text.length },
      verdict: 'proven',
      traits: { form: 'der-base64', publicKeySha256: make.publicKeySha256(key), ...more },
      secrets: make.secrets(key),
    });
    const inside = (name: string, before: string, text: string, after: string, key: AnyKey): Hit => ({
      ...hit(name, key, before + text + after),
      span: { start: before.length, end: before.length + text.length },
    });
    const rsa = make.rsa(2048);
    const [p256, p384, p521] = [make.ec('P-256'), make.ec('P-384'), make.ec('P-521')];
    const ed = make.okp('Ed25519');
    const pkcs8 = make.base64(make.pkcs8(rsa));
    const wrapped = (eol: string): string => (pkcs8.match(/.{1,64}/g) ?? []).join(eol);
    const { der } = make;
    const scheme = der.seq(der.oid('1.2.840.113549.1.5.13'), der.seq(der.seq(der.int(2048)), der.seq(der.int(1))));
    const damaged = make.pkcs8(p256).slice();
    damaged[damaged.length - 8]! ^= 0x10; // a bit of the point
    const postQuantum = (
      [
        ['ML-DSA-44', '2.16.840.1.101.3.4.3.17', 32],
        ['ML-KEM-1024', '2.16.840.1.101.3.4.4.3', 64],
        ['SLH-DSA-SHA2-256s', '2.16.840.1.101.3.4.3.24', 128],
      ] as const
    ).map(([algorithm, dotted, size]): Hit => {
      const secret = make.bytes(size);
      const privateKey = size === 128 ? secret : der.prim(0, secret);
      const text = make.base64(der.seq(der.int(0), der.seq(der.oid(dotted)), der.oct(privateKey)));
      const traits = { form: 'der-base64', algorithm, proof: 'document' } as const;
      return { ...hit(algorithm, rsa, text), traits, secrets: [secret] };
    });
    return {
      hits: [
        hit('PKCS#8 RSA', rsa, pkcs8, { algorithm: 'RSA', proof: 'p*q=n' }),
        hit('PKCS#1 RSA', rsa, make.base64(make.pkcs1(rsa))),
        hit('base64url', rsa, make.base64url(make.pkcs1(rsa))),
        ...[512, 768, 1024]
          .map((bits) => make.rsa(bits))
          .map((key) => hit(`PKCS#1 RSA-${key.bits}`, key, make.base64(make.pkcs1(key)))),
        ...[p256, p384, p521, make.ec('secp256k1'), make.ec('brainpoolP256r1')].flatMap((key) => [
          hit(`PKCS#8 ${key.curve}`, key, make.base64(make.pkcs8(key)), { algorithm: 'EC', proof: 'd*G=Q' }),
          hit(`PKCS#8 ${key.curve} without point`, key, make.base64(make.pkcs8(key, { publicKey: false }))),
          hit(`SEC1 ${key.curve}`, key, make.base64(make.sec1(key))),
        ]),
        ...(['Ed25519', 'Ed448', 'X25519', 'X448'] as const)
          .map((curve) => make.okp(curve))
          .map((key) => hit(key.curve, key, make.base64(make.pkcs8(key)), { proof: 'document' })),
        ...postQuantum,
        hit('wrapped', rsa, wrapped('\n')),
        hit('escaped line ends', rsa, wrapped('\\r\\n')),
        inside('JSON with escaped slashes', '{"privateKey":"', pkcs8.replaceAll('/', '\\/'), '","x":"AAAA"}', rsa),
        inside('XML', '<key>', make.base64(make.pkcs8(ed)), '</key>', ed),
        inside('environment', 'SIGNING_KEY=', make.base64(make.sec1(p256)), '\0PATH=/bin', p256),
        {
          ...hit('encrypted', p256, make.base64(der.seq(scheme, der.oct(make.bytes(1200))))),
          traits: { form: 'der-base64', protection: 'pbes2' },
          secrets: [],
        },
      ],
      misses: [
        { name: 'in a PEM', bytes: make.ascii(make.pem('PRIVATE KEY', make.pkcs8(p384))), reaches: 'anchor' },
        { name: 'point damaged', bytes: make.ascii(make.base64(damaged)), reaches: 'verify' },
      ],
    };
  },
});

function holdsDocument(bytes: Uint8Array, start: number): boolean {
  const document = bytes[start] === 0x4d ? readBase64Document(bytes, start) : undefined;
  document?.scratch.fill(0);
  return document !== undefined;
}
