// SEC1 ECPrivateKey in DER at any offset (RFC 5915): version 1, scalar, [0] curve, [1] point. Two traps: inside PKCS#8
// the curve stands outside of it, and in freed memory the allocator has overwritten its first bytes.
import { readTag, sequenceHeaderBefore, TAG } from '../src/bytes/der.ts';
import { readPrivateKey } from '../src/keys/asn1.ts';
import { claimKey } from '../src/keys/claims.ts';
import type { KeyDocument } from '../src/keys/key-parts.ts';
import { defineDetector, type Hit } from '../src/model/detector.ts';
import type { EcKey } from '../src/model/make.ts';

/** Version and the tag of the scalar, whose size is the curve's. */
const VERSION = { bytes: '02 01 01 04' };
/** [1], BIT STRING, uncompressed point; the scalar's size in bytes. */
const POINTS = [
  { bytes: 'a1 44 03 42 00 04', size: 32 },
  { bytes: 'a1 64 03 62 00 04', size: 48 },
  { bytes: 'a1 81 85 03 81 82 00 04', size: 64 },
  { bytes: 'a1 81 89 03 81 86 00 04', size: 66 },
];

export default defineDetector<KeyDocument>({
  id: 'ec-sec1-der',
  title: 'EC private key in DER (SEC1)',
  severity: 'critical',
  doc: `
An ECPrivateKey structure ([RFC 5915](https://www.rfc-editor.org/rfc/rfc5915)) in binary: what an \`EC PRIVATE KEY\` PEM
decodes to, and the inner part of PKCS#8. Also what freed memory still holds of it: scalar and point without their header.

**Proof**: the point is recomputed from the scalar (d·G = Q). A structure without a point must name its curve, be complete to
the last byte and hold a scalar that looks drawn at random.

**What to do**: replace the key pair, revoke its certificates, and find out who could read the dump.
`,
  anchors: [VERSION, ...POINTS.map(({ bytes }) => ({ bytes }))],
  // Before a point: header, scalar and curve. After a version: explicit parameters and point of P-521.
  reach: { before: 96, after: 768 },

  parse({ bytes, at, anchor }) {
    if (anchor > 0) return readHeadless(bytes, at, POINTS[anchor - 1]!.size);
    const document = readWhole(bytes, at);
    if (document?.parts.type !== 'ec') return undefined;
    // Neither curve nor point: the inner part of PKCS#8 as Java writes it; the whole of it has its own detector.
    return document.parts.numbers.curve || document.parts.numbers.point ? document : undefined;
  },

  verify: (document) => claimKey(document.parts, 'der', document),

  examples(make) {
    const hit = (name: string, key: EcKey, bytes: Uint8Array, more: Hit['traits'] = {}): Hit => ({
      name,
      bytes,
      span: { start: 0, end: bytes.length },
      verdict: 'proven',
      traits: {
        algorithm: 'EC',
        form: 'der',
        curve: key.curve,
        proof: 'd*G=Q',
        publicKeySha256: make.publicKeySha256(key),
        ...more,
      },
      secrets: make.secrets(key),
    });
    const curves = [
      ...(['P-256', 'P-384', 'P-521', 'P-224', 'secp256k1', 'brainpoolP256r1', 'brainpoolP512r1'] as const),
      ...(['SM2', 'brainpoolP320r1', 'secp160k1', 'sect233k1'] as const),
    ];
    const key = make.ec('P-256');
    const { der } = make;
    const bare = make.sec1(key, { parameters: false });
    const freed = make.sec1(key);
    freed.set(make.bytes(7));
    const freedBare = bare.slice();
    freedBare.set(make.bytes(7));
    const parity = key.y[key.y.length - 1]! & 1;
    const compressed = der.seq(
      der.int(1),
      der.oct(key.d),
      der.ctx(0, der.oid('1.2.840.10045.3.1.7')),
      der.ctx(1, der.bits(make.concat(Uint8Array.of(2 | parity), key.x))),
    );
    const stranger = make.sec1({ ...make.ec('P-256'), d: key.d });
    const scalar = { start: 7, end: bare.length };
    return {
      hits: [
        ...curves.map((curve) => make.ec(curve)).map((each) => hit(each.curve, each, make.sec1(each))),
        hit('without curve', key, bare),
        hit('without point', key, make.sec1(key, { publicKey: false }), { proof: 'document' }),
        hit('compressed point', key, compressed),
        { ...hit('header overwritten', key, freed), span: { start: 7, end: freed.length } },
        { ...hit('header overwritten, no curve', key, freedBare), span: scalar },
      ],
      misses: [
        { name: 'another scalar', bytes: stranger, reaches: 'verify' },
        { name: 'neither curve nor point', bytes: der.seq(der.int(1), der.oct(key.d)), reaches: 'anchor' },
        { name: 'noise', bytes: make.concat(Uint8Array.of(2, 1, 1, 4, 32), make.bytes(80)), reaches: 'anchor' },
      ],
    };
  },
});

function readWhole(bytes: Uint8Array, versionAt: number): KeyDocument | undefined {
  const start = sequenceHeaderBefore(bytes, versionAt);
  return start < 0 ? undefined : readPrivateKey(bytes, start);
}

/** The scalar that ends where [1] begins, or where [0] before it begins; undefined when its document is whole. */
function readHeadless(bytes: Uint8Array, at: number, size: number): KeyDocument | undefined {
  const wrapper = readTag(bytes, at, 0xa1);
  const bits = wrapper && readTag(bytes, wrapper.start, TAG.BIT_STRING, wrapper.end);
  if (!bits || bits.cut) return undefined;
  const end = curveBefore(bytes, at);
  const start = end - size;
  if (start < 0 || (start >= 5 && readWhole(bytes, start - 5))) return undefined;
  const numbers = { scalar: bytes.subarray(start, end), point: bytes.subarray(bits.start + 1, bits.end) };
  return { parts: { type: 'ec', numbers }, start, end: bits.end };
}

/** Where the [0] that ends at `at` begins; `at` itself when there is none. */
function curveBefore(bytes: Uint8Array, at: number): number {
  for (let start = at - 16; start <= at - 8; start++) {
    const wrapper = readTag(bytes, start, 0xa0, at);
    if (wrapper?.end === at && readTag(bytes, wrapper.start, TAG.OID, at)?.end === at) return start;
  }
  return at;
}
