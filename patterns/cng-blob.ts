// Private-key blobs of Windows CNG (bcrypt.h: BCRYPT_RSAKEY_BLOB, BCRYPT_ECCKEY_BLOB, BCRYPT_DSA_KEY_BLOB, …_V2,
// BCRYPT_KEY_DATA_BLOB_HEADER). The trap: sizes are little-endian, numbers big-endian.
import { looksRandom } from '../src/bytes/entropy.ts';
import { bigintFromBe } from '../src/bytes/limbs.ts';
import { hasText, u32le } from '../src/bytes/reader.ts';
import { claimKey } from '../src/keys/claims.ts';
import type { KeyParts } from '../src/keys/key-parts.ts';
import { type Claim, defineDetector, type Hit } from '../src/model/detector.ts';

type Candidate = { readonly end: number } & ({ readonly parts: KeyParts } | { readonly symmetric: Uint8Array });

/** RSA-16384, and the largest sizes that any field may hold. */
const MAX_FIELD_BYTES = 2048;

/** Takes fields one after another; undefined when one is longer than the limit or than the bytes. */
function takeFields(bytes: Uint8Array, at: number, sizes: readonly number[]): Uint8Array[] | undefined {
  const fields: Uint8Array[] = [];
  for (const size of sizes) {
    if (size < 1 || size > MAX_FIELD_BYTES || at + size > bytes.length) return undefined;
    fields.push(bytes.subarray(at, at + size));
    at += size;
  }
  return fields;
}

const sum = (sizes: readonly number[]): number => sizes.reduce((total, size) => total + size, 0);

/** Magic, BitLength, cbPublicExp, cbModulus, cbPrime1, cbPrime2; e, n, p, q; in `RSA3` also dP, dQ, qInv, d. */
function readRsa(bytes: Uint8Array, at: number): Candidate | undefined {
  const [bits, e, n, p, q] = [4, 8, 12, 16, 20].map((offset) => u32le(bytes, at + offset) ?? 0) as [
    number,
    number,
    number,
    number,
    number,
  ];
  if (e > 16 || n !== Math.ceil(bits / 8) || p < 16 || q < 16 || Math.abs(p + q - n) > 2) return undefined;
  const full = hasText(bytes, at, 'RSA3');
  const head = takeFields(bytes, at + 24, [e, n, p, q]);
  const tail = full && head ? takeFields(bytes, at + 24 + e + n + p + q, [p, q, p, n]) : undefined;
  // Without the second prime, a cut blob still holds n and p.
  const fields = head ?? takeFields(bytes, at + 24, [e, n, p]);
  if (!fields) return undefined;
  const [exponent, modulus, prime1, prime2] = fields.map((field) => bigintFromBe(field));
  const size = sum([...fields, ...(tail ?? [])].map((field) => field.length));
  const numbers = { n: modulus, e: exponent, p: prime1, q: prime2 };
  return { parts: { type: 'rsa', numbers }, end: at + 24 + size };
}

/** Magic, cbKey; X, Y, d. */
function readEc(bytes: Uint8Array, at: number): Candidate | undefined {
  const size = u32le(bytes, at + 4) ?? 0;
  if (size < 24 || size > 66) return undefined;
  const fields = takeFields(bytes, at + 8, [2 * size, size]);
  if (!fields) return undefined;
  const point = new Uint8Array(1 + 2 * size);
  point[0] = 0x04;
  point.set(fields[0]!, 1);
  return { parts: { type: 'ec', numbers: { scalar: fields[1]!, point } }, end: at + 8 + 3 * size };
}

/** Magic, cbKey, Count, Seed[20], q[20]; p, g, y, x[20]. */
function readDsa(bytes: Uint8Array, at: number): Candidate | undefined {
  const size = u32le(bytes, at + 4) ?? 0;
  if (size < 64 || size > 128) return undefined;
  return readDsaNumbers(bytes, at + 32, [20, size, size, size, 20]);
}

/** Magic, cbKey, hash, standard, cbSeedLength, cbGroupSize, Count; Seed, q, p, g, y, x[cbGroupSize]. */
function readDsa2(bytes: Uint8Array, at: number): Candidate | undefined {
  const [size, seed, group] = [4, 16, 20].map((offset) => u32le(bytes, at + offset) ?? 0) as [number, number, number];
  if (size < 128 || size > 384 || seed > 64 || group < 20 || group > 32) return undefined;
  return readDsaNumbers(bytes, at + 28 + seed, [group, size, size, size, group]);
}

function readDsaNumbers(bytes: Uint8Array, at: number, sizes: readonly number[]): Candidate | undefined {
  const [q, p, g, y, x] = takeFields(bytes, at, sizes)?.map((field) => bigintFromBe(field)) ?? [];
  if (!q || !p || !g || !y || !x) return undefined;
  return { parts: { type: 'dsa', numbers: { p, q, g, y, x } }, end: at + sum(sizes) };
}

/** Magic, version 1, cbKeyData; an AES key. */
function readKeyData(bytes: Uint8Array, at: number): Candidate | undefined {
  const size = u32le(bytes, at + 8)!;
  const key = takeFields(bytes, at + 12, [size])?.[0];
  // Nothing but its randomness proves a symmetric key, and pointers behind the four letters aren't random enough.
  return key && looksRandom(key) && new Set(key).size >= size * 0.8
    ? { symmetric: key, end: at + 12 + size }
    : undefined;
}

export default defineDetector<Candidate & { readonly start: number }>({
  id: 'cng-blob',
  title: 'Private key of Windows CNG',
  severity: 'critical',
  doc: `
A key as \`BCryptExportKey\`, \`NCryptExportKey\` and .NET's \`CngKey.Export\` write it: RSA private and full private
([BCRYPT_RSAKEY_BLOB](https://learn.microsoft.com/windows/win32/api/bcrypt/ns-bcrypt-bcrypt_rsakey_blob)), EC for ECDSA and ECDH,
named or generic ([BCRYPT_ECCKEY_BLOB](https://learn.microsoft.com/windows/win32/api/bcrypt/ns-bcrypt-bcrypt_ecckey_blob)), DSA in
both versions, and AES keys (BCRYPT_KEY_DATA_BLOB). Seen in the memory of Windows services and in files that hold exported keys.

**Proof**: n = p·q; d·G = (X, Y); y = g^x. An AES key proves nothing and is *likely*.

**What to do**: replace the key pair, revoke its certificates, and find out who could read the dump.
`,
  anchors: [
    { bytes: '52 53 41 32 ?? ?? 00 00 ?? 00 00 00 ?? ?? 00 00' }, // RSA2
    { bytes: '52 53 41 33 ?? ?? 00 00 ?? 00 00 00 ?? ?? 00 00' }, // RSA3
    { bytes: '45 43 53 32 20 00 00 00' }, // ECS2: ECDSA, P-256
    { bytes: '45 43 53 34 30 00 00 00' }, // ECS4
    { bytes: '45 43 53 36 42 00 00 00' }, // ECS6
    { bytes: '45 43 4b 32 20 00 00 00' }, // ECK2: ECDH, P-256
    { bytes: '45 43 4b 34 30 00 00 00' }, // ECK4
    { bytes: '45 43 4b 36 42 00 00 00' }, // ECK6
    { bytes: '45 43 44 56 ?? 00 00 00' }, // ECDV: ECDSA, any curve
    { bytes: '45 43 4b 56 ?? 00 00 00' }, // ECKV: ECDH, any curve
    { bytes: '44 53 50 56 ?? 00 00 00' }, // DSPV
    { bytes: '44 50 56 32 ?? ?? 00 00 ?? 00 00 00' }, // DPV2
    { bytes: '4b 44 42 4d 01 00 00 00 10 00 00 00' }, // KDBM, AES-128
    { bytes: '4b 44 42 4d 01 00 00 00 18 00 00 00' },
    { bytes: '4b 44 42 4d 01 00 00 00 20 00 00 00' },
  ],
  // A full RSA-16384 blob.
  reach: { before: 0, after: 9_300 },

  parse({ bytes, at, anchor }) {
    const read =
      anchor < 2 ? readRsa : anchor < 10 ? readEc : anchor === 10 ? readDsa : anchor === 11 ? readDsa2 : readKeyData;
    const candidate = read(bytes, at);
    return candidate && { ...candidate, start: at };
  },

  verify(candidate): readonly Claim[] {
    const span = { start: candidate.start, end: candidate.end };
    if ('parts' in candidate) return claimKey(candidate.parts, 'cng', span);
    const bits = candidate.symmetric.length * 8;
    const traits = { algorithm: 'symmetric', form: 'cng', proof: 'none', bits } as const;
    return [{ verdict: 'likely', span, traits, secret: candidate.symmetric.slice() }];
  },

  examples(make) {
    const rsa = make.rsa(2048);
    const ec = make.ec('P-256');
    const dsa = make.dsa();
    const { be, concat } = make;
    const u32 = (...values: readonly number[]): Uint8Array =>
      concat(...values.map((value) => make.le(BigInt(value), 4)));
    const half = rsa.bits / 16;
    const e = be(rsa.e);
    const sizes = u32(rsa.bits, e.length, 2 * half, half, half);
    const head = concat(sizes, e, be(rsa.n), be(rsa.p), be(rsa.q));
    const crt = concat(be(rsa.dp, half), be(rsa.dq, half), be(rsa.qi, half), be(rsa.d, 2 * half));
    const point = (key: typeof ec) => concat(u32(key.d.length), key.x, key.y, key.d);
    const hit = (
      name: string,
      key: typeof rsa | typeof ec | typeof dsa,
      ...parts: readonly (Uint8Array | string)[]
    ): Hit => {
      const bytes = concat(...parts);
      return {
        name,
        bytes,
        span: { start: 0, end: bytes.length },
        verdict: 'proven',
        traits: { form: 'cng', publicKeySha256: make.publicKeySha256(key) },
        secrets: make.secrets(key),
      };
    };
    const [p384, p521, k1, brainpool] = (['P-384', 'P-521', 'secp256k1', 'brainpoolP512r1'] as const).map((name) =>
      make.ec(name),
    );
    const dsaNumbers = concat(be(dsa.q, 20), be(dsa.p, 128), be(dsa.g, 128), be(dsa.y, 128), be(dsa.x, 20));
    const aes = make.bytes(32);
    const cut = hit('second prime overwritten', rsa, 'RSA2', sizes, e, be(rsa.n), be(rsa.p), make.bytes(half));
    return {
      hits: [
        hit('RSA', rsa, 'RSA2', head),
        hit('RSA with all members', rsa, 'RSA3', head, crt),
        { ...cut, traits: { proof: 'n%p=0' } },
        hit('ECDSA P-256', ec, 'ECS2', point(ec)),
        hit('ECDSA P-384', p384!, 'ECS4', point(p384!)),
        hit('ECDH P-521', p521!, 'ECK6', point(p521!)),
        hit('ECDSA secp256k1', k1!, 'ECDV', point(k1!)),
        hit('ECDH brainpool', brainpool!, 'ECKV', point(brainpool!)),
        hit('DSA', dsa, 'DSPV', u32(128, 5), make.bytes(20), dsaNumbers),
        hit('DSA, version 2', dsa, 'DPV2', u32(128, 1, 1, 32, 20, 5), make.bytes(32), dsaNumbers),
        {
          name: 'AES-256',
          bytes: concat('KDBM', u32(1, 32), aes),
          span: { start: 0, end: 44 },
          verdict: 'likely',
          traits: { algorithm: 'symmetric', bits: 256, form: 'cng', proof: 'none' },
          secrets: [aes],
        },
      ],
      misses: [
        { name: 'text', bytes: make.ascii('use RSA2 or RSA3 or ECS2 keys'), reaches: 'anchor' },
        {
          name: 'sizes that contradict each other',
          bytes: concat('RSA2', u32(2048, 3, 128, 128, 128), make.bytes(600)),
          reaches: 'anchor',
        },
        { name: 'RSA of noise', bytes: concat('RSA2', sizes, make.bytes(600)), reaches: 'verify' },
        { name: 'EC of noise', bytes: concat('ECS2', u32(32), make.bytes(96)), reaches: 'verify' },
        { name: 'AES key of zeros', bytes: concat('KDBM', u32(1, 32), new Uint8Array(32)), reaches: 'anchor' },
      ],
    };
  },
});
