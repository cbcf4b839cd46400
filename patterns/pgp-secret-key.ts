// OpenPGP secret keys (RFC 9580; RFC 4880; LibrePGP): armoured text, and binary packets at any offset. Binary packets
// begin with too few fixed bytes to search for, so the search is for what stands inside: the public exponent of RSA,
// the object identifiers of curves with the length of the point, the identifiers and sizes of newer algorithms.
import { readBody, readMarker } from '../src/bytes/pem.ts';
import { u16be } from '../src/bytes/reader.ts';
import { claimKey } from '../src/keys/claims.ts';
import { type PgpKey, readPgpKey, readPgpKeys, secretPacketBefore } from '../src/keys/pgp.ts';
import { defineDetector, type Hit } from '../src/model/detector.ts';
import type { AnyKey } from '../src/model/make.ts';

/** Version and time of creation stand before the algorithm; version 5 and 6 have a length behind it. */
const ALGORITHM_AT = 5;
const V6_PUBLIC_AT = 10;
const RSA_EXPONENT = 1;
const OID = 2;
const BODY = 3;
const HEADER = 4;

/** Each anchor, and what its first byte is of a packet. */
const ANCHORS: readonly (readonly [bytes: string, kind: number])[] = [
  ['00 11 01 00 01', RSA_EXPONENT], // e = 65537, which nearly all keys have
  ['08 2a 86 48 ce 3d 03 01 07 02 03 04', OID], // P-256, a point of 515 bits
  ['05 2b 81 04 00 22 03 03 04', OID], // P-384
  ['05 2b 81 04 00 23 04 23 04', OID], // P-521
  ['05 2b 81 04 00 0a 02 03 04', OID], // secp256k1
  ['09 2b 24 03 03 02 08 01 01 07 02 03 04', OID], // brainpoolP256r1
  ['09 2b 24 03 03 02 08 01 01 0b 03 03 04', OID], // brainpoolP384r1
  ['09 2b 24 03 03 02 08 01 01 0d 04 03 04', OID], // brainpoolP512r1
  ['09 2b 06 01 04 01 da 47 0f 01 01 07 40', OID], // Ed25519 (legacy)
  ['0a 2b 06 01 04 01 97 55 01 05 01 01 07 40', OID], // Curve25519 (legacy)
  ['06 ?? ?? ?? ?? 19 00 00 00 20', BODY], // version 6: X25519
  ['06 ?? ?? ?? ?? 1a 00 00 00 38', BODY], // X448
  ['06 ?? ?? ?? ?? 1b 00 00 00 20', BODY], // Ed25519
  ['06 ?? ?? ?? ?? 1c 00 00 00 39', BODY], // Ed448
  ['c5 49 04 ?? ?? ?? ?? 1b', HEADER], // version 4 with the newer identifiers, clear
  ['c7 49 04 ?? ?? ?? ?? 19', HEADER],
  ['94 49 04 ?? ?? ?? ?? 1b', HEADER],
  ['9c 49 04 ?? ?? ?? ?? 19', HEADER],
];
/** Of the modulus before an exponent. */
const [MIN_MODULUS_BYTES, MAX_MODULUS_BYTES] = [64, 1024];

interface Candidate {
  readonly keys: readonly PgpKey[];
  readonly start: number;
  /** Of armour; binary packets end where their key does. */
  readonly armor?: { readonly end: number; readonly bytes: Uint8Array };
}

/** Index where the packet's body begins, or -1. */
function bodyStart(bytes: Uint8Array, at: number, kind: number): number {
  if (kind === BODY) return at;
  if (kind === HEADER) return at + 2;
  if (kind === OID) {
    if (bytes[at - ALGORITHM_AT - 1] === 4) return at - ALGORITHM_AT - 1;
    const version = bytes[at - V6_PUBLIC_AT];
    return version === 6 || version === 5 ? at - V6_PUBLIC_AT : -1;
  }
  // Behind the exponent comes the S2K usage of a secret key; a public key goes on with another packet.
  const usage = bytes[at + 5]!;
  if (usage !== 0 && usage < 0xfd) return -1;
  for (let length = MIN_MODULUS_BYTES; length <= MAX_MODULUS_BYTES; length++) {
    const modulus = at - 2 - length;
    const bits = u16be(bytes, modulus);
    if (bits === undefined) return -1;
    if ((bits + 7) >> 3 !== length || Math.clz32(bytes[modulus + 2]!) - 24 !== length * 8 - bits) continue;
    const algorithm = bytes[modulus - 1]!;
    if (algorithm >= 1 && algorithm <= 3 && bytes[modulus - 1 - ALGORITHM_AT] === 4) return modulus - 1 - ALGORITHM_AT;
    const version = bytes[modulus - V6_PUBLIC_AT];
    if (version === 6 || version === 5) return modulus - V6_PUBLIC_AT;
  }
  return -1;
}

export default defineDetector<Candidate>({
  id: 'pgp-secret-key',
  title: 'OpenPGP secret key',
  severity: 'critical',
  doc: `
A secret key or subkey of OpenPGP ([RFC 9580](https://www.rfc-editor.org/rfc/rfc9580), RFC 4880, LibrePGP): \`PGP PRIVATE KEY BLOCK\` as \`gpg --export-secret-keys --armor\`
writes it, or the binary packets, as they pass through memory and lie in \`secring.gpg\`. RSA, DSA, ElGamal, ECDSA, ECDH,
EdDSA, X25519, X448; versions 4 to 6. GnuPG's stubs for keys on cards and left out of an export are no finding.

**Proof**: the private numbers fit the public ones (n = p·q, y = g^x, d·G = Q). Of an encrypted key, the complete packet;
it is less severe.

**What to do**: revoke the key or subkey that the fingerprint names, publish the revocation, and make a new one. What was
encrypted to it must be treated as read. An encrypted key is as safe as its passphrase.
`,
  anchors: [{ text: 'PGP PRIVATE KEY BLOCK-----', wide: true }, ...ANCHORS.map(([bytes]) => ({ bytes }))],
  // Before: a modulus and the header; behind: an armoured key with user ids, signatures and subkeys.
  reach: { before: 1056, after: 16_000 },

  parse({ bytes, at, anchor }) {
    if (anchor > 0) {
      const start = bodyStart(bytes, at, ANCHORS[anchor - 1]![1]);
      if (start < 0) return undefined;
      // Without its header a clear key is still whole; an encrypted one has no end.
      const header = secretPacketBefore(bytes, start);
      const key = readPgpKey(bytes, start, header?.end ?? bytes.length);
      if (!key || (!header && key.parts.type === 'encrypted')) return undefined;
      return { keys: [key], start: header?.at ?? start };
    }
    const marker = readMarker(bytes, at);
    if (marker?.kind !== 'begin') return undefined;
    const body = readBody(bytes, marker);
    const keys = readPgpKeys(body.bytes);
    return keys.length > 0 ? { keys, start: body.start, armor: body } : undefined;
  },

  verify({ keys, start, armor }) {
    const form = armor ? 'pgp-armor' : 'pgp';
    const claims = keys.flatMap((key) =>
      claimKey(key.parts, form, { start, end: armor?.end ?? key.end }).map((claim) => ({
        ...claim,
        traits: { ...claim.traits, ...key.fingerprint },
      })),
    );
    for (const { parts } of keys) if (parts.type === 'okp') parts.numbers.privateKey.fill(0);
    armor?.bytes.fill(0);
    return claims;
  },

  examples(make) {
    const rsa = make.rsa(2048);
    const ec = make.ec('P-256');
    const ed = make.okp('Ed25519');
    const x = make.okp('X25519');
    const dsa = make.dsa();
    const { concat } = make;
    const mpi = (value: Uint8Array): Uint8Array => {
      const number = value.slice(value.findIndex((byte) => byte !== 0));
      return concat(make.be(BigInt(number.length * 8 - Math.clz32(number[0]!) + 24), 2), number);
    };
    const numbers = (...values: readonly bigint[]) => concat(...values.map((value) => mpi(make.be(value))));
    const oid = (...bytes: readonly number[]) => Uint8Array.of(bytes.length, ...bytes);
    const body = (version: number, algorithm: number, open: Uint8Array, ...rest: readonly Uint8Array[]) =>
      concat(
        Uint8Array.of(version),
        make.bytes(4),
        Uint8Array.of(algorithm),
        version === 6 ? make.be(BigInt(open.length), 4) : '',
        open,
        ...rest,
      );
    const clear = (algorithm: number, open: Uint8Array, secret: Uint8Array) => {
      const sum = secret.reduce((total, byte) => (total + byte) & 0xffff, 0);
      return body(4, algorithm, open, Uint8Array.of(0), secret, make.be(BigInt(sum), 2));
    };
    const protectedWith = (specifier: readonly number[], open: Uint8Array, secret: Uint8Array) =>
      body(4, 1, open, Uint8Array.of(254, 9, ...specifier), make.bytes(8), Uint8Array.of(0xff), make.bytes(16), secret);
    /** Old format, two bytes of length; tag 5 or 7. */
    const oldPacket = (tag: number, content: Uint8Array) =>
      concat(Uint8Array.of(0x81 | (tag << 2)), make.be(BigInt(content.length), 2), content);
    const newPacket = (tag: number, content: Uint8Array) =>
      content.length < 192
        ? concat(Uint8Array.of(0xc0 | tag, content.length), content)
        : concat(Uint8Array.of(0xc0 | tag, 0xff), make.be(BigInt(content.length), 4), content);
    const armor = (packets: Uint8Array) =>
      make
        .pem('PGP PRIVATE KEY BLOCK', packets, { headers: 'Version: GnuPG v2\nComment: example\n\n' })
        .replace('\n-----END', '\n=AAAA\n-----END')
        .trimEnd();

    const rsaOpen = numbers(rsa.n, rsa.e);
    const rsaSecret = numbers(rsa.d, rsa.p, rsa.q, rsa.qi);
    const rsaPacket = oldPacket(5, clear(1, rsaOpen, rsaSecret));
    const point = concat(Uint8Array.of(4), ec.x, ec.y);
    const ecOpen = concat(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7), mpi(point));
    const edOpen = concat(oid(0x2b, 6, 1, 4, 1, 0xda, 0x47, 0x0f, 1), mpi(concat(Uint8Array.of(0x40), ed.x)));
    const xOpen = concat(
      oid(0x2b, 6, 1, 4, 1, 0x97, 0x55, 1, 5, 1),
      mpi(concat(Uint8Array.of(0x40), x.x)),
      Uint8Array.of(3, 1, 8, 7),
    );
    const xPacket = newPacket(7, clear(18, xOpen, mpi(x.d.slice().reverse())));
    const dsaPacket = oldPacket(5, clear(17, numbers(dsa.p, dsa.q, dsa.g, dsa.y), numbers(dsa.x)));
    const elGamal = clear(16, numbers(dsa.p, dsa.g, dsa.y), numbers(dsa.x));
    const ciphertext = make.bytes(660);
    const hit = (name: string, bytes: Uint8Array, key: AnyKey, more: Partial<Hit> = {}): Hit => ({
      name,
      bytes,
      span: { start: 0, end: bytes.length },
      verdict: 'proven',
      traits: { form: 'pgp', publicKeySha256: make.publicKeySha256(key) },
      secrets: make.secrets(key),
      ...more,
    });
    const armored = (name: string, packets: Uint8Array, key: AnyKey, more: Partial<Hit['traits']> = {}): Hit =>
      hit(name, make.ascii(armor(packets)), key, {
        traits: { form: 'pgp-armor', publicKeySha256: make.publicKeySha256(key), ...more },
      });
    const encrypted = {
      traits: { algorithm: 'RSA', bits: 2048, protection: 'pgp-s2k', publicKeySha256: make.publicKeySha256(rsa) },
      secrets: [ciphertext],
    } as const;
    const iterated = [3, 8];
    const wrong = concat(rsaPacket.slice(0, 20), make.bytes(1), rsaPacket.slice(21));
    return {
      hits: [
        armored('armour, RSA', rsaPacket, rsa),
        hit('RSA', rsaPacket, rsa),
        hit('RSA, new format', newPacket(5, clear(1, rsaOpen, rsaSecret)), rsa),
        hit('RSA, version 6', newPacket(5, body(6, 1, rsaOpen, Uint8Array.of(0), rsaSecret)), rsa),
        hit('RSA, encrypted', oldPacket(5, protectedWith(iterated, rsaOpen, ciphertext)), rsa, encrypted),
        hit('P-256', oldPacket(5, clear(19, ecOpen, mpi(ec.d))), ec),
        hit('EdDSA', oldPacket(5, clear(22, edOpen, mpi(ed.d))), ed),
        hit('ECDH on Curve25519', xPacket, x),
        hit('Ed25519, version 4', newPacket(5, clear(27, ed.x, ed.d)), ed),
        hit('Ed25519, version 6', newPacket(5, body(6, 27, ed.x, Uint8Array.of(0), ed.d)), ed),
        hit('X25519, version 6', newPacket(7, body(6, 25, x.x, Uint8Array.of(0), x.d)), x),
        armored('armour, DSA', dsaPacket, dsa, { algorithm: 'DSA' }),
        hit('armour, ElGamal', make.ascii(armor(oldPacket(7, elGamal))), dsa, {
          traits: { form: 'pgp-armor', algorithm: 'ElGamal', bits: 1024, proof: 'd*G=Q' },
        }),
      ],
      misses: [
        { name: 'a byte of n is wrong', bytes: wrong, reaches: 'verify' },
        {
          name: 'stub of a key that is elsewhere',
          bytes: oldPacket(5, body(4, 1, rsaOpen, Uint8Array.of(254, 9, 101, 2), make.ascii('GNU'), Uint8Array.of(1))),
          reaches: 'anchor',
        },
        { name: 'public key', bytes: oldPacket(6, body(4, 1, rsaOpen)), reaches: 'anchor' },
        { name: 'armour of noise', bytes: make.ascii(armor(make.bytes(900))), reaches: 'anchor' },
      ],
    };
  },
});
