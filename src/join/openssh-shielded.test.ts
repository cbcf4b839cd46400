import { createCipheriv, createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { runJoin } from '../../test/support/run-join.ts';
import { createWindow, type LeadWindow } from './join.ts';
import { createOpenSshShieldedJoin } from './openssh-shielded.ts';

const make = createMake('openssh-shielded');
const SPACING = 1 << 20;

const windowOf = (bytes: Uint8Array, header: bigint, start: number): LeadWindow =>
  createWindow(
    { kind: 'number', encoding: 'bytes', start, end: start + bytes.length },
    make.concat(make.le(0n, 8), make.le(header, 8), bytes, make.le(0n, 16)),
    16,
  );

const field = (bytes: Uint8Array): Uint8Array => make.concat(make.be(BigInt(bytes.length), 4), bytes);
const text = (value: string): Uint8Array => field(make.ascii(value));
const mpint = (value: bigint): Uint8Array => {
  const bytes = make.be(value);
  return field(bytes[0]! >= 0x80 ? make.concat(Uint8Array.of(0), bytes) : bytes);
};

const rsa = make.rsa(2048);
const ec = make.ec('P-384');
const ed = make.okp('Ed25519');
const KEYS = [
  ['RSA', rsa, [text('ssh-rsa'), ...[rsa.n, rsa.e, rsa.d, rsa.qi, rsa.p, rsa.q].map(mpint)]],
  [
    'ECDSA',
    ec,
    [
      text('ecdsa-sha2-nistp384'),
      text('nistp384'),
      field(make.concat(Uint8Array.of(4), ec.x, ec.y)),
      mpint(BigInt(`0x${make.hex(ec.d)}`)),
    ],
  ],
  ['Ed25519', ed, [text('ssh-ed25519'), field(ed.x), field(make.concat(ed.d, ed.x))]],
] as const;

function shield(parts: readonly Uint8Array[], prekey: Uint8Array): Uint8Array {
  const hash = createHash('sha512').update(prekey).digest();
  const plain = make.concat(...parts);
  const padding = Uint8Array.from({ length: (16 - (plain.length % 16)) % 16 }, (_, i) => i + 1);
  const cipher = createCipheriv('aes-256-ctr', hash.subarray(0, 32), hash.subarray(32, 48));
  return new Uint8Array(cipher.update(make.concat(plain, padding)));
}

function join(windows: readonly LeadWindow[], maxPrekeys?: number) {
  const { claims, overBudget } = runJoin(createOpenSshShieldedJoin(maxPrekeys), windows);
  const found = claims.map(({ claim }) => ({ ...claim.traits, ...claim.span, verdict: claim.verdict }));
  return { found, overBudget, secrets: claims.map(({ claim }) => claim.secret) };
}

describe.each(KEYS)('%s', (_, key, parts) => {
  const prekey = make.bytes(16_384);
  const blob = shield(parts, prekey);

  it.each([0x4011n, 0x4010n, 0x4025n])('is opened with the prekey of a chunk %s', (header) => {
    const noise = [windowOf(make.bytes(16_384), 0x4011n, 9 * SPACING), windowOf(make.bytes(400), 0x1a1n, 5 * SPACING)];
    const { found, secrets } = join([windowOf(blob, 0x91n, SPACING), windowOf(prekey, header, 4 * SPACING), ...noise]);
    expect(found).toMatchObject([
      { form: 'openssh', verdict: 'proven', start: SPACING, publicKeySha256: make.publicKeySha256(key) },
    ]);
    expect(found[0]!.end).toBeLessThanOrEqual(SPACING + blob.length);
    expect(secrets).toEqual([make.secret(key)]);
  });

  it('is opened with a prekey of another allocator', () => {
    const windows = [windowOf(blob, 0x91n, SPACING), windowOf(prekey, 0x7fn << 40n, 4 * SPACING)];
    expect(join(windows).found).toMatchObject([{ publicKeySha256: make.publicKeySha256(key) }]);
  });

  it('is opened where a word that does not look random divides it', () => {
    const at = 40;
    const rest = windowOf(blob.subarray(at + 8), 0n, SPACING + at + 8);
    rest.around.set(blob.subarray(at - 8, at + 8));
    const first = windowOf(blob.subarray(0, at), 0x91n, SPACING);
    first.around.set(blob.subarray(at, at + 16), first.around.length - 16);
    const { found } = join([windowOf(prekey, 0x4011n, 4 * SPACING), rest, first]);
    expect(found).toMatchObject([{ start: SPACING, publicKeySha256: make.publicKeySha256(key) }]);
  });

  it('stays closed without its prekey, with a damaged one, and when it is cut or damaged', () => {
    const damaged = prekey.slice();
    damaged[100]! ^= 1;
    const wrong = blob.slice();
    wrong[Math.floor(parts.reduce((sum, { length }) => sum + length, 0) - 40)]! ^= 1;
    for (const windows of [
      [windowOf(blob, 0x91n, SPACING)],
      [windowOf(blob, 0x91n, SPACING), windowOf(damaged, 0x4011n, 2 * SPACING)],
      [windowOf(blob.slice(0, 64), 0x91n, SPACING), windowOf(prekey, 0x4011n, 2 * SPACING)],
      [windowOf(blob, 0x91n, SPACING), windowOf(make.concat(prekey, make.bytes(64)), 0x8011n, 2 * SPACING)],
    ]) {
      expect(join(windows).found).toEqual([]);
    }
    const { found } = join([windowOf(wrong, 0x91n, SPACING), windowOf(prekey, 0x4011n, 2 * SPACING)]);
    for (const { publicKeySha256, verdict } of found) {
      // Two primes still prove the key when a member that isn't needed is damaged.
      expect([publicKeySha256, verdict]).toEqual([make.publicKeySha256(key), 'proven']);
    }
  });
});

it('says when there are more prekeys than it tries', () => {
  const windows = [1, 2, 3].map((i) => windowOf(make.bytes(16_384), 0x4011n, i * SPACING));
  expect(join(windows, 2).overBudget).toBe(true);
  expect(join(windows).overBudget).toBe(false);
});
