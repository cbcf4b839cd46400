// Encrypted keys of cosign and TUF tools (sigstore/cosign KEYS.md, go-securesystemslib/encrypted): JSON with scrypt's
// parameters, a NaCl secretbox nonce and the ciphertext of a PKCS#8 document; as PEM, or bare.
import { decodeBase64 } from '../src/bytes/base64.ts';
import { looksRandom } from '../src/bytes/entropy.ts';
import { readBody, readMarker } from '../src/bytes/pem.ts';
import { indexOfText, lastIndexOfText } from '../src/bytes/reader.ts';
import { claimKey } from '../src/keys/claims.ts';
import type { KeyDocument } from '../src/keys/key-parts.ts';
import { defineDetector, type Hit } from '../src/model/detector.ts';

const CIPHER = 'nacl/secretbox';
const LABELS = ['COSIGN PRIVATE KEY-----', 'SIGSTORE PRIVATE KEY-----'];
/** scrypt's parameters and its salt stand before the name of the cipher, the nonce behind. */
const KDF_BYTES = 320;
const NONCE_BYTES = 128;
/** The seal of secretbox, and the smallest PKCS#8 document. */
const MIN_CIPHERTEXT_BYTES = 16 + 48;

interface Envelope {
  readonly ciphertext: Uint8Array;
  /** The JSON object, from its brace to the end of the ciphertext. */
  readonly start: number;
  readonly end: number;
}

/** The envelope whose cipher is named at `at`. Quotes may be escaped. */
function readEnvelope(bytes: Uint8Array, at: number): Envelope | undefined {
  const scrypt = lastIndexOfText(bytes, 'scrypt', Math.max(0, at - KDF_BYTES), at);
  const member = indexOfText(bytes, 'ciphertext', at, at + NONCE_BYTES);
  if (scrypt < 0 || member < 0) return undefined;
  const kdf = lastIndexOfText(bytes, 'kdf', Math.max(0, scrypt - 64), scrypt);
  const start = lastIndexOfText(bytes, '{', Math.max(0, kdf - 16), kdf);
  let value = member + 'ciphertext'.length;
  while (value < member + 24 && [0x20, 0x22, 0x3a, 0x5c].includes(bytes[value]!)) value++;
  const { bytes: ciphertext, next } = decodeBase64(bytes, value, bytes.length, { style: 'plain' });
  if (start < 0 || ciphertext.length < MIN_CIPHERTEXT_BYTES || !looksRandom(ciphertext, 0, 64)) return undefined;
  return { ciphertext, start, end: next };
}

const toDocument = ({ ciphertext }: Envelope, start: number, end: number): KeyDocument => ({
  parts: { type: 'encrypted', protection: 'scrypt', ciphertext, traits: { algorithm: 'cosign' } },
  start,
  end,
});

export default defineDetector<KeyDocument>({
  id: 'cosign-private-key',
  title: 'cosign private key (encrypted)',
  severity: 'medium',
  doc: `
The key that [cosign](https://docs.sigstore.dev/cosign/key_management/signing_with_self-managed_keys/) signs container images with: \`ENCRYPTED COSIGN PRIVATE KEY\`
or \`ENCRYPTED SIGSTORE PRIVATE KEY\`, or the same JSON without the armour, as TUF tools keep it. Always encrypted
(scrypt, NaCl secretbox), though often with an empty password or one that stands beside it in the environment.

**Proof**: the complete document; its content can't be read without the password.

**What to do**: make a new pair if the password is empty, weak, or in the same dump (\`COSIGN_PASSWORD\`).
`,
  anchors: [...LABELS.map((text) => ({ text, wide: true })), { text: CIPHER, wide: true }],
  // An imported RSA-4096 key is base64 in JSON in base64.
  reach: { before: 512, after: 8192 },

  parse({ bytes, at, anchor }) {
    if (anchor === LABELS.length) {
      const envelope = readEnvelope(bytes, at);
      return envelope && toDocument(envelope, envelope.start, envelope.end);
    }
    const marker = readMarker(bytes, at);
    if (marker?.kind !== 'begin') return undefined;
    const body = readBody(bytes, marker);
    const cipher = indexOfText(body.bytes, CIPHER, 0);
    const envelope = cipher < 0 ? undefined : readEnvelope(body.bytes, cipher);
    return envelope && toDocument(envelope, body.start, body.end);
  },

  verify: (document) => claimKey(document.parts, 'cosign', document),

  examples(make) {
    const ciphertext = make.bytes(154);
    const json = (cipher: Uint8Array) =>
      JSON.stringify({
        kdf: { name: 'scrypt', params: { N: 32768, r: 8, p: 1 }, salt: make.base64(make.bytes(32)) },
        cipher: { name: 'nacl/secretbox', nonce: make.base64(make.bytes(24)) },
        ciphertext: make.base64(cipher),
      });
    const pem = (label: string, text: string) => make.pem(label, make.ascii(text)).trimEnd();
    const hit = (name: string, text: string, start = 0, end = text.length): Hit => ({
      name,
      bytes: make.ascii(text),
      span: { start, end },
      verdict: 'proven',
      traits: { algorithm: 'cosign', form: 'cosign', protection: 'scrypt', proof: 'document' },
      secrets: [ciphertext],
    });
    const bare = json(ciphertext);
    const wrapped = `{"encrypted":true,"data":${bare}}`;
    return {
      hits: [
        hit('cosign', pem('ENCRYPTED COSIGN PRIVATE KEY', json(ciphertext))),
        hit('sigstore', pem('ENCRYPTED SIGSTORE PRIVATE KEY', json(ciphertext))),
        hit('JSON', bare, 0, bare.length - 2),
        hit('TUF', wrapped, wrapped.indexOf('{"kdf"'), wrapped.length - 3),
      ],
      misses: [
        { name: 'no ciphertext', bytes: make.ascii(bare.slice(0, bare.indexOf('ciphertext'))), reaches: 'anchor' },
        { name: 'zeros', bytes: make.ascii(json(new Uint8Array(154))), reaches: 'anchor' },
        { name: 'marker only', bytes: make.ascii(pem('ENCRYPTED COSIGN PRIVATE KEY', '')), reaches: 'anchor' },
      ],
    };
  },
});
