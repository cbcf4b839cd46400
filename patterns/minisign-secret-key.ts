// minisign secret keys (minisign.c, SeckeyStruct), text and binary: `Ed`, the key derivation (`Sc`, or zeros for none),
// `B2`, salt, limits; then key number, Ed25519 seed and public key, checksum, xored with scrypt's output or clear.
import { decodeBase64 } from '../src/bytes/base64.ts';
import { looksRandom } from '../src/bytes/entropy.ts';
import { claimKey } from '../src/keys/claims.ts';
import type { KeyDocument } from '../src/keys/key-parts.ts';
import { defineDetector, type Hit } from '../src/model/detector.ts';

const DOCUMENT_BYTES = 158;
const DOCUMENT_CHARS = 212;
const SECRET_AT = 54;
const SEED_AT = SECRET_AT + 8;
const PUBLIC_AT = SEED_AT + 32;
const PUBLIC_END = PUBLIC_AT + 32;
/** `EdScB2` and `Ed\0\0B2` in base64, then in binary. */
const TEXTS = ['RWRTY0Iy', 'RWQAAEIy'];
const SCRYPT = 0x53;

/** `decoded` holds what the parts view when the key was text. */
interface Candidate extends KeyDocument {
  readonly decoded: Uint8Array;
}

export default defineDetector<Candidate>({
  id: 'minisign-secret-key',
  title: 'minisign secret key',
  severity: 'critical',
  doc: `
A signing key of [minisign](https://jedisct1.github.io/minisign/) or rsign2 (\`minisign.key\`, and the signing keys of Tauri's updater),
which signs releases. Encrypted with scrypt, or clear when made with \`-W\`.

**Proof**: the Ed25519 public key computed from the seed is the one that follows it; of an encrypted key, the complete document.

**What to do**: make a new key, publish its public half where the old one is trusted, and sign the releases again. An encrypted
key is as safe as its password.
`,
  anchors: [
    ...TEXTS.map((text) => ({ text, wide: true })),
    { bytes: '45 64 53 63 42 32' },
    { bytes: '45 64 00 00 42 32' },
  ],
  reach: { before: 0, after: DOCUMENT_CHARS },

  parse({ bytes, at, anchor }) {
    const text = anchor < TEXTS.length;
    const decoded = decodeBase64(bytes, at, bytes.length, { style: 'plain', maxChars: DOCUMENT_CHARS });
    const document = text ? decoded.bytes : bytes.subarray(at, at + DOCUMENT_BYTES);
    if (document.length !== DOCUMENT_BYTES) return undefined;
    const place = { decoded: decoded.bytes, start: at, end: text ? decoded.next : at + DOCUMENT_BYTES };
    if (document[2] === SCRYPT) {
      const ciphertext = document.subarray(SECRET_AT);
      if (!looksRandom(ciphertext)) return undefined;
      const traits = { algorithm: 'minisign' } as const;
      return { parts: { type: 'encrypted', protection: 'scrypt', ciphertext, traits }, ...place };
    }
    const privateKey = document.subarray(SEED_AT, PUBLIC_AT);
    const publicKey = document.subarray(PUBLIC_AT, PUBLIC_END);
    return { parts: { type: 'okp', numbers: { curve: 'Ed25519', privateKey, publicKey } }, ...place };
  },

  verify({ parts, decoded, start, end }) {
    const claims = claimKey(parts, 'minisign', { start, end });
    decoded.fill(0);
    return claims;
  },

  examples(make) {
    const key = make.okp('Ed25519');
    const clear = (seed: Uint8Array) =>
      make.concat('Ed\0\0B2', new Uint8Array(48), make.bytes(8), seed, key.x, new Uint8Array(32));
    const secret = make.bytes(104);
    const limits = make.concat(make.le(33_554_432n, 8), make.le(1_073_741_824n, 8));
    const encrypted = make.concat('EdScB2', make.bytes(32), limits, secret);
    const head = 'untrusted comment: minisign encrypted secret key\n';
    const traits = { algorithm: 'Ed25519', form: 'minisign', proof: 'd*G=Q' } as const;
    const hit = (name: string, bytes: Uint8Array, start: number, more: Partial<Hit> = {}): Hit => ({
      name,
      bytes,
      span: { start, end: bytes.length },
      verdict: 'proven',
      traits: { ...traits, publicKeySha256: make.publicKeySha256(key) },
      secrets: [key.d],
      ...more,
    });
    const text = (document: Uint8Array) => make.ascii(head + make.base64(document));
    const protectedKey = {
      traits: { algorithm: 'minisign', form: 'minisign', protection: 'scrypt', proof: 'document' },
      secrets: [secret],
    } as const;
    return {
      hits: [
        hit('clear', text(clear(key.d)), head.length),
        hit('clear, binary', clear(key.d), 0),
        hit('encrypted', text(encrypted), head.length, protectedKey),
        hit('encrypted, binary', encrypted, 0, protectedKey),
      ],
      misses: [
        { name: 'public key of another seed', bytes: text(clear(make.bytes(32))), reaches: 'verify' },
        { name: 'cut off', bytes: text(encrypted).slice(0, 200), reaches: 'anchor' },
        { name: 'zeros', bytes: make.concat('EdScB2', new Uint8Array(200)), reaches: 'anchor' },
      ],
    };
  },
});
