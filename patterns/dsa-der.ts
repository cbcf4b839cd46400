// OpenSSL's DSAPrivateKey in DER at any offset: version 0, p, q, g, y, x (dsa_asn1.c; no RFC defines it).
import { sequenceHeaderBefore } from '../src/bytes/der.ts';
import { readPrivateKey } from '../src/keys/asn1.ts';
import { claimKey } from '../src/keys/claims.ts';
import type { KeyDocument } from '../src/keys/key-parts.ts';
import { defineDetector } from '../src/model/detector.ts';

export default defineDetector<KeyDocument>({
  id: 'dsa-der',
  title: 'DSA private key in DER',
  severity: 'critical',
  doc: `
A DSAPrivateKey structure in binary: the SEQUENCE of 0, p, q, g, y and x that OpenSSL writes (\`crypto/dsa/dsa_asn1.c\`) and that
a \`DSA PRIVATE KEY\` PEM decodes to.

**Proof**: q divides p − 1, g generates the subgroup of order q, and y = g^x mod p.

**What to do**: replace the key pair. DSA is no longer approved for signing (FIPS 186-5): take another algorithm.
`,
  // Version, then p of 512, 768, 1024, 2048 or 3072 bits: the top byte of a prime is never 00 after the padding.
  anchors: [
    { bytes: '02 01 00 02 41 00' },
    { bytes: '02 01 00 02 61 00' },
    { bytes: '02 01 00 02 81 81 00' },
    { bytes: '02 01 00 02 81 c1 00' },
    { bytes: '30 82 ?? ?? 02 01 00 02 82' },
  ],
  reach: { before: 4, after: 2_400 },

  parse({ bytes, at, anchor }) {
    const start = anchor === 4 ? at : sequenceHeaderBefore(bytes, at);
    const document = start < 0 ? undefined : readPrivateKey(bytes, start);
    return document?.parts.type === 'dsa' ? document : undefined;
  },

  verify: (document) => claimKey(document.parts, 'der', document),

  examples(make) {
    const key = make.dsa();
    const bytes = make.dsaKey(key);
    return {
      hits: [
        {
          name: 'OpenSSL',
          bytes,
          span: { start: 0, end: bytes.length },
          verdict: 'proven',
          traits: { algorithm: 'DSA', form: 'der', proof: 'd*G=Q', publicKeySha256: make.publicKeySha256(key) },
          secrets: make.secrets(key),
        },
      ],
      misses: [
        { name: 'y of another key', bytes: make.dsaKey({ ...key, y: make.dsa().y }), reaches: 'verify' },
        { name: 'q does not divide p-1', bytes: make.dsaKey({ ...key, q: key.q + 2n }), reaches: 'verify' },
        { name: 'RSA key', bytes: make.pkcs1(make.rsa(2048)), reaches: 'anchor' },
      ],
    };
  },
});
