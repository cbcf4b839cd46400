import { describe, expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { runJoin } from '../../test/support/run-join.ts';
import type { Make } from '../model/make.ts';
import { createEcScalarsJoin } from './ec-scalars.ts';
import { createWindow, type LeadWindow } from './join.ts';
import { createOkpSeedsJoin } from './okp-seeds.ts';
import { isTextKey, octetListIn, readAsNumbers, readOctetList, wideTextKeyIn } from './text-keys.ts';

const make: Make = createMake('text-keys');
const START = 0x1000;

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const FORMS: readonly (readonly [string, 'hex-run' | 'base64-run', (bytes: Uint8Array) => string])[] = [
  ['hex', 'hex-run', make.hex],
  ['upper case hex', 'hex-run', (bytes) => make.hex(bytes).toUpperCase()],
  ['base64', 'base64-run', base64],
  ['base64url', 'base64-run', (bytes) => base64(bytes).replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '')],
];

/** As `octetListIn` finds them, and Node's `<Buffer >` has them. */
const LISTS: readonly (readonly [string, 'decimal' | 'hex', (bytes: Uint8Array) => string])[] = [
  ['list of octets', 'decimal', (bytes) => Array.from(bytes).join(',')],
  ['indented list of octets', 'decimal', (bytes) => Array.from(bytes).join(',\n    ')],
  ['octets with signs', 'decimal', (bytes) => Array.from(new Int8Array(bytes)).join(', ')],
  ['octets between blanks', 'decimal', (bytes) => Array.from(bytes).join(' ')],
  ['octets in hex', 'hex', (bytes) => (make.hex(bytes).match(/../g) ?? []).join(' ')],
];

describe.each(LISTS)('%s', (_, notation, write) => {
  const find = (bytes: Uint8Array, before = '[', after = ']') => {
    const text = make.ascii(before + write(bytes) + after);
    if (notation === 'hex') return readOctetList(text, before.length, notation);
    return octetListIn(text, 1, text.length - 2)?.end;
  };

  it('is a key or a point by its length', () => {
    for (const size of [31, 32, 48, 64, 65, 66]) {
      const bytes = make.bytes(size);
      expect(find(bytes)).toBe(1 + write(bytes).length);
    }
    const point = make.concat(Uint8Array.of(4), make.bytes(64));
    expect(find(point)).toBe(1 + write(point).length);
    for (const size of [16, 24, 40, 200]) expect(find(make.bytes(size))).toBeUndefined();
    expect(find(make.concat(Uint8Array.of(0xff), make.bytes(96)))).toBeUndefined();
    expect(find(Uint8Array.from({ length: 32 }, (__, i) => i))).toBeUndefined();
  });
});

it('a list of octets and larger numbers is a table', () => {
  const text = make.ascii(`${Array.from(make.bytes(32)).join(', ')}, 1024`);
  expect(octetListIn(text, 0, text.length)).toBeUndefined();
});

describe.each(['utf-16le', 'utf-16be'] as const)('text in %s', (encoding) => {
  const wide = encoding === 'utf-16le' ? make.utf16le : make.utf16be;

  it.each(FORMS)('is a key as %s', (_, run, write) => {
    const value = write(make.bytes(32));
    const chars = value.replace(/=+$/, '').length;
    for (const before of ['"', run === 'hex-run' ? ' 0x' : ' ']) {
      const inRun = before.endsWith('x') ? 2 : 0;
      const at = 2 * (before.length - inRun);
      const found = wideTextKeyIn(wide(`${before}${value}" and more`), at, 2 * (inRun + chars))!;
      expect({ ...found, text: Buffer.from(found.text).toString('latin1') }).toEqual({
        start: 2 * before.length,
        end: 2 * (before.length + value.length),
        encoding,
        run,
        text: value,
      });
    }
    expect(wideTextKeyIn(wide(`aaa${value}`), 0, 2 * (3 + chars))).toBeUndefined();
    expect(wideTextKeyIn(wide(`.${value}`), 2, 2 * chars)).toBeUndefined();
  });

  it('is read as numbers', () => {
    const key = make.okp('Ed25519');
    const windows = [key.x, key.d].map((value, i): LeadWindow => {
      const text = wide(make.hex(value));
      return createWindow(
        { kind: 'text-key', encoding, start: START * (i + 1), end: START * (i + 1) + text.length },
        text,
        0,
      );
    });
    const { claims } = runJoin(createOkpSeedsJoin(), windows);
    expect(claims.map(({ claim }) => claim.span)).toEqual([{ start: 2 * START, end: 2 * START + 128 }]);
  });
});

describe('isTextKey', () => {
  it.each(FORMS)('takes keys and points as %s', (_, run, write) => {
    const isKey = (bytes: Uint8Array, before = '"', after = '"'): boolean => {
      const text = make.ascii(before + write(bytes) + after);
      return isTextKey(text, before.length, text.length - before.length - after.length, run);
    };
    for (const size of [31, 32, 48, 64, 65, 66]) expect(isKey(make.bytes(size))).toBe(true);
    for (const size of [33, 49, 67, 65, 97, 133]) {
      for (const tag of [2, 3, 4]) expect(isKey(make.concat(Uint8Array.of(tag), make.bytes(size - 1)))).toBe(true);
    }
    for (const size of [97, 133]) expect(isKey(make.concat(Uint8Array.of(0xff), make.bytes(size - 1)))).toBe(false);
    for (const size of [16, 20, 24, 40]) expect(isKey(make.bytes(size))).toBe(false);
    expect(isKey(make.bytes(32), 'a')).toBe(false);
    expect(isKey(make.bytes(32), ' 0x')).toBe(run === 'hex-run');
    expect(isKey(make.bytes(32), 'a0x')).toBe(false);
    expect(isKey(make.bytes(32), '.', '"')).toBe(false);
    expect(isKey(make.bytes(32), '"', '.')).toBe(false);
  });
});

describe.each([...FORMS, ...LISTS])('keys as %s', (_, __, write) => {
  const texts = (values: readonly Uint8Array[]): LeadWindow[] =>
    values.map((value, i) => {
      const text = make.ascii(write(value));
      const start = START * (i + 1);
      const lead = { kind: 'text-key', encoding: 'bytes', start, end: start + text.length } as const;
      return createWindow(lead, make.concat(make.ascii('0123456789:"'), text, make.ascii('", and more')), 12);
    });

  it.each(['P-256', 'P-384', 'P-521', 'secp256k1'] as const)('are proven by a point as text: %s', (curve) => {
    const key = make.ec(curve);
    const sign = Uint8Array.of(2 + (key.y.at(-1)! & 1));
    for (const point of [make.concat(Uint8Array.of(4), key.x, key.y), make.concat(sign, key.x)]) {
      const { claims, overBudget } = runJoin(createEcScalarsJoin(), texts([make.bytes(key.d.length), key.d, point]));
      expect(claims).toHaveLength(1);
      const { verdict, span, traits, secret } = claims[0]!.claim;
      expect({ verdict, span, sha256: traits.publicKeySha256, secret }).toEqual({
        verdict: 'proven',
        span: { start: 2 * START, end: 2 * START + write(key.d).length },
        sha256: make.publicKeySha256(key),
        secret: key.d,
      });
      expect(overBudget).toBe(false);
    }
    expect(runJoin(createEcScalarsJoin(), texts([key.d, make.bytes(65)])).claims).toEqual([]);
  });

  it.each(['Ed25519', 'X25519'] as const)('are proven by a public key as text: %s', (curve) => {
    const key = make.okp(curve);
    const { claims } = runJoin(createOkpSeedsJoin(), texts([key.x, make.bytes(32), key.d]));
    expect(claims.map(({ claim: { verdict, span } }) => ({ verdict, span }))).toEqual([
      { verdict: 'proven', span: { start: 3 * START, end: 3 * START + write(key.d).length } },
    ]);
    const pair = runJoin(createOkpSeedsJoin(), texts([make.concat(key.d, key.x)])).claims;
    expect(pair.map(({ claim: { secret } }) => secret)).toEqual([key.d]);
  });
});

it('texts by the thousand are digests', () => {
  const lead = (i: number) => ({ kind: 'text-key', encoding: 'bytes', start: 100 * i, end: 100 * i + 64 }) as const;
  const windows = Array.from({ length: 4097 }, (_, i) =>
    createWindow(lead(i), make.ascii(make.hex(make.bytes(32))), 0),
  );
  expect(readAsNumbers(windows).windows).toEqual([]);
  expect(readAsNumbers(windows.slice(1)).windows).toHaveLength(4096);
});

it('a scalar without its leading zero is read', () => {
  const key = Array.from({ length: 2000 }, () => make.ec('P-256')).find(({ d }) => d[0] === 0)!;
  const text = make.ascii(make.hex(key.d.subarray(1)));
  const window = (bytes: Uint8Array, kind: 'text-key' | 'public-key', start: number): LeadWindow =>
    createWindow({ kind, encoding: 'bytes', start, end: start + bytes.length }, bytes.slice(), 0);
  const windows = [window(text, 'text-key', START), window(make.spki(key), 'public-key', 9 * START)];
  expect(runJoin(createEcScalarsJoin(), windows).claims.map(({ claim }) => claim.secret)).toEqual([key.d]);
});
