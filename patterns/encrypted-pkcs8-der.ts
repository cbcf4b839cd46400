// PKCS#8 EncryptedPrivateKeyInfo in DER at any offset (RFC 5958, 3): SEQUENCE { AlgorithmIdentifier, OCTET STRING }.
import { sequenceHeaderBefore } from '../src/bytes/der.ts';
import { readPrivateKey } from '../src/keys/asn1.ts';
import { claimKey } from '../src/keys/claims.ts';
import type { KeyDocument } from '../src/keys/key-parts.ts';
import { defineDetector, type Hit } from '../src/model/detector.ts';

export default defineDetector<KeyDocument>({
  id: 'encrypted-pkcs8-der',
  title: 'Encrypted private key in DER (PKCS#8)',
  severity: 'medium',
  doc: `
An EncryptedPrivateKeyInfo structure ([RFC 5958, 3](https://www.rfc-editor.org/rfc/rfc5958#section-3)) in binary: key files,
PKCS#12 key bags, the entries of JKS and JCEKS keystores. Encrypted by PBES2 or PBES1 ([RFC 8018](https://www.rfc-editor.org/rfc/rfc8018)),
a PKCS#12 scheme ([RFC 7292, C](https://www.rfc-editor.org/rfc/rfc7292#appendix-C)) or Java's own.

Default passwords (none, \`changeit\`, …) are tried.

**Proof**: a key that opens is proven by its numbers. Else the structure is complete to its last byte and names a scheme for
private keys; the content looks encrypted. Which key it is can't be seen.

**What to do**: the key is as safe as its password. Check where the password is kept, above all whether it lies in the same
dump; replace the key pair if it is weak.
`,
  // AlgorithmIdentifier: PBES2, PBES1 (its OIDs end in 1, 3, 4, 6, 10, 11), PKCS#12, JKS, JCEKS.
  anchors: [
    { bytes: '30 ?? 06 09 2a 86 48 86 f7 0d 01 05 0d 30' },
    { bytes: '30 ?? 06 09 2a 86 48 86 f7 0d 01 05 ?? 30 ?? 04 08' },
    { bytes: '30 ?? 06 0a 2a 86 48 86 f7 0d 01 0c 01 ?? 30' },
    { bytes: '30 ?? 06 0a 2b 06 01 04 01 2a 02 11 01 01' },
    { bytes: '30 ?? 06 09 2b 06 01 04 01 2a 02 13 01' },
    { bytes: '30 81 ?? 06 09 2a 86 48 86 f7 0d 01 05 0d 30' },
  ],
  reach: { before: 5, after: 8_192 },

  parse({ bytes, at }) {
    const start = sequenceHeaderBefore(bytes, at);
    const document = start < 0 ? undefined : readPrivateKey(bytes, start);
    return document?.parts.type === 'encrypted' ? document : undefined;
  },

  verify: (document) => claimKey(document.parts, 'der', document),

  examples(make) {
    const { der } = make;
    const key = make.pkcs8(make.ec('P-256'));
    const password = make.ascii(make.text(12));
    const salt = make.bytes(8);
    const iv = make.bytes(16);
    const content = make.encrypt('aes-256-cbc', make.pbkdf2('sha256', password, salt, 2048, 32), iv, key);
    const kdf = der.seq(der.oid('1.2.840.113549.1.5.12'), der.seq(der.oct(salt), der.int(2048)));
    const cipher = der.seq(der.oid('2.16.840.1.101.3.4.1.42'), der.oct(iv));
    const pbes2 = der.seq(der.oid('1.2.840.113549.1.5.13'), der.seq(kdf, cipher));
    const salted = (oid: string) => der.seq(der.oid(oid), der.seq(der.oct(salt), der.int(2048)));
    const hit = (name: string, algorithm: Uint8Array, protection: NonNullable<Hit['traits']['protection']>): Hit => {
      const bytes = der.seq(algorithm, der.oct(content));
      const span = { start: 0, end: bytes.length };
      const traits = { form: 'der', proof: 'document', protection } as const;
      return { name, bytes, span, verdict: 'proven', traits, secrets: [content] };
    };
    const open = make.encrypt('aes-256-cbc', make.pbkdf2('sha1', make.ascii('changeit'), salt, 2048, 32), iv, key);
    const opened = der.seq(pbes2, der.oct(open));
    return {
      hits: [
        hit('PBES2', pbes2, 'pbes2'),
        {
          name: 'default password',
          bytes: opened,
          span: { start: 0, end: opened.length },
          verdict: 'proven',
          traits: { form: 'der', algorithm: 'EC', openedWithDefaultPassword: true },
          secrets: [key],
        },
        hit('PBES1 with SHA-1 and DES', salted('1.2.840.113549.1.5.10'), 'pbes1'),
        hit('PKCS#12 with 3DES', salted('1.2.840.113549.1.12.1.3'), 'pkcs12-pbe'),
        hit('JKS', der.seq(der.oid('1.3.6.1.4.1.42.2.17.1.1'), der.nul()), 'jks'),
        hit('JCEKS', der.seq(der.oid('1.3.6.1.4.1.42.2.19.1'), der.seq(der.oct(salt), der.int(200_000))), 'jceks'),
      ],
      misses: [
        { name: 'cut off', bytes: der.seq(pbes2, der.oct(content)).slice(0, 150), reaches: 'anchor' },
        { name: 'zeros for a content', bytes: der.seq(pbes2, der.oct(new Uint8Array(160))), reaches: 'anchor' },
        { name: 'PKCS#12 content', bytes: der.seq(der.oid('1.2.840.113549.1.7.1'), pbes2), reaches: 'anchor' },
      ],
    };
  },
});
