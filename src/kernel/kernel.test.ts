import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Anchor, defineDetector } from '../model/detector.ts';
import { createKernel } from './create.ts';
import type { Kernel, KernelOptions } from './kernel.ts';
import { createPlan, type Plan } from './plan.ts';

const PAGE = 4096;
const SIZES = { chunkBytes: 4 * PAGE, marginBytes: PAGE };
const KINDS = ['relaxed', 'plain', 'off'] as const;

/** A small generator, so that a failing case can be run again (Numerical Recipes' constants). */
function createRandom(seed: number) {
  let state = seed;
  const random = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const bytes = (length: number) => Uint8Array.from({ length }, () => random(256));
  const text = (length: number, alphabet: string) =>
    Array.from({ length }, () => alphabet[random(alphabet.length)]).join('');
  return { random, bytes, text };
}

const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const DIGITS = '0123456789';
const BASE64URL = `${UPPER}${LOWER}${DIGITS}-_`;
const HEX = `${DIGITS}abcdef`;

function plan(anchors: readonly Anchor[]): Plan {
  return createPlan([
    defineDetector({
      id: 'test-anchors',
      title: '',
      doc: '',
      severity: 'info',
      anchors,
      reach: { before: 0, after: 64 },
      parse: () => undefined,
      verify: () => [],
      examples: () => ({ hits: [], misses: [] }),
    }),
  ]);
}

type Hit = readonly [anchor: number, at: number, length: number];

const sorted = (hits: Hit[]) => hits.sort((a, b) => a[1] - b[1] || a[0] - b[0] || a[2] - b[2]);

function search(kernel: Kernel, data: Uint8Array, start: number, end: number, limit = data.length) {
  kernel.window.fill(0xa5);
  kernel.window.set(data);
  const hits: Hit[] = [];
  const { zeroBytes } = kernel.search(start, end, limit, (anchor, at, length) => hits.push([anchor, at, length]));
  return { hits: sorted(hits), zeroBytes };
}

/** The contract of `Kernel.search`, word by word and without any shortcut; shares nothing with the kernels. */
function bruteForce({ anchors }: Plan, bytes: Uint8Array, start: number, end: number, limit: number): Hit[] {
  const hits: Hit[] = [];
  const data = bytes.subarray(0, limit);
  const text = Buffer.from(data).toString('latin1');
  for (const [index, { bytes, mask, dense }] of anchors.entries()) {
    if (dense) {
      if (dense === 'wide-run') {
        // At even offsets from the start only.
        const odd = start % 2;
        const pairs = text.slice(odd).replace(/(.)(.)?/gs, (_, a: string, b = 'x') => unitOf(a, b));
        for (const order of ['l', 'b']) {
          for (const { 0: match, index: unit } of pairs.matchAll(new RegExp(`${order}{43,}`, 'g'))) {
            const [at, length] = [odd + 2 * unit, Math.min(2 * match.length, SIZES.marginBytes)];
            if (at >= start && at < end) hits.push([index, at, length]);
          }
        }
        continue;
      }
      if (dense === 'decimal-run') {
        for (const { 0: match, index: at } of text.matchAll(/[0-9,\- \t-\r]{64,}/g)) {
          const length = Math.min(match.length, SIZES.marginBytes);
          if (at >= start && at < end && isDecimalLike(match.slice(0, length))) hits.push([index, at, length]);
        }
        continue;
      }
      const run = dense === 'base64-run' ? /[A-Za-z0-9+/_-]{40,}={0,2}/g : /[0-9A-Fa-f]{32,}/g;
      for (const { 0: match, index: at } of text.matchAll(run)) {
        if (dense === 'base64-run' && /^[^=]{76}$/.test(match) && /[\r\n]/.test(text[at + 76] ?? '')) continue;
        const cut = match.slice(0, SIZES.marginBytes);
        const looksRandom = dense === 'base64-run' ? isBase64Like(cut) : isHexLike(cut);
        if (at >= start && at < end && looksRandom) hits.push([index, at, cut.length]);
      }
      continue;
    }
    const fixed = mask.indexOf(0xff);
    const next = (at: number): number => data.indexOf(bytes[fixed]!, at + fixed) - fixed;
    for (let at = next(start); at >= start && at < end; at = next(at + 1)) {
      if (at + bytes.length > limit) break;
      let same = 0;
      while (same < bytes.length && ((data[at + same]! ^ bytes[same]!) & mask[same]!) === 0) same++;
      if (same === bytes.length) hits.push([index, at, bytes.length]);
    }
  }
  return sorted(hits);
}

/** One character for two bytes: `l` and `b` for a character of base64 in UTF-16LE and UTF-16BE. */
const unitOf = (a: string, b: string): string =>
  b === '\0' && /[A-Za-z0-9+/_-]/.test(a) ? 'l' : a === '\0' && /[A-Za-z0-9+/_-]/.test(b) ? 'b' : ' ';

const count = (text: string, members: RegExp) => text.match(members)?.length ?? 0;

function isBase64Like(run: string): boolean {
  const sample = run.replace(/=*$/, '').slice(0, 256);
  const observed = [count(sample, /[A-Z]/g), count(sample, /[a-z]/g), count(sample, /[0-9]/g)];
  const n = observed.reduce((sum, value) => sum + value);
  const expected = [(26 * n) / 62, (26 * n) / 62, (10 * n) / 62];
  const chiSquare = observed.reduce((sum, value, i) => sum + (value - expected[i]!) ** 2 / expected[i]!, 0);
  if (/^_Z/.test(sample) || sample.length - n > 7 + Math.floor(sample.length / 16)) return false;
  const kinds = sample
    .replace(/[A-Z]/g, 'U')
    .replace(/[a-z]/g, 'l')
    .replace(/[0-9]/g, '0')
    .replace(/[^Ul0]/g, ' ');
  const pairs = Array.from({ length: kinds.length - 1 }, (_, i) => kinds.slice(i, i + 2));
  const switches = pairs.reduce((sum, [a, b]) => sum + (a === b ? 0 : Number(a !== ' ') + Number(b !== ' ')), 0);
  const most = /[0-9]/.test(sample) ? 20_658 : 11_638;
  return chiSquare <= 24 && (43 / 35) * pairs.length - switches <= Math.sqrt((most / 35 ** 2) * pairs.length);
}

function isHexLike(run: string): boolean {
  const sample = run.slice(0, 256);
  if (/[a-f]/.test(sample) && /[A-F]/.test(sample)) return false;
  const [n, letters] = [sample.length, count(sample, /[A-Fa-f]/g)];
  return (letters - (6 * n) / 16) ** 2 / (n * (60 / 256)) <= 16;
}

function isDecimalLike(run: string): boolean {
  const numbers = run.match(/[0-9]+/g) ?? [];
  const isLong = numbers.join('').length >= 20 * numbers.length;
  const isKey = [31, 32, 33, 47, 48, 49, 64, 65, 66, 67, 97, 133].includes(numbers.length);
  return count(run.slice(0, 64), /[0-9]/g) >= 8 && (isLong || isKey || numbers[0] === '48');
}

const ANCHORS: readonly Anchor[] = [
  { text: 'PRIVATE KEY-----', wide: true },
  { text: '"kty"', wide: true },
  { text: 'LS0tLS1CRUdJTi' },
  { bytes: '30 82 ?? ?? 02 01 00 02 82' },
  { bytes: '02 01 00 30 0D 06 09 2A 86 48 86 F7 0D 01 01 01' },
  { bytes: '02 01 01 04 20' },
  { bytes: '52 53 41 32' },
  { bytes: '00 00 00 07 73 73 68' },
  { text: 'aaa' },
  { text: 'aaaa' },
  { bytes: '61 61 61 ?? ?? 61' },
  { bytes: 'FF FF FF' },
];
const DENSE: readonly Anchor[] = [
  { dense: 'base64-run' },
  { dense: 'hex-run' },
  { dense: 'decimal-run' },
  { dense: 'wide-run' },
];
const ALL = [...ANCHORS, ...DENSE];

const kernels = (anchors: readonly Anchor[], options: Partial<KernelOptions> = {}) => {
  const p = plan(anchors);
  return { plan: p, kernels: KINDS.map((simd) => createKernel(p, { ...SIZES, simd, ...options })) };
};

/** All kernels and the brute force agree; returns the hits. */
function agree(set: ReturnType<typeof kernels>, data: Uint8Array, start: number, end: number, limit = data.length) {
  const expected = bruteForce(set.plan, data, start, end, limit);
  for (const kernel of set.kernels) expect(search(kernel, data, start, end, limit).hits, kernel.kind).toEqual(expected);
  return expected;
}

/** Data with patterns, runs, halves of both, and zeros. */
function randomData(seed: number, length: number, { anchors }: Plan): Uint8Array {
  const { random, bytes, text } = createRandom(seed);
  const data = new Uint8Array(length);
  const put = (part: Uint8Array, at: number) => data.set(part.subarray(0, Math.max(0, length - at)), at);
  const ascii = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));
  for (let at = 0; at < length; ) {
    const parts: (() => Uint8Array)[] = [
      () => bytes(random(300)),
      () => new Uint8Array(random(3000)),
      () => new Uint8Array(random(40)).fill(0x61),
      () => ascii(text(random(60), ' aeiourstn"')),
      () => ascii(text(30 + random(30), BASE64URL) + '='.repeat(random(4))),
      () => ascii(`${text(random(20), UPPER)}=${text(35 + random(300), BASE64URL)}`),
      () => ascii(`${text(75 + random(3), BASE64URL)}${'\n\r=x'[random(4)]}`),
      () => ascii(text(58 + random(100), `${DIGITS}, `)),
      () => ascii(Array.from({ length: 28 + random(8) }, () => random(300)).join(random(2) ? ',' : ' - ')),
      () => ascii(`48${text(60 + random(9), `${DIGITS}, `)}`),
      () => ascii(text(60 + random(100), `${DIGITS}${DIGITS}${DIGITS},`)),
      () => ascii(text(58 + random(100), `${DIGITS},-\n\t      `)),
      () => ascii(Array.from(text(38 + random(80), `${BASE64URL}${HEX}`)).join('\0')),
      () => ascii(`\0${Array.from(text(40 + random(30), `${BASE64URL}~z{`)).join('\0')}`),
      () => ascii(text(28 + random(10), HEX)),
      () => ascii(text(28 + random(100), HEX).toUpperCase()),
      () => ascii(text(40 + random(20), `${HEX}AB`)),
      () => ascii(text(40 + random(400), LOWER)),
      ...Array.from({ length: 12 }, () => () => {
        const { bytes, mask } = anchors[random(anchors.length)]!;
        const either = bytes.map((byte, i) => (mask[i] === 0xdf && random(2) === 0 ? byte ^ 0x20 : byte));
        return random(4) === 0 ? either.slice(random(3)) : either;
      }),
    ];
    const part = parts[random(parts.length)]!();
    put(part, at);
    at += part.length;
  }
  return data;
}

describe('kernels agree with the brute force', () => {
  const all = kernels(ALL);
  const windowBytes = all.kernels[0]!.window.length;

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('on random data with patterns and runs (seed %i)', (seed) => {
    const { random } = createRandom(seed);
    const data = randomData(seed, windowBytes - random(2) * random(2 * PAGE), all.plan);
    const whole = Math.floor(data.length / PAGE) * PAGE;
    agree(all, data, PAGE, 3 * PAGE);
    agree(all, data, 0, whole);
    agree(all, data, PAGE, whole - PAGE);
    agree(all, data, 2 * PAGE, data.length);
    agree(all, data, 0, 3 * PAGE - 7, 3 * PAGE - 7);
    agree(all, data, 0, 2 * PAGE, 2 * PAGE + random(40));
  });

  it.each([21, 22, 23, 24])('on each of the parts of a chunk in which words begin elsewhere (seed %i)', (seed) => {
    const { random } = createRandom(seed);
    const data = randomData(seed, windowBytes, all.plan);
    const restarts = Array.from({ length: 9 }, () => PAGE + 1 + random(4 * PAGE)).sort((a, b) => a - b);
    const starts = [PAGE, ...restarts];
    const expected = restarts.flatMap((end, i) => bruteForce(all.plan, data, starts[i]!, end, data.length));
    for (const kernel of all.kernels) {
      kernel.window.set(data);
      const hits: Hit[] = [];
      const onHit = (...hit: Hit) => void hits.push(hit);
      kernel.search(PAGE, restarts.at(-1)!, data.length, onHit, 1, restarts.slice(0, -1));
      expect(sorted(hits), kernel.kind).toEqual(sorted(expected));
    }
  });

  it('on machine code', () => {
    const binary = readFileSync(process.execPath);
    for (const at of [0, 0.2, 0.4, 0.6, 0.8]) {
      const offset = Math.floor((binary.length * at) / PAGE) * PAGE;
      agree(all, Uint8Array.from(binary.subarray(offset, offset + windowBytes)), PAGE, 5 * PAGE);
    }
  });

  it.each([0x00, 0x61, 0x41, 0xff, 0x30])('on a window full of 0x%s', (byte) => {
    agree(all, new Uint8Array(windowBytes).fill(byte), PAGE, 5 * PAGE);
  });

  it.each(['anchors', 'dense'])('with %s alone', (what) => {
    const some = kernels(what === 'anchors' ? ANCHORS : DENSE);
    agree(some, randomData(9, windowBytes, plan(ANCHORS)), 0, windowBytes);
  });
});

describe('letters in either case', () => {
  const set = kernels([
    { text: 'aPi_key', wide: 'utf-16', ignoreCase: true },
    { text: 'q9~', ignoreCase: true },
  ]);

  it.each([1, 2, 3])('are found where the brute force finds them (seed %i)', (seed) => {
    expect(agree(set, randomData(seed, 4 * PAGE, set.plan), PAGE, 3 * PAGE).length).toBeGreaterThan(10);
  });

  it('are found in each mixture of cases', () => {
    const { random } = createRandom(5);
    const text = Array.from({ length: 128 }, (_, i) =>
      Array.from('api_key', (c, j) => ((i >> j) & 1 ? c.toUpperCase() : c)).join(''),
    );
    const data = new Uint8Array(4 * PAGE);
    const starts = text.map((word, i) => {
      const at = PAGE + i * 32 + random(20);
      data.set(
        Uint8Array.from(word, (c) => c.charCodeAt(0)),
        at,
      );
      return at;
    });
    expect(agree(set, data, PAGE, 3 * PAGE).map(([, at]) => at)).toEqual(starts);
  });
});

describe('ownership', () => {
  const set = kernels(ALL);
  const { text, bytes } = createRandom(11);
  const ascii = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));
  const patterns = set.plan.anchors.filter(({ dense }) => !dense);
  const base64 = patterns.length;
  const planted: [name: string, anchor: number, pattern: Uint8Array][] = [
    ...patterns.map(({ bytes }, i): [string, number, Uint8Array] => [`pattern ${i}`, i, bytes]),
    ['a base64 run', base64, ascii(text(43, BASE64URL))],
    ['a padded base64 run', base64, ascii(`${text(86, BASE64URL)}==`)],
    ['a hex run', base64 + 1, ascii(text(32, HEX))],
  ];

  it.each(planted)('%s is found once at every offset around a chunk boundary', (_, anchor, pattern) => {
    const data = new Uint8Array(4 * PAGE);
    for (let at = 3 * PAGE - pattern.length - 30; at <= 3 * PAGE + 70; at++) {
      data.set(bytes(100), at - 100);
      data.set(bytes(100), at + pattern.length);
      data.set(pattern, at);
      data[at - 1] = 0x20;
      data[at + pattern.length] = 0x20;
      const hits = [...agree(set, data, 2 * PAGE, 3 * PAGE), ...agree(set, data, 3 * PAGE, 4 * PAGE)];
      expect(hits.filter(([found, first]) => found === anchor && first === at)).toEqual([[anchor, at, pattern.length]]);
      data.fill(0);
    }
  });

  it('reports no match that extends past the limit', () => {
    for (const [, , pattern] of planted) {
      const data = new Uint8Array(2 * PAGE);
      data.set(pattern, PAGE + 100);
      for (let cut = 0; cut <= pattern.length; cut++) {
        agree(set, data, 0, PAGE, PAGE + 100 + cut);
        agree(set, data, PAGE, PAGE + 100 + cut, PAGE + 100 + cut);
      }
    }
  });

  it('finds a match at the first and at the last byte of the window', () => {
    for (const { bytes: pattern } of patterns) {
      const data = new Uint8Array(6 * PAGE);
      data.set(pattern, 0);
      data.set(pattern, data.length - pattern.length);
      const found = agree(set, data, 0, data.length).filter(([, , length]) => length === pattern.length);
      expect(found.length).toBeGreaterThanOrEqual(2);
    }
  });

  it('cuts long runs to the margin and reports them once', () => {
    const data = new Uint8Array(6 * PAGE).fill(0x20);
    data.set(ascii(text(3 * PAGE, BASE64URL)), PAGE + 10);
    expect(agree(set, data, PAGE, 5 * PAGE)).toEqual([[base64, PAGE + 10, PAGE]]);
    expect(agree(set, data, 2 * PAGE, 5 * PAGE)).toEqual([]);
  });
});

describe('the hit ring', () => {
  it('loses nothing when every position of every page matches several patterns', () => {
    const anchors: Anchor[] = Array.from({ length: 30 }, (_, i) => ({ text: 'a'.repeat(i + 3) }));
    const set = kernels([...anchors, ...DENSE]);
    const data = new Uint8Array(6 * PAGE).fill(0x61);
    for (const kernel of set.kernels) {
      const { hits } = search(kernel, data, PAGE, 3 * PAGE);
      expect(hits.length, kernel.kind).toBe(30 * 2 * PAGE);
      expect(new Set(hits.map(([anchor, at]) => at * 100 + anchor)).size).toBe(hits.length);
    }
  });
});

describe('empty pages', () => {
  it('are counted, to the byte at the end', () => {
    const { kernels: all } = kernels(ALL);
    const data = new Uint8Array(6 * PAGE);
    data[2 * PAGE + 5] = 1;
    for (const kernel of all) {
      expect(search(kernel, data, PAGE, 5 * PAGE).zeroBytes, kernel.kind).toBe(3 * PAGE);
      expect(search(kernel, data, 3 * PAGE, 4 * PAGE + 77, 4 * PAGE + 77).zeroBytes, kernel.kind).toBe(PAGE + 77);
    }
  });
});

describe('the dense tests', () => {
  const set = kernels(DENSE);
  const fires = (text: string) =>
    agree(
      set,
      Uint8Array.from(` ${text} `, (c) => c.charCodeAt(0)),
      0,
      text.length + 2,
    ).length > 0;

  it('pass more than 99.9 % of random values', () => {
    const { text } = createRandom(12);
    const SHOTS = 5000;
    const share = (make: () => string) =>
      Array.from({ length: SHOTS }, make).filter((value) => isBase64Like(value) || isHexLike(value)).length / SHOTS;
    expect(share(() => text(43, BASE64URL))).toBeGreaterThan(0.999);
    expect(share(() => text(88, BASE64URL))).toBeGreaterThan(0.999);
    expect(share(() => text(64, HEX))).toBeGreaterThan(0.999);
  });

  it('find a value behind its name', () => {
    const { text } = createRandom(13);
    expect(fires(`AWS_SECRET_VALUE_FOR_DEPLOYMENT=${text(40, BASE64URL)}`)).toBe(true);
  });

  it('ignore the lines of MIME', () => {
    const { text } = createRandom(14);
    const line = text(76, BASE64URL);
    expect([`${line}\n`, `${line}\r\n`, `${line}x\n`, `${line} \n`, `${line.slice(1)}\n`].map(fires)).toEqual([
      false,
      false,
      true,
      true,
      true,
    ]);
  });

  it.each([
    '/usr/lib/x86_64-linux-gnu/perl/cross-config-5/auto/List/Util',
    '_ZNSt6vectorIN4llvm5ValueESaIS2_EE17_M_realloc_insertIJRKS2_EEEv',
    '_ZN2v813PageAllocator22CanAllocateSharedPagesEv4x',
    'createAsyncIteratorFromSyncIteratorPrototypeMethods2024',
    'ERR_TLS_INVALID_PROTOCOL_VERSION_OR_CERTIFICATE_NAME_2',
    'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    '3141592653589793238462643383279502884197169399375105820974944',
    '0x00000000000000000000000000000000000000000000000000000000000a',
    'deadBEEFdeadBEEFdeadBEEFdeadBEEFdeadBEEFdeadBEEF',
    'the-quick-brown-fox-jumps-over-the-lazy-dog-and-runs-away',
  ])('ignore %s', (text) => {
    expect(fires(text)).toBe(false);
  });
});

describe('createKernel', () => {
  it('refuses sizes that do not fit', () => {
    const p = plan(ANCHORS);
    expect(() => createKernel(p, { chunkBytes: 100, marginBytes: PAGE, simd: 'off' })).toThrow(/chunkBytes/);
    expect(() => createKernel(p, { chunkBytes: PAGE, marginBytes: 0, simd: 'off' })).toThrow(/marginBytes/);
  });

  it('makes the kernel that was asked for', () => {
    const { kernels: all } = kernels(ANCHORS);
    expect(all.map(({ kind }) => kind)).toEqual(['relaxed-simd', 'simd', 'reference']);
  });

  it.each(KINDS)('wipes the window (%s)', (simd) => {
    const kernel = createKernel(plan(ANCHORS), { ...SIZES, simd });
    kernel.window.fill(1);
    kernel.wipe();
    expect(kernel.window.every((byte) => byte === 0)).toBe(true);
  });
});
