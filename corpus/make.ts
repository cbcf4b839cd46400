/**
 * The synthetic world's toolbox: keys and key documents from a seed. It encodes from the specifications and imports
 * no parser of `src/`, so that a mistake there can't hide behind the same mistake here.
 */
import { createCipheriv, createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import type { AnyKey, Make } from '../src/model/make.ts';
import { bech32 } from './encode/bech32.ts';
import { base58check, base62, marvinChecksum, textCrc32 } from './encode/checksums.ts';
import { der } from './encode/der.ts';
import { dsaKey, jwk, pem, pkcs1, pkcs8, sec1, spki } from './encode/documents.ts';
import { mnemonicWords } from './encode/mnemonic.ts';
import { pkcs12Kdf } from './encode/pkcs12-kdf.ts';
import { ascii, base64, base64url, be, concat, hex, le, utf16be, utf16le, utf32le } from './encode/text.ts';
import { makeDsa, makeEc, makeOkp, makeRsa } from './keys.ts';
import { createRng } from './rng.ts';

const LETTERS_AND_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Keys already made in this process: RSA takes a tenth of a second, and tests ask for the same seeds again. */
const made = new Map<string, AnyKey>();

export function createMake(seed: string): Make {
  const values = createRng(`${seed}/values`);
  let keys = 0;

  // Each key has a stream of its own, so that taking more bytes elsewhere does not change it.
  const makeKey = <K extends AnyKey>(kind: string, build: (rng: ReturnType<typeof createRng>) => K): K => {
    const id = `${seed}/key/${keys++}/${kind}`;
    const key = (made.get(id) as K | undefined) ?? build(createRng(id));
    made.set(id, key);
    return key;
  };

  return {
    bytes: values.bytes,
    int: values.int,
    pick: values.pick,
    text: (length, alphabet = LETTERS_AND_DIGITS) =>
      Array.from({ length }, () => alphabet.charAt(values.int(alphabet.length))).join(''),

    rsa: (bits = 2048) => makeKey(`rsa-${bits}`, (rng) => makeRsa(rng, bits)),
    ec: (curve = 'P-256') => makeKey(curve, (rng) => makeEc(rng, curve)),
    okp: (curve = 'Ed25519') => makeKey(curve, (rng) => makeOkp(rng, curve)),
    dsa: () => makeKey('dsa', makeDsa),

    pkcs1,
    pkcs8,
    sec1,
    dsaKey,
    spki,
    publicKeySha256: (key) => createHash('sha256').update(spki(key)).digest('hex'),
    pem,
    jwk,
    secret: (key) => {
      // biome-ignore lint/complexity/useMathMinMax: Math.min takes no bigint
      if (key.type === 'rsa') return be(key.p < key.q ? key.p : key.q);
      return key.type === 'dsa' ? be(key.x) : key.d.slice();
    },
    secrets: (key) => {
      if (key.type === 'rsa') return [key.d, key.p, key.q, key.dp, key.dq, key.qi].map((value) => be(value));
      if (key.type === 'dsa') return [be(key.x)];
      // An Ed25519 seed is octets, not a number: its leading zeros count.
      return [key.type === 'ec' ? key.d.slice(key.d.findIndex((byte) => byte !== 0)) : key.d.slice()];
    },

    der,
    be,
    le,
    concat,
    ascii,
    utf16le,
    utf16be,
    utf32le,
    base64,
    base64url,
    hex,
    bech32,
    base58check,
    base62,
    uuid: () => [4, 2, 2, 2, 6].map((length) => hex(values.bytes(length))).join('-'),
    mnemonic: mnemonicWords,

    crc32: textCrc32,
    marvin32: marvinChecksum,

    hash: (name, ...parts) => {
      const hash = createHash(name);
      for (const part of parts) hash.update(part);
      return new Uint8Array(hash.digest());
    },
    hmac: (name, key, ...parts) => {
      const hmac = createHmac(name, key);
      for (const part of parts) hmac.update(part);
      return new Uint8Array(hmac.digest());
    },
    encrypt: (cipher, key, iv, plain) => {
      const stream = createCipheriv(cipher, key, iv.length === 0 ? null : iv);
      return concat(stream.update(plain), stream.final());
    },
    pkcs12Kdf,
    pbkdf2: (hash, password, salt, iterations, length) =>
      new Uint8Array(pbkdf2Sync(password, salt, iterations, length, hash)),
  };
}
