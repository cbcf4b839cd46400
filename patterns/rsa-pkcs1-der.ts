// PKCS#1 RSAPrivateKey in DER at any offset (RFC 8017, A.1.2): version, n, e, d, p, q, dP, dQ, qInv.
import { sequenceHeaderBefore } from '../src/bytes/der.ts';
import { readPrivateKey } from '../src/keys/asn1.ts';
import { claimKey } from '../src/keys/claims.ts';
import type { KeyDocument } from '../src/keys/key-parts.ts';
import { defineDetector } from '../src/model/detector.ts';

export default defineDetector<KeyDocument>({
  id: 'rsa-pkcs1-der',
  title: 'RSA private key in DER (PKCS#1)',
  severity: 'critical',
  doc: `
An RSAPrivateKey structure ([RFC 8017, A.1.2](https://www.rfc-editor.org/rfc/rfc8017#appendix-A.1.2)) in binary: keystores,
key files read into memory, buffers that a PEM was decoded into, the inner part of PKCS#8.

**Proof**: n = p·q, or 2^(ed) = 2 mod n when the end is cut off.

**What to do**: replace the key pair, revoke its certificates, and find out who could read the dump.
`,
  // Version 0 (1 for more than two primes), then the header of n: 2 length bytes from 2048 bits on, 1 from 1024, 0 below.
  anchors: [
    { bytes: '30 82 ?? ?? 02 01 00 02 82' },
    { bytes: '30 82 ?? ?? 02 01 00 02 81' },
    { bytes: '30 82 ?? ?? 02 01 01 02 82' },
    { bytes: '02 01 00 02 41 00' },
    { bytes: '02 01 00 02 61 00' },
  ],
  // RSA-16384.
  reach: { before: 4, after: 9_600 },

  parse({ bytes, at, anchor }) {
    const start = anchor < 3 ? at : sequenceHeaderBefore(bytes, at);
    const document = start < 0 ? undefined : readPrivateKey(bytes, start);
    return document?.parts.type === 'rsa' ? document : undefined;
  },

  verify: (document) => claimKey(document.parts, 'der', document),

  examples(make) {
    const hit = (bits: number) => {
      const key = make.rsa(bits);
      const bytes = make.pkcs1(key);
      return {
        name: `${bits} bits`,
        bytes,
        span: { start: 0, end: bytes.length },
        verdict: 'proven' as const,
        traits: {
          algorithm: 'RSA',
          bits,
          form: 'der',
          proof: 'p*q=n',
          publicKeySha256: make.publicKeySha256(key),
        } as const,
        secrets: make.secrets(key),
      };
    };
    const key = make.rsa(2048);
    const { der } = make;
    const numbers = [key.e, key.d, key.p, key.q, key.dp, key.dq, key.qi].map((value) => der.int(value));
    const wrong = der.seq(der.int(0), der.int(key.n + 2n), ...numbers);
    return {
      hits: [hit(512), hit(768), hit(1024), hit(2048), hit(3072)],
      misses: [
        { name: 'n is not p*q', bytes: wrong, reaches: 'verify' },
        { name: 'lengths of noise', bytes: make.concat(wrong.slice(0, 12), make.bytes(400)), reaches: 'anchor' },
      ],
    };
  },
});
