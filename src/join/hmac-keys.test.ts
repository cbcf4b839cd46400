import { describe, expect, it } from 'vitest';
import { hmacState } from '../../corpus/encode/hmac-state.ts';
import { createMake } from '../../corpus/make.ts';
import { runJoin } from '../../test/support/run-join.ts';
import type { Sha2 } from '../proof/sha2.ts';
import { createHmacKeysJoin } from './hmac-keys.ts';
import { createWindow, type LeadWindow } from './join.ts';

const make = createMake('hmac-keys');
const SPACING = 1 << 20;
const NAMES = { sha256: 'HS256', sha384: 'HS384', sha512: 'HS512' } as const;

function windowOf(
  bytes: Uint8Array,
  kind: LeadWindow['lead']['kind'],
  number: number,
  before?: Uint8Array,
): LeadWindow {
  const start = SPACING * number;
  const around = make.concat(before ?? make.le(0x31n, 16), bytes, make.le(0n, 16));
  return createWindow({ kind, encoding: 'bytes', start, end: start + bytes.length }, around, 16);
}

function tokenOf(hash: Sha2, key: Uint8Array, payload: string): Uint8Array {
  const header = make.base64url(make.ascii(JSON.stringify({ alg: NAMES[hash], typ: 'JWT' })));
  const input = `${header}.${make.base64url(make.ascii(payload))}`;
  return make.ascii(`${input}.${make.base64url(make.hmac(hash, key, make.ascii(input)))}`);
}

function join(windows: readonly LeadWindow[], budget = 1e9) {
  const { claims, overBudget } = runJoin(createHmacKeysJoin(budget), windows);
  const found = claims.map(({ claim }) => ({ ...claim.traits, ...claim.span, verdict: claim.verdict }));
  return { overBudget, found, secrets: claims.map(({ claim }) => claim.secret) };
}

const noise = () => [32, 40, 64, 72, 256].map((size, i) => windowOf(make.bytes(size), 'number', 20 + i));
const littleEndian = (state: Uint8Array, word: number): Uint8Array => {
  const out = state.slice();
  for (let at = 0; at < out.length; at += word) out.subarray(at, at + word).reverse();
  return out;
};

describe.each(['sha256', 'sha384', 'sha512'] as const)('%s', (hash) => {
  const key = make.bytes(48);
  const token = windowOf(tokenOf(hash, key, '{"sub":"somebody"}'), 'token', 1);
  const other = windowOf(tokenOf(hash, make.bytes(32), '{"sub":"another"}'), 'token', 2);
  const size = hash === 'sha256' ? 32 : 64;
  const [word, bits] = hash === 'sha256' ? [4, 512n] : [8, 1024n];
  const states = [0x36, 0x5c].map((pad) => hmacState(hash, key, pad));

  it('finds a key as octets, base64 and hex', () => {
    const texts = [make.base64(key), make.base64url(key), make.hex(key)].map((text, i) =>
      windowOf(make.ascii(text), i === 1 ? 'base64url-value' : 'text-key', 6 + i),
    );
    const { found, secrets, overBudget } = join([token, other, windowOf(key, 'number', 5), ...texts, ...noise()]);
    expect(found.map(({ start }) => start / SPACING)).toEqual([5, 6, 7, 8]);
    expect(found).toMatchObject(found.map(() => ({ form: 'mac-key', proof: 'mac', verdict: 'proven', bits: 384 })));
    expect(secrets).toEqual(found.map(() => key));
    expect(overBudget).toBe(false);
  });

  it('takes a text for the key itself', () => {
    const text = make.ascii(make.hex(make.bytes(32)));
    const { found } = join([windowOf(tokenOf(hash, text, '{}'), 'token', 1), windowOf(text, 'text-key', 4)]);
    expect(found).toMatchObject([{ form: 'mac-key', bits: 512, start: 4 * SPACING }]);
  });

  it.each([
    ['OpenSSL', (state: Uint8Array) => make.concat(littleEndian(state, word), make.le(bits, 8)), undefined, 0],
    ['nettle', (state: Uint8Array) => make.concat(littleEndian(state, word), make.le(1n, 8)), undefined, 0],
    ['mbedTLS', (state: Uint8Array) => littleEndian(state, word), make.le((bits / 8n) << 64n, 16), 0],
    [
      'Go',
      (state: Uint8Array) =>
        make.concat(`sha${{ sha256: '\x03', sha384: '\x04', sha512: '\x07' }[hash]}`, state, make.bytes(4)),
      undefined,
      4,
    ],
  ] as const)('finds midstates as %s holds them', (_, write, before, skip) => {
    const windows = states.map((state, i) => windowOf(write(state), 'number', 10 + i, before));
    const { found, secrets } = join([other, token, ...windows, ...noise()]);
    const spans = [10, 11].map((i) => ({ start: i * SPACING + skip, end: i * SPACING + skip + size }));
    expect(found).toMatchObject(spans.map((span) => ({ ...span, form: 'midstate', proof: 'mac', verdict: 'proven' })));
    expect(new Set(secrets.map((secret) => make.hex(secret)))).toEqual(new Set([make.hex(make.concat(...states))]));
  });

  it('makes one secret of a key and its midstates', () => {
    const windows = states.map((state, i) =>
      windowOf(make.concat(littleEndian(state, word), make.le(bits, 8)), 'number', 10 + i),
    );
    const { found, secrets } = join([token, windowOf(key, 'number', 5), ...windows]);
    expect(found.map(({ form }) => form)).toEqual(['mac-key', 'midstate', 'midstate']);
    expect(new Set(secrets.map((secret) => make.hex(secret)))).toEqual(new Set([make.hex(key)]));
  });

  it('needs a token whose MAC agrees', () => {
    const damaged = tokenOf(hash, key, '{"sub":"somebody"}');
    damaged[damaged.length - 9]! ^= 1;
    for (const tokens of [[], [other], [windowOf(damaged, 'token', 1)]]) {
      expect(join([...tokens, windowOf(key, 'number', 5), ...noise()])).toMatchObject({ found: [], overBudget: false });
    }
    expect(
      join([token, windowOf(make.concat(littleEndian(states[0]!, word), make.le(bits, 8)), 'number', 5)]).found,
    ).toEqual([]);
  });

  it('says when its budget runs out', () => {
    expect(join([token, ...noise(), windowOf(key, 'number', 40)], 12).overBudget).toBe(true);
  });
});

it('goes on with the tokens of other keys', () => {
  const keys = [make.bytes(32), make.bytes(64)] as const;
  const tokens = Array.from({ length: 40 }, (_, i) => tokenOf('sha256', keys[i < 30 ? 0 : 1], `{"jti":${i}}`));
  const windows = [
    ...tokens.map((token, i) => windowOf(token, 'token', 100 + i)),
    ...keys.map((key, i) => windowOf(key, 'number', i + 1)),
  ];
  expect(join(windows).found.map(({ start }) => start / SPACING)).toEqual([1, 2]);
});

it('says when there are more values than it tries', () => {
  const token = windowOf(tokenOf('sha256', make.bytes(40), '{"sub":"somebody"}'), 'token', 1);
  const isOver = (most: number) => runJoin(createHmacKeysJoin(1e9, most), [token, ...noise()]).overBudget;
  expect([isOver(3), isOver(300)]).toEqual([true, false]);
});
