// OpenBSD's signify secret keys (usr.bin/signify/signify.c, struct enckey), text and binary: `Ed`, `BK`, u32 big-endian
// rounds of bcrypt_pbkdf (0: clear), salt[16], checksum[8], key number[8], Ed25519 seed and public key, xored when encrypted.
import { decodeBase64 } from '../src/bytes/base64.ts';
import { looksRandom } from '../src/bytes/entropy.ts';
import { u32be } from '../src/bytes/reader.ts';
import { claimKey } from '../src/keys/claims.ts';
import type { KeyDocument } from '../src/keys/key-parts.ts';
import { defineDetector, type Hit } from '../src/model/detector.ts';

const DOCUMENT_BYTES = 104;
const DOCUMENT_CHARS = 140;
const SECRET_AT = 40;
/** signify writes 42; a ceiling that tells the field from noise. */
const MAX_ROUNDS = 0xffff;

/** `decoded` holds what the parts view when the key was text. */
interface Candidate extends KeyDocument {
  readonly decoded: Uint8Array;
}

export default defineDetector<Candidate>({
  id: 'signify-secret-key',
  title: 'signify secret key',
  severity: 'critical',
  doc: `
A signing key of OpenBSD's [signify](https://man.openbsd.org/signify) (also OpenWrt's usign), which signs packages and releases.
Encrypted with bcrypt_pbkdf, or clear when made with \`-n\`, as build machines need it.

**Proof**: the Ed25519 public key computed from the seed is the one that follows it; of an encrypted key, the complete document.

**What to do**: make a new key, publish its public half where the old one is trusted, and sign again. An encrypted key is as
safe as its password.
`,
  // The text is \`EdBK\` and two zero bytes of the rounds.
  anchors: [{ text: 'RWRCSwAA', wide: true }, { bytes: '45 64 42 4b 00 00' }],
  reach: { before: 0, after: DOCUMENT_CHARS },

  parse({ bytes, at, anchor }) {
    const decoded = decodeBase64(bytes, at, bytes.length, { style: 'plain', maxChars: DOCUMENT_CHARS });
    const document = anchor === 0 ? decoded.bytes : bytes.subarray(at, at + DOCUMENT_BYTES);
    const rounds = u32be(document, 4);
    if (document.length !== DOCUMENT_BYTES || rounds === undefined || rounds > MAX_ROUNDS) return undefined;
    const place = { decoded: decoded.bytes, start: at, end: anchor === 0 ? decoded.next : at + DOCUMENT_BYTES };
    const secret = document.subarray(SECRET_AT);
    if (rounds > 0) {
      if (!looksRandom(secret)) return undefined;
      const traits = { algorithm: 'Ed25519' } as const;
      return { parts: { type: 'encrypted', protection: 'bcrypt', ciphertext: secret, traits }, ...place };
    }
    const [privateKey, publicKey] = [secret.subarray(0, 32), secret.subarray(32)];
    return { parts: { type: 'okp', numbers: { curve: 'Ed25519', privateKey, publicKey } }, ...place };
  },

  verify({ parts, decoded, start, end }) {
    const claims = claimKey(parts, 'signify', { start, end });
    decoded.fill(0);
    return claims;
  },

  examples(make) {
    const key = make.okp('Ed25519');
    const file = (rounds: number, seed: Uint8Array, publicKey: Uint8Array) =>
      make.concat('EdBK', make.be(BigInt(rounds), 4), make.bytes(32), seed, publicKey);
    const head = 'untrusted comment: signify secret key\n';
    const text = (document: Uint8Array) => make.ascii(head + make.base64(document));
    const hit = (name: string, bytes: Uint8Array, start: number, more: Partial<Hit> = {}): Hit => ({
      name,
      bytes,
      span: { start, end: bytes.length },
      verdict: 'proven',
      traits: { algorithm: 'Ed25519', form: 'signify', proof: 'd*G=Q', publicKeySha256: make.publicKeySha256(key) },
      secrets: [key.d],
      ...more,
    });
    const [masked, rest] = [make.bytes(32), make.bytes(32)];
    return {
      hits: [
        hit('clear', text(file(0, key.d, key.x)), head.length),
        hit('clear, binary', file(0, key.d, key.x), 0),
        hit('encrypted', text(file(42, masked, rest)), head.length, {
          traits: { algorithm: 'Ed25519', form: 'signify', protection: 'bcrypt', proof: 'document' },
          secrets: [masked],
        }),
      ],
      misses: [
        { name: 'public key of another seed', bytes: text(file(0, make.bytes(32), key.x)), reaches: 'verify' },
        { name: 'cut off', bytes: text(file(0, key.d, key.x)).slice(0, 150), reaches: 'anchor' },
      ],
    };
  },
});
