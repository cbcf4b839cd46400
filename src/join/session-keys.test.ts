import { describe, expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { runJoin } from '../../test/support/run-join.ts';
import { createEcScalarsJoin } from './ec-scalars.ts';
import { createWindow, type Join, type LeadWindow } from './join.ts';
import { createOkpSeedsJoin } from './okp-seeds.ts';

const make = createMake('session-keys');
const SPACING = 1 << 20;

function windowsOf(values: readonly Uint8Array[], kind: LeadWindow['lead']['kind'] = 'number', first = 1) {
  return values.map((bytes, i) => {
    const start = SPACING * (first + i);
    const around = make.concat(make.le(0x31n, 16), bytes, make.le(0n, 16));
    return createWindow({ kind, encoding: 'bytes', start, end: start + bytes.length }, around, 16);
  });
}

const severities = (join: Join, windows: readonly LeadWindow[]) =>
  runJoin(join, windows).claims.map(({ claim }) => claim.severity ?? join.severity);

const CASES = [
  ['P-256', 0x17],
  ['P-384', 0x18],
  ['P-521', 0x19],
  ['brainpoolP256r1', 0x1a],
  ['brainpoolP256r1', 0x1f],
  ['X25519', 0x1d],
  ['X448', 0x1e],
] as const;

describe.each(CASES)('%s', (curve, group) => {
  const key = curve.startsWith('X') ? make.okp(curve as 'X25519') : make.ec(curve as 'P-256');
  const join = key.type === 'ec' ? createEcScalarsJoin({ budget: 1e9 }) : createOkpSeedsJoin(1e9);
  const sent = key.type === 'ec' ? make.concat(Uint8Array.of(4), key.x, key.y) : key.x;
  const size = sent.length;
  const spki = windowsOf([make.spki(key)], 'public-key', 90);
  const messages = {
    'a key share of TLS 1.3': Uint8Array.of(0, group, 0, size),
    'a ServerKeyExchange': Uint8Array.of(3, 0, group, size),
    'a ClientKeyExchange': Uint8Array.of(16, 0, 0, size + 1, size),
    "SSH's ECDH": Uint8Array.of(30, 0, 0, 0, size),
  };
  // Keys on rare curves are searched for where a document has one of their kind.
  const rare = curve === 'X448' ? make.okp(curve) : curve === 'brainpoolP256r1' ? make.ec(curve) : undefined;
  const another = rare ? windowsOf([make.spki(rare)], 'public-key', 80) : [];

  it.each(Object.entries(messages))('is quiet about the key of %s', (_, before) => {
    const values = windowsOf([make.concat(before, sent), key.d]);
    expect(severities(join, [...values, ...another])).toEqual(['low']);
    expect(severities(join, [...values, ...spki])).toEqual(['critical']);
  });

  it('does not take other bytes for a message', () => {
    const expected = key.type === 'ec' ? 'critical' : 'medium';
    for (const before of [[], [0, group ^ 1, 0, size], [0, group, 0, size - 1], [4, 0, group, size]]) {
      const values = windowsOf([make.concat(Uint8Array.from(before), sent), key.d]);
      expect(severities(join, [...values, ...another])).toEqual([expected]);
    }
  });
});

it('is loud about an Ed25519 key wherever its public half lies', () => {
  const key = make.okp('Ed25519');
  const values = windowsOf([make.concat(Uint8Array.of(0, 0x1d, 0, 32), key.x), key.d]);
  expect(severities(createOkpSeedsJoin(1e9), values)).toEqual(['critical']);
});
