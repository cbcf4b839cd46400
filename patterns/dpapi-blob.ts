// DPAPI blobs (CryptProtectData): version 1, provider df9d8cd0-1501-11d1-8c7a-00c04fc297eb, master key's GUID, description, then
// algorithms, salt, HMAC keys, data and signature, each after its length. What they hold opens with the user's password.
import { shannonEntropy } from '../src/bytes/entropy.ts';
import { u32le } from '../src/bytes/reader.ts';
import { tokenDoc } from '../src/keys/token-detector.ts';
import { defineDetector } from '../src/model/detector.ts';

const HEAD = '01 00 00 00 d0 8c 9d df 01 15 d1 11 8c 7a 00 c0 4f c2 97 eb 01 00 00 00';
const FLAGS_AT = 40;
const MAX_DESCRIPTION = 512;
const MAX_FIELD = 128;
const MAX_DATA = 16_384;
/** Windows' numbers of ciphers and hashes (wincrypt.h, ALG_ID). */
const CIPHERS = [0x6603, 0x660e, 0x660f, 0x6610, 0x6601];
const HASHES = [0x8004, 0x8009, 0x800c, 0x800d, 0x800e];

interface Candidate {
  readonly data: Uint8Array;
  readonly start: number;
  readonly end: number;
}

export default defineDetector<Candidate>({
  id: 'dpapi-blob',
  title: 'DPAPI blob (encrypted secret of Windows)',
  severity: 'low',
  doc: tokenDoc(
    `
A secret that a program had Windows protect ([CryptProtectData](https://learn.microsoft.com/windows/win32/api/dpapi/nf-dpapi-cryptprotectdata)): saved passwords, cookies' keys, certificates' keys. It opens with
the user's password or the domain's backup key.`,
    "as long as the user's password is strong and in nobody else's hands, nothing; else change what the program had saved.",
    'none. The complete document: all lengths and algorithms agree',
  ),
  anchors: [{ bytes: HEAD }],
  reach: { before: 0, after: FLAGS_AT + MAX_DESCRIPTION + 5 * MAX_FIELD + MAX_DATA },

  parse({ bytes, at: start }) {
    let at = start + FLAGS_AT;
    const word = (): number => {
      const value = u32le(bytes, at) ?? -1;
      at += 4;
      return value;
    };
    /** Index of a field after its length; -1 when it is longer than it may be. */
    const field = (most: number): readonly [number, number] => {
      const length = word();
      const from = at;
      if (length < 0 || length > most) at = bytes.length + 1;
      else at += length;
      return [from, length];
    };
    word();
    field(MAX_DESCRIPTION);
    if (!CIPHERS.includes(word())) return undefined;
    word();
    field(MAX_FIELD);
    field(MAX_FIELD);
    if (!HASHES.includes(word())) return undefined;
    word();
    field(MAX_FIELD);
    const [from, length] = field(MAX_DATA);
    const [, signature] = field(MAX_FIELD);
    if (at > bytes.length || length < 8 || signature < 16) return undefined;
    return { data: bytes.slice(from, from + length), start, end: at };
  },

  verify({ data, start, end }) {
    if (data.length >= 32 && shannonEntropy(data) < 3.5) return [];
    return [
      {
        verdict: 'likely',
        span: { start, end },
        traits: { algorithm: 'keystore', form: 'dpapi', proof: 'document', protection: 'dpapi' },
        secret: data,
      },
    ];
  },

  examples(make) {
    const number = (value: number) => make.le(BigInt(value), 4);
    const sized = (bytes: Uint8Array) => make.concat(number(bytes.length), bytes);
    const write = (data: Uint8Array, cipher = 0x6610) =>
      make.concat(
        Uint8Array.from(HEAD.split(' '), (pair) => Number.parseInt(pair, 16)),
        make.bytes(16),
        number(0),
        sized(make.utf16le('saved\0')),
        number(cipher),
        number(256),
        sized(make.bytes(32)),
        sized(new Uint8Array(0)),
        number(0x800e),
        number(512),
        sized(make.bytes(32)),
        sized(data),
        sized(make.bytes(64)),
      );
    const data = make.bytes(64);
    const bytes = write(data);
    return {
      hits: [
        {
          name: 'AES-256, SHA-512',
          bytes,
          span: { start: 0, end: bytes.length },
          verdict: 'likely',
          traits: { algorithm: 'keystore', form: 'dpapi', protection: 'dpapi' },
          secrets: [data],
        },
      ],
      misses: [
        { name: 'zeros for data', bytes: write(new Uint8Array(64)), reaches: 'verify' },
        { name: 'unknown cipher', bytes: write(data, 0x1234), reaches: 'anchor' },
        { name: 'cut off', bytes: bytes.slice(0, 120), reaches: 'anchor' },
      ],
    };
  },
});
