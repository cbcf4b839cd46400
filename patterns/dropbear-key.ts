// Dropbear's key files (src/{rsa,dss,ecdsa,ed25519}.c, buf_put_*_priv_key): the type, the public numbers, then the
// private ones, as SSH strings (RFC 4251, 5). OpenSSH orders the fields otherwise, but for ECDSA.
import { bigintFromBe } from '../src/bytes/limbs.ts';
import { concat, latin1, u32be } from '../src/bytes/reader.ts';
import { claimKey } from '../src/keys/claims.ts';
import type { KeyDocument, KeyParts } from '../src/keys/key-parts.ts';
import { SshReader } from '../src/keys/ssh-wire.ts';
import { defineDetector } from '../src/model/detector.ts';
import type { Curve } from '../src/model/finding.ts';
import type { EcKey, Make, RsaKey } from '../src/model/make.ts';

/** Index of the anchor of ECDSA keys. */
const ECDSA_ANCHOR = 4;
const CURVES: Readonly<Record<string, Curve>> = { nistp256: 'P-256', nistp384: 'P-384', nistp521: 'P-521' };

function readDropbearKey(reader: SshReader): KeyParts | undefined {
  const type = reader.name();
  if (type === 'ssh-rsa') {
    const [e, n, d] = [reader.mpint(), reader.mpint(), reader.mpint()];
    if (!reader.ok) return undefined;
    const [p, q] = [reader.mpint(), reader.mpint()];
    // Dropbear before 0.33 stored no primes; d alone proves the key as well.
    return { type: 'rsa', numbers: reader.ok ? { n, e, d, p, q } : { n, e, d } };
  }
  if (type === 'ssh-dss') {
    const [p, q, g, y, x] = [reader.mpint(), reader.mpint(), reader.mpint(), reader.mpint(), reader.mpint()];
    return reader.ok ? { type: 'dsa', numbers: { p, q, g, y, x } } : undefined;
  }
  if (type === 'ssh-ed25519') {
    const pair = reader.string();
    if (pair.length !== 64) return undefined;
    return {
      type: 'okp',
      numbers: { curve: 'Ed25519', privateKey: pair.subarray(0, 32), publicKey: pair.subarray(32) },
    };
  }
  const curve = CURVES[reader.name()];
  const point = reader.string();
  const scalar = reader.string();
  if (!curve || !reader.ok || scalar.length < 16) return undefined;
  return { type: 'ec', numbers: { curve, scalar: scalar[0] === 0 ? scalar.subarray(1) : scalar, point } };
}

/**
 * OpenSSH's private section holds the same fields for ECDSA, behind a random number that stands there twice: another
 * detector's. Filler is equal, too, but not random.
 */
function isOpenSshSection(bytes: Uint8Array, at: number): boolean {
  const check = u32be(bytes, at - 8);
  return check !== undefined && check === u32be(bytes, at - 4) && new Set(bytes.subarray(at - 8, at - 4)).size > 2;
}

const hex = (text: string): string => Array.from(latin1(text), (byte) => byte.toString(16).padStart(2, '0')).join(' ');

export default defineDetector<KeyDocument>({
  id: 'dropbear-key',
  title: 'Dropbear host or client key',
  severity: 'critical',
  doc: `
A private key in the binary format of [Dropbear](https://matt.ucc.asn.au/dropbear/dropbear.html), the SSH server of routers and
initial RAM disks (\`/etc/dropbear/dropbear_*_host_key\`): RSA, DSA, ECDSA and Ed25519. Never encrypted. Firmware images
often carry one that all devices share.

**Proof**: n = p·q, or the public key computed from the private one.

**What to do**: make new host keys (\`dropbearkey\`), and remove the old ones from \`known_hosts\` and \`authorized_keys\`.
`,
  anchors: [
    { bytes: `00 00 00 07 ${hex('ssh-rsa')} 00 00 00 03 01 00 01` },
    { bytes: `00 00 00 07 ${hex('ssh-rsa')} 00 00 00 01 03` },
    { bytes: `00 00 00 07 ${hex('ssh-dss')}` },
    { bytes: `00 00 00 0b ${hex('ssh-ed25519')} 00 00 00 40` },
    { bytes: `00 00 00 13 ${hex('ecdsa-sha2-nistp')}` },
  ],
  reach: { before: 8, after: 4_800 },

  parse({ bytes, at, anchor }) {
    if (anchor === ECDSA_ANCHOR && isOpenSshSection(bytes, at)) return undefined;
    const reader = new SshReader(bytes, at);
    const parts = readDropbearKey(reader);
    return parts && { parts, start: at, end: reader.at };
  },

  verify: (document) => claimKey(document.parts, 'dropbear', document),

  examples(make) {
    const rsa = make.rsa(2048);
    const ed = make.okp('Ed25519');
    const hit = (name: string, bytes: Uint8Array, key: RsaKey | EcKey | typeof ed) => ({
      name,
      bytes,
      span: { start: 0, end: bytes.length },
      verdict: 'proven' as const,
      traits: { form: 'dropbear', publicKeySha256: make.publicKeySha256(key) } as const,
      secrets: make.secrets(key),
    });
    const edFile = (seed: Uint8Array) =>
      make.concat(field(make, make.ascii('ssh-ed25519')), field(make, concat(seed, ed.x)));
    const filler = new Uint8Array(8).fill(0xa5);
    const ec = (curve: Curve, name: string, before = new Uint8Array(0)) => {
      const key = make.ec(curve);
      const file = make.concat(before, ecFile(make, key, name));
      return { ...hit(curve, file, key), span: { start: before.length, end: file.length } };
    };
    return {
      hits: [
        hit('RSA', rsaFile(make, rsa, rsa.n), rsa),
        { ...ec('P-256', 'nistp256', filler), name: 'P-256 behind filler' },
        hit('Ed25519', edFile(ed.d), ed),
        ec('P-256', 'nistp256'),
        ec('P-384', 'nistp384'),
        ec('P-521', 'nistp521'),
      ],
      misses: [
        { name: 'n is not p*q', bytes: rsaFile(make, rsa, rsa.n + 2n), reaches: 'verify' },
        { name: 'public key of another seed', bytes: edFile(make.bytes(32)), reaches: 'verify' },
        {
          name: 'section of an OpenSSH key',
          bytes: make.concat('\x01\x02\x03\x04\x01\x02\x03\x04', ecFile(make, make.ec('P-256'), 'nistp256')),
          reaches: 'anchor',
        },
        {
          name: 'public key only',
          bytes: make.concat(field(make, make.ascii('ssh-rsa')), mpint(make, rsa.e), mpint(make, rsa.n), 'user@host'),
          reaches: 'anchor',
        },
      ],
    };
  },
});

const field = (make: Make, bytes: Uint8Array): Uint8Array => make.concat(make.be(BigInt(bytes.length), 4), bytes);
const mpint = (make: Make, value: bigint): Uint8Array => {
  const bytes = make.be(value);
  return field(make, bytes[0]! >= 0x80 ? concat(Uint8Array.of(0), bytes) : bytes);
};
const rsaFile = (make: Make, key: RsaKey, n: bigint): Uint8Array =>
  make.concat(
    field(make, make.ascii('ssh-rsa')),
    ...[key.e, n, key.d, key.p, key.q].map((value) => mpint(make, value)),
  );
const ecFile = (make: Make, key: EcKey, name: string): Uint8Array =>
  make.concat(
    field(make, make.ascii(`ecdsa-sha2-${name}`)),
    field(make, make.ascii(name)),
    field(make, make.concat(Uint8Array.of(4), key.x, key.y)),
    mpint(make, bigintFromBe(key.d)),
  );
