// PKCS#8 PrivateKeyInfo and OneAsymmetricKey in DER at any offset (RFC 5208, 5958, 8410). The anchors begin at the
// version, behind the outer header, whose length varies with the key.
import { sequenceHeaderBefore } from '../src/bytes/der.ts';
import { readPrivateKey } from '../src/keys/asn1.ts';
import { claimKey } from '../src/keys/claims.ts';
import type { KeyDocument } from '../src/keys/key-parts.ts';
import { defineDetector, type Hit } from '../src/model/detector.ts';
import type { AnyKey } from '../src/model/make.ts';

export default defineDetector<KeyDocument>({
  id: 'private-key-pkcs8-der',
  title: 'Private key in DER (PKCS#8)',
  severity: 'critical',
  doc: `
A PrivateKeyInfo structure ([RFC 5958](https://www.rfc-editor.org/rfc/rfc5958), [RFC 8410](https://www.rfc-editor.org/rfc/rfc8410))
in binary: what Java, Go, .NET and WebCrypto export, what a PEM decodes to, what PKCS#12 wraps. RSA (also restricted to PSS
or OAEP), EC on all curves of OpenSSL's, Ed25519, Ed448, X25519, X448, DSA, DH; ML-DSA ([RFC 9881](https://www.rfc-editor.org/rfc/rfc9881)), ML-KEM and
SLH-DSA ([RFC 9909](https://www.rfc-editor.org/rfc/rfc9909)), as seeds or expanded.

**Proof**: n = p·q, d·G = Q; of expanded keys of ML-DSA and ML-KEM t = A·s + e, and the digest of the public key that they hold. Where the structure
holds no public key (Java's EC keys, Ed25519, DSA, DH, seeds), it is complete to the
last byte, the private value looks drawn at random, and the public key is derived from it. Libraries carry the first 16 bytes
of an Ed25519 structure as a constant: what follows there is no key and is not reported.

**What to do**: replace the key pair, revoke its certificates, and find out who could read the dump.
`,
  // Version (0, or 1 with a public key), AlgorithmIdentifier. Explicit EC parameters make a long AlgorithmIdentifier.
  anchors: [
    { bytes: '02 01 ?? 30 ?? 06 09 2a 86 48 86 f7 0d 01 01' },
    { bytes: '02 01 ?? 30 ?? 06 07 2a 86 48 ce 3d 02 01' },
    { bytes: '02 01 ?? 30 81 ?? 06 07 2a 86 48 ce 3d 02 01' },
    { bytes: '02 01 ?? 30 82 ?? ?? 06 07 2a 86 48 ce 3d 02 01' },
    { bytes: '02 01 ?? 30 05 06 03 2b 65 ?? 04' },
    { bytes: '02 01 ?? 30 07 06 03 2b 65 ?? 05 00 04' },
    { bytes: '02 01 ?? 30 81 ?? 06 07 2a 86 48 ce 38 04 01' },
    { bytes: '02 01 ?? 30 82 ?? ?? 06 07 2a 86 48 ce 38 04 01' },
    { bytes: '02 01 ?? 30 81 ?? 06 09 2a 86 48 86 f7 0d 01 03 01' },
    { bytes: '02 01 ?? 30 82 ?? ?? 06 09 2a 86 48 86 f7 0d 01 03 01' },
    { bytes: '02 01 ?? 30 82 ?? ?? 06 07 2a 86 48 ce 3e 02 01' },
    { bytes: '02 01 ?? 30 0b 06 09 60 86 48 01 65 03 04' },
  ],
  // RSA-16384 and some attributes.
  reach: { before: 5, after: 10_240 },

  parse({ bytes, at }) {
    const start = sequenceHeaderBefore(bytes, at);
    return start < 0 ? undefined : readPrivateKey(bytes, start);
  },

  verify: (document) => claimKey(document.parts, 'der', document),

  examples(make) {
    const { der } = make;
    const version = (bytes: Uint8Array, at: number): Uint8Array => {
      bytes[at] = 1;
      return bytes;
    };
    const hit = (name: string, key: AnyKey, bytes: Uint8Array, more: Hit['traits'] = {}): Hit => ({
      name,
      bytes,
      span: { start: 0, end: bytes.length },
      verdict: 'proven',
      traits: { form: 'der', publicKeySha256: make.publicKeySha256(key), ...more },
      secrets: make.secrets(key),
    });
    const rsa = make.rsa(2048);
    const ec = make.ec('P-256');
    const ed = make.okp('Ed25519');
    const edOid = der.seq(der.oid('1.3.101.112'));
    const edKey = der.oct(der.oct(ed.d));
    const ids = Object.fromEntries(
      (['Ed25519', 'Ed448', 'X25519', 'X448'] as const).map((curve) => [curve, make.okp(curve)] as const),
    );
    const pss = der.seq(der.int(0), der.seq(der.oid('1.2.840.113549.1.1.10')), der.oct(make.pkcs1(rsa)));
    const dh = der.seq(
      der.int(0),
      der.seq(der.oid('1.2.840.113549.1.3.1'), der.seq(der.int(rsa.p), der.int(2))),
      der.oct(der.int(make.dsa().x)),
    );
    const damaged = make.pkcs8(ec).slice();
    damaged[damaged.length - 8]! ^= 0x10; // a bit of the point
    const postQuantum = (name: string, dotted: string, privateKey: Uint8Array, secret: Uint8Array): Hit => {
      const bytes = der.seq(der.int(0), der.seq(der.oid(dotted)), der.oct(privateKey));
      const traits = { form: 'der', algorithm: name, proof: 'document' } as Hit['traits'];
      return { name, bytes, span: { start: 0, end: bytes.length }, verdict: 'proven', traits, secrets: [secret] };
    };
    const [dsaSeed, kemSeed, slhKey] = [make.bytes(32), make.bytes(64), make.bytes(96)];
    const template = make.concat(make.pkcs8(ed).slice(0, 16), new Uint8Array(64));
    const text = make.concat(make.pkcs8(ed).slice(0, 16), make.ascii('curve25519 private key too short'));
    return {
      hits: [
        hit('RSA-2048', rsa, make.pkcs8(rsa), { algorithm: 'RSA', bits: 2048, proof: 'p*q=n' }),
        hit('RSA-1024', ...withKey(make.rsa(1024), make.pkcs8), { bits: 1024 }),
        hit('RSA-512', ...withKey(make.rsa(512), make.pkcs8), { bits: 512 }),
        { ...hit('RSA-PSS', rsa, pss), traits: { algorithm: 'RSA', bits: 2048, proof: 'p*q=n' } },
        ...(['P-256', 'P-384', 'P-521', 'secp256k1', 'brainpoolP256r1'] as const).map((curve) =>
          hit(curve, ...withKey(make.ec(curve), make.pkcs8), { algorithm: 'EC', curve, proof: 'd*G=Q' }),
        ),
        hit('P-256 without point', ec, make.pkcs8(ec, { publicKey: false }), { proof: 'document' }),
        ...Object.entries(ids).map(([curve, key]) => hit(curve, key, make.pkcs8(key), { proof: 'document' })),
        hit(
          'Ed25519 with public key',
          ed,
          version(der.seq(der.int(0), edOid, edKey, der.prim(1, make.concat(new Uint8Array(1), ed.x))), 4),
          {
            algorithm: 'Ed25519',
            proof: 'd*G=Q',
          },
        ),
        hit('DSA', ...withKey(make.dsa(), make.pkcs8), { algorithm: 'DSA', proof: 'document' }),
        postQuantum('ML-DSA-65', '2.16.840.1.101.3.4.3.18', der.prim(0, dsaSeed), dsaSeed),
        postQuantum('ML-KEM-768', '2.16.840.1.101.3.4.4.2', der.prim(0, kemSeed), kemSeed),
        postQuantum('SLH-DSA-SHAKE-192f', '2.16.840.1.101.3.4.3.29', slhKey, slhKey),
        { ...hit('DH', rsa, dh), traits: { algorithm: 'DH', bits: 1024, proof: 'document' }, secrets: [] },
      ],
      misses: [
        { name: 'Ed25519 prefix, then zeros', bytes: template, reaches: 'verify' },
        { name: 'Ed25519 prefix, then text', bytes: text, reaches: 'verify' },
        { name: 'point damaged', bytes: damaged, reaches: 'verify' },
        {
          name: 'ML-DSA, expanded, of random bytes',
          bytes: der.seq(der.int(0), der.seq(der.oid('2.16.840.1.101.3.4.3.17')), der.oct(der.oct(make.bytes(2560)))),
          reaches: 'verify',
        },
      ],
    };
  },
});

const withKey = <K>(key: K, encode: (key: K) => Uint8Array): [K, Uint8Array] => [key, encode(key)];
