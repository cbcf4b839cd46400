// PRIVATEKEYBLOB of Windows CryptoAPI (wincrypt.h, MS Learn "RSA/Schannel Key BLOBs" and "DSS Provider Key BLOBs"):
// strong-name keys (.snk), .NET's ExportCspBlob, MSBLOB and PVK files. All numbers are little-endian.
import { looksRandom } from '../src/bytes/entropy.ts';
import { bigintFromLe } from '../src/bytes/limbs.ts';
import { u32le } from '../src/bytes/reader.ts';
import { claimKey } from '../src/keys/claims.ts';
import type { KeyDocument } from '../src/keys/key-parts.ts';
import { defineDetector, type Hit } from '../src/model/detector.ts';

const HEADER_BYTES = 20;
/** DSS2: q and x have 20 bytes; a seed with its counter ends the blob. */
const DSS_GROUP_BYTES = 20;
const DSS_SEED_BYTES = 24;

/** BLOBHEADER, `RSA2`, bitlen, pubexp; n, p, q, dP, dQ, qInv, d. */
function readRsa(bytes: Uint8Array, at: number): KeyDocument | undefined {
  const bits = u32le(bytes, at + 12) ?? 0;
  const e = u32le(bytes, at + 16) ?? 0;
  if (bits < 384 || bits > 16_384 || bits % 16 !== 0 || (e & 1) === 0) return undefined;
  const [size, half] = [bits / 8, bits / 16];
  const number = (start: number, length: number): bigint | undefined =>
    start + length <= bytes.length ? bigintFromLe(bytes, start, start + length) : undefined;
  const n = at + HEADER_BYTES;
  const numbers = { e: BigInt(e), n: number(n, size), p: number(n + size, half), q: number(n + size + half, half) };
  if (numbers.p === undefined) return undefined;
  return { parts: { type: 'rsa', numbers }, start: at, end: Math.min(bytes.length, n + 4 * size + half) };
}

/** BLOBHEADER, `DSS2`, bitlen; p, q, g, x, seed. The public value is left out. */
function readDsa(bytes: Uint8Array, at: number): KeyDocument | undefined {
  const size = (u32le(bytes, at + 12) ?? 0) / 8;
  const start = at + HEADER_BYTES - 4;
  const end = start + 2 * size + 2 * DSS_GROUP_BYTES + DSS_SEED_BYTES;
  if (size < 64 || size > 128 || size % 8 !== 0 || end > bytes.length) return undefined;
  const p = bigintFromLe(bytes, start, start + size);
  const q = bigintFromLe(bytes, start + size, start + size + DSS_GROUP_BYTES);
  const g = bigintFromLe(bytes, start + size + DSS_GROUP_BYTES, start + 2 * size + DSS_GROUP_BYTES);
  const x = bigintFromLe(bytes, end - DSS_SEED_BYTES - DSS_GROUP_BYTES, end - DSS_SEED_BYTES);
  return { parts: { type: 'dsa', numbers: { p, q, g, x } }, start: at, end };
}

/** PVK header: magic, reserved, key type, encrypted, salt length, key length; salt; a blob with RC4 behind its header. */
function readEncryptedPvk(bytes: Uint8Array, at: number): KeyDocument | undefined {
  const [type, encrypted, saltLength, keyLength] = [8, 12, 16, 20].map((offset) => u32le(bytes, at + offset) ?? 0);
  if (encrypted !== 1 || (type !== 1 && type !== 2) || saltLength !== 16) return undefined;
  const start = at + 24 + saltLength + 8;
  const end = start + keyLength! - 8;
  if (keyLength! < 200 || end > bytes.length) return undefined;
  const ciphertext = bytes.subarray(start, end);
  if (!looksRandom(ciphertext.subarray(0, 64))) return undefined;
  return { parts: { type: 'encrypted', protection: 'unknown', ciphertext }, start: at, end };
}

export default defineDetector<KeyDocument>({
  id: 'capi-blob',
  title: 'Private key of Windows CryptoAPI (PRIVATEKEYBLOB, .snk, .pvk)',
  severity: 'critical',
  doc: `
A [PRIVATEKEYBLOB](https://learn.microsoft.com/windows/win32/seccrypto/rsa-schannel-key-blobs) as \`CryptExportKey\` and .NET's
\`ExportCspBlob\` write it: strong-name keys of .NET assemblies (\`.snk\`), MSBLOB files, and \`.pvk\` files around it; RSA and DSA.
Strong-name keys are often checked in with the sources, and lie in build artifacts.

**Proof**: n = p·q, or n mod p = 0 when the end is cut off; for DSA, x generates a public value in the stated group.
An encrypted \`.pvk\` is recognised by its header.

**What to do**: replace the key pair and find out who could read the dump. Whoever has a strong-name key can publish
assemblies in its name; an encrypted \`.pvk\` is protected by RC4 with a password, mostly with 40 bits: treat it as open.
`,
  anchors: [
    { bytes: '07 02 00 00 00 24 00 00 52 53 41 32' }, // CALG_RSA_SIGN
    { bytes: '07 02 00 00 00 a4 00 00 52 53 41 32' }, // CALG_RSA_KEYX
    { bytes: '07 02 00 00 00 22 00 00 44 53 53 32' }, // CALG_DSS_SIGN
    { bytes: '1e f1 b5 b0 00 00 00 00' },
  ],
  // RSA-16384.
  reach: { before: 0, after: 9_300 },

  parse({ bytes, at, anchor }) {
    const read = anchor < 2 ? readRsa : anchor === 2 ? readDsa : readEncryptedPvk;
    return read(bytes, at);
  },

  verify: (document) => claimKey(document.parts, 'capi', document),

  examples(make) {
    const rsa = make.rsa(2048);
    const dsa = make.dsa();
    const { concat, le } = make;
    const u32 = (...values: readonly number[]): Uint8Array => concat(...values.map((value) => le(BigInt(value), 4)));
    const blob = (key: typeof rsa, algorithm: number): Uint8Array => {
      const half = key.bits / 16;
      const halves = [key.p, key.q, key.dp, key.dq, key.qi].map((value) => le(value, half));
      const head = concat(u32(0x0207, algorithm), 'RSA2', u32(key.bits, Number(key.e)));
      return concat(head, le(key.n, 2 * half), ...halves, le(key.d, 2 * half));
    };
    const hit = (name: string, key: typeof rsa | typeof dsa, bytes: Uint8Array, more: Partial<Hit> = {}): Hit => ({
      name,
      bytes,
      span: { start: 0, end: bytes.length },
      verdict: 'proven',
      traits: { form: 'capi', publicKeySha256: make.publicKeySha256(key) },
      secrets: make.secrets(key),
      ...more,
    });
    const dss = concat(
      u32(0x0207, 0x2200),
      'DSS2',
      u32(1024),
      ...[le(dsa.p, 128), le(dsa.q, 20), le(dsa.g, 128), le(dsa.x, 20), u32(77), make.bytes(20)],
    );
    const whole = blob(rsa, 0x2400);
    const small = make.rsa(1024);
    const sealed = make.bytes(590);
    const wrong = whole.slice();
    wrong[40]! ^= 1;
    return {
      hits: [
        hit('strong-name key', rsa, whole),
        hit('key exchange, 1024 bits', small, blob(small, 0xa400)),
        hit('overwritten after the first prime', rsa, concat(whole.slice(0, 20 + 256 + 128), make.bytes(768)), {
          traits: { form: 'capi', proof: 'n%p=0' },
        }),
        hit('DSA', dsa, dss),
        hit(
          'encrypted PVK',
          rsa,
          concat(u32(0xb0b5f11e, 0, 2, 1, 16, 598), make.bytes(16), u32(0x0207, 0x2400), sealed),
          {
            traits: { form: 'capi', protection: 'unknown' },
            secrets: [sealed],
          },
        ),
      ],
      misses: [
        {
          name: 'public blob',
          bytes: concat(u32(0x0206, 0x2400), 'RSA1', u32(2048, 65537), make.bytes(256)),
          reaches: 'anchor',
        },
        {
          name: 'impossible size',
          bytes: concat(u32(0x0207, 0x2400), 'RSA2', u32(77, 3), make.bytes(256)),
          reaches: 'anchor',
        },
        { name: 'a bit of n damaged', bytes: wrong, reaches: 'verify' },
      ],
    };
  },
});
