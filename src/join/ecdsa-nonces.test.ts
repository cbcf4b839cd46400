import { describe, expect, it } from 'vitest';
import { multiplyPoint, ORDERS, signWith } from '../../corpus/encode/ecdsa.ts';
import { writeNumber } from '../../corpus/encode/numbers.ts';
import { createMake } from '../../corpus/make.ts';
import { runJoin } from '../../test/support/run-join.ts';
import type { EcKey } from '../model/make.ts';
import { modInverse } from '../proof/modular.ts';
import { createEcScalarsJoin } from './ec-scalars.ts';
import { createWindow, type LeadWindow } from './join.ts';

const make = createMake('ecdsa-nonces');
const SPACING = 1 << 20;
const CURVES = [
  ['P-256', 'ES256', 'sha256'],
  ['P-384', 'ES384', 'sha384'],
  ['P-521', 'ES512', 'sha512'],
  ['secp256k1', 'ES256K', 'sha256'],
] as const;

function windowOf(bytes: Uint8Array, number: number, kind: LeadWindow['lead']['kind'] = 'number'): LeadWindow {
  const start = SPACING * number;
  const around = make.concat(make.le(0x31n, 16), bytes, make.le(0n, 16));
  return createWindow({ kind, encoding: 'bytes', start, end: start + bytes.length }, around, 16);
}

function join(windows: readonly LeadWindow[]) {
  const { claims, overBudget } = runJoin(createEcScalarsJoin({ budget: 1e9 }), windows);
  const found = claims.map(({ claim }) => ({ ...claim.traits, ...claim.span, verdict: claim.verdict }));
  return { overBudget, found, secrets: claims.map(({ claim }) => claim.secret) };
}

describe.each(CURVES)('%s', (curve, alg, hash) => {
  const key: EcKey = make.ec(curve);
  const size = key.d.length;
  const k = (BigInt(`0x${make.hex(make.bytes(size))}`) % (ORDERS[curve] - 1n)) + 1n;
  const nonce = make.le(k, Math.ceil(size / 8) * 8);
  const header = make.base64url(make.ascii(JSON.stringify({ alg })));
  const input = make.ascii(`${header}.${make.base64url(make.ascii('{"sub":"somebody"}'))}`);
  const digest = make.hash(hash, input);
  const { r, s } = signWith(curve, key.d, k, digest);
  const raw = make.concat(make.be(r, size), make.be(s, size));
  const der = make.der.seq(make.der.int(r), make.der.int(s));
  const token = make.concat(input, '.', make.base64url(raw));
  const publicKey = windowOf(make.spki(key), 90, 'public-key');
  const noise = () => [32, 48, 64, 72].map((bytes, i) => windowOf(make.bytes(bytes), 50 + i));
  const expected = {
    algorithm: 'EC',
    curve,
    form: 'nonce',
    proof: 'd*G=Q',
    verdict: 'proven',
    publicKeySha256: make.publicKeySha256(key),
    start: 3 * SPACING,
  };

  it('agrees with the curve', () => {
    const { x, y } = multiplyPoint(curve, BigInt(`0x${make.hex(key.d)}`));
    expect([x, y]).toEqual([key.x, key.y].map((bytes) => BigInt(`0x${make.hex(bytes)}`)));
  });

  it.each([
    ['DER', [der]],
    ['r‖s', [raw]],
    ['limbs', [make.concat(make.le(r, Math.ceil(size / 8) * 8))]],
  ])('computes the key from a signature as %s', (form, values) => {
    const windows = values.map((bytes, i) => windowOf(bytes, 10 + i));
    if (form === 'limbs') {
      const start = 10 * SPACING + 256;
      const bytes = make.le(s, Math.ceil(size / 8) * 8);
      const around = make.concat(make.le(0x31n, 16), bytes, make.le(0n, 16));
      windows.push(createWindow({ kind: 'number', encoding: 'bytes', start, end: start + bytes.length }, around, 16));
    }
    const { found, secrets, overBudget } = join([
      ...noise(),
      windowOf(nonce, 3),
      ...windows,
      windowOf(digest, 20),
      publicKey,
    ]);
    expect(found).toMatchObject([expected]);
    expect(secrets).toEqual([key.d]);
    expect(overBudget).toBe(false);
  });

  it('computes the key from a token, by a public key in memory', () => {
    const points = [key.x, key.y].map((bytes, i) => windowOf(writeNumber('little-endian', bytes), 30 + i));
    const found = [publicKey, ...points];
    for (const known of [[publicKey], points]) {
      expect(join([windowOf(nonce, 3), windowOf(token, 8, 'token'), ...known]).found).toMatchObject([expected]);
    }
    expect(found).toHaveLength(3);
  });

  it('is not sure without the public key', () => {
    const { found, secrets } = join([windowOf(nonce, 3), windowOf(token, 8, 'token'), ...noise()]);
    expect(found).toMatchObject([{ ...expected, verdict: 'likely', proof: 'none' }]);
    expect(secrets).toEqual([key.d]);
  });

  it('makes no key of a nonce whose point was left, but not its digest', () => {
    const point = multiplyPoint(curve, k);
    const encoded = make.concat(Uint8Array.of(4), make.be(point.x, size), make.be(point.y, size));
    const inverse = modInverse(k, ORDERS[curve])!;
    const limbs = make.le(inverse, Math.ceil(size / 8) * 8);
    const montgomery = (value: bigint) => {
      const words = Math.ceil(size / 8);
      return make.le((value << BigInt(64 * words)) % ORDERS[curve], 8 * words);
    };
    const marks = [der, limbs, make.be(inverse, size), montgomery(inverse)];
    for (const [mark, left] of marks.flatMap((each) => [nonce, montgomery(k)].map((own) => [each, own] as const))) {
      const windows = [
        windowOf(left, 3),
        windowOf(mark, 10),
        windowOf(encoded, 20),
        windowOf(writeNumber('little-endian', key.d), 30),
        publicKey,
      ];
      expect(join([...windows, ...noise()]).found).toMatchObject([{ form: 'scalar', start: 30 * SPACING }]);
    }
    // Without any of them it is what ECDH and signing keys look like.
    expect(join([windowOf(nonce, 3), windowOf(encoded, 20), ...noise()]).found).toMatchObject([{ form: 'scalar' }]);
  });

  it('needs the nonce, the signature and the digest', () => {
    const other = windowOf(make.bytes(size), 3);
    for (const windows of [
      [other, windowOf(der, 10), windowOf(digest, 20), publicKey],
      [windowOf(nonce, 3), windowOf(make.be(r, size), 10), windowOf(digest, 20), publicKey],
      [windowOf(nonce, 3), windowOf(der, 10), windowOf(make.hash(hash, token), 20), publicKey],
      [windowOf(nonce, 3), windowOf(der, 10), windowOf(digest, 20)],
      [other, windowOf(token, 8, 'token'), publicKey],
    ]) {
      expect(join([...windows, ...noise()]).found).toEqual([]);
    }
  });
});

it('accepts signatures whose s was made small', () => {
  const key = make.ec('secp256k1');
  const k = BigInt(`0x${make.hex(make.bytes(31))}`);
  const digest = make.bytes(32);
  const { r, s } = signWith('secp256k1', key.d, k, digest);
  const der = make.der.seq(make.der.int(r), make.der.int(ORDERS.secp256k1 - s));
  const windows = [
    windowOf(make.be(k, 32), 3),
    windowOf(der, 5),
    windowOf(digest, 6),
    windowOf(make.spki(key), 7, 'public-key'),
  ];
  expect(join(windows).found).toMatchObject([{ form: 'nonce', verdict: 'proven' }]);
});

it.each(['token', 'DER'])('solves all nonces of a busy signer, each with its own signature (%s)', (form) => {
  const key = make.ec('P-256');
  const header = make.base64url(make.ascii('{"alg":"ES256"}'));
  const windows = [windowOf(make.spki(key), 5000, 'public-key')];
  const starts: number[] = [];
  for (let i = 0; i < 300; i++) {
    const k = BigInt(`0x${make.hex(make.bytes(31))}`);
    const input = make.ascii(`${header}.${make.base64url(make.ascii(`{"sub":"${i}"}`))}`);
    const digest = make.hash('sha256', input);
    const { r, s } = signWith('P-256', key.d, k, digest);
    const token = make.concat(input, '.', make.base64url(make.concat(make.be(r, 32), make.be(s, 32))));
    const der = make.der.seq(make.der.int(r), make.der.int(s));
    const at = 10 * i;
    windows.push(windowOf(make.le(k, 32), at));
    if (form === 'token') windows.push(windowOf(token, at + 1, 'token'));
    else windows.push(windowOf(der, at + 1), windowOf(digest, at + 1 + 256 / SPACING));
    starts.push(at * SPACING);
  }
  const { found, overBudget } = join(windows);
  const proven = found.filter(({ verdict, start }) => verdict === 'proven' && starts.includes(start));
  expect(proven).toHaveLength(found.length);
  // Of some hundred random digests one looks like no random number.
  expect(found.length).toBeGreaterThan(form === 'token' ? 299 : 290);
  expect(overBudget).toBe(false);
});
