import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createRng } from '../../corpus/rng.ts';
import { createScanner } from '../../test/support/scan-bytes.ts';
import gzip from '../containers/gzip.ts';
import { type Container, defineContainer, type Member, type MemberGap } from '../model/container.ts';
import { defineDetector } from '../model/detector.ts';
import { FormatError } from '../model/errors.ts';
import { defineFormat, type Layout } from '../model/format.ts';

const text = (value: string): Uint8Array => Uint8Array.from(value, (char) => char.charCodeAt(0));

/** Finds `NEEDLE<` … `>`, 24 bytes; the 16 bytes between are the secret. */
const needle = defineDetector({
  id: 'needle',
  title: '',
  doc: '',
  severity: 'high',
  anchors: [{ text: 'NEEDLE<' }],
  reach: { before: 0, after: 24 },
  parse: ({ bytes, at }) => (bytes[at + 23] === 0x3e ? { at, secret: bytes.slice(at + 7, at + 23) } : undefined),
  verify: ({ at, secret }: { at: number; secret: Uint8Array }) => [
    {
      verdict: 'proven' as const,
      span: { start: at, end: at + 24 },
      traits: { algorithm: 'opaque' as const, form: 'seed' as const, proof: 'checksum' as const },
      secret,
    },
  ],
  examples: () => ({ hits: [], misses: [] }),
});
const secretOf = (name: string): Uint8Array => text(`NEEDLE<${name.padEnd(16, '.')}>`);

function concat(...parts: readonly (string | Uint8Array | number)[]): Uint8Array {
  const bytes = parts.map((part) =>
    typeof part === 'number' ? new Uint8Array(part) : typeof part === 'string' ? text(part) : part,
  );
  const out = new Uint8Array(bytes.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of bytes) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

const fakeFormat = (readLayout: () => Layout) =>
  defineFormat({
    id: 'fake',
    title: '',
    doc: '',
    recognise: (head) => head[0] === 0x46,
    readLayout: async () => readLayout(),
  });

/** `P<members>`: each `m<length as 4 digits><content>`; stored, so that the engine may read them where they lie. */
function fakePack(access: Container['access'], isStored: boolean): Container {
  return defineContainer({
    id: 'pack',
    title: '',
    doc: '',
    access,
    recognise: (head) => head[0] === 0x50,
    async *open(input): AsyncGenerator<Member | MemberGap> {
      const head = new Uint8Array(5);
      let at = (await input.read(head.subarray(0, 1), 0)) as number;
      for (let i = 0; i < 1000; i++) {
        if ((await input.read(head, at)) < 5) return;
        if (head[0] === 0x65) {
          yield { code: 'encrypted', name: 'locked' };
          return;
        }
        if (head[0] !== 0x6d) throw new FormatError('pack.type');
        const length = Number(String.fromCharCode(...head.subarray(1)));
        const start = at + 5;
        at = start + length;
        const content = new Uint8Array(length);
        if (!isStored) await input.read(content, start);
        yield {
          name: `m${i}`,
          ...(isStored && { stored: { start, end: at } }),
          async *content() {
            yield content;
          },
        };
      }
    },
  });
}
const pack = (...members: readonly Uint8Array[]): Uint8Array =>
  concat('P', ...members.flatMap((member) => [`m${String(member.length).padStart(4, '0')}`, member]));

const scan = async (bytes: Uint8Array, options: Parameters<typeof createScanner>[1] = {}) => {
  const { findings, gaps } = await (await createScanner([needle], options)).scanAndJoin(bytes);
  return { places: findings.flatMap(({ places }) => places), gaps };
};

describe('an input without a known format', () => {
  it('is raw', async () => {
    const { places, gaps } = await scan(concat(100, secretOf('a')));
    expect(gaps).toEqual([]);
    expect(places).toMatchObject([{ start: 100, end: 124, region: { kind: 'raw', label: '' } }]);
  });
});

describe('a format', () => {
  const heap = { kind: 'heap', label: '[heap]', start: 1000, end: 2000, address: 0x7000n } as const;
  const stack = {
    kind: 'stack',
    label: 'stack\u001b',
    start: 2000,
    end: 3000,
    address: 0xffff_ffff_ffff_f000n,
    thread: 7,
  } as const;
  const dump = concat('F', 99, secretOf('header'), 1000 - 124, secretOf('heap'), 1000 - 24, secretOf('stack'), 2000);

  it('names region, address and thread, and hides nothing', async () => {
    const format = fakeFormat(() => ({ regions: [heap, stack], gaps: [{ code: 'format-error', detail: 'fake.x' }] }));
    const { places, gaps } = await scan(dump, { plugins: { formats: [format] } });
    expect(gaps).toEqual([{ code: 'format-error', input: 'memory', detail: 'fake.x' }]);
    expect(places).toMatchObject([
      { start: 100, region: { kind: 'file' } },
      { start: 1000, region: { kind: 'heap', label: '[heap]' }, address: '0x7000' },
      { start: 2000, region: { kind: 'stack', label: 'stack\ufffd' }, address: '0xfffffffffffff000', thread: 7 },
    ]);
  });

  it.each([
    ['FormatError', new FormatError('fake.header'), { code: 'format-error', detail: 'fake.header' }],
    ['a bug', new TypeError('oops'), { code: 'detector-failed', detector: 'fake' }],
  ])('that throws %s costs only the names', async (_, error, gap) => {
    const format = fakeFormat(() => {
      throw error;
    });
    const { places, gaps } = await scan(dump, { plugins: { formats: [format] } });
    expect(gaps).toEqual([{ input: 'memory', ...gap }]);
    expect(places).toHaveLength(3);
  });

  it('with neighbours in memory that lie apart in the file: what crosses the seam is found in pieces', async () => {
    const secret = secretOf('torn');
    const bytes = concat('F', 4095, secret.subarray(10), 4000, secretOf('other'), 8000, secret.subarray(0, 10), 50);
    const first = bytes.length - 60;
    const format = fakeFormat(() => ({
      regions: [
        { kind: 'memory', label: 'b', start: 4096, end: 5000, address: 0x2000n },
        { kind: 'memory', label: 'a', start: first - 500, end: first + 10, address: 0x2000n - 510n },
      ],
      gaps: [],
    }));
    const { places, gaps } = await scan(bytes, { plugins: { formats: [format] } });
    expect(gaps).toEqual([]);
    expect(places).toHaveLength(2);
    expect(places[1]).toMatchObject({
      start: first,
      end: first + 10,
      region: { label: 'a' },
      address: '0x1ff6',
      pieces: [
        { start: first, end: first + 10 },
        { start: 4096, end: 4096 + 14 },
      ],
    });
  });

  it.each([0, 1, 2, 3, 4, 6, 7])('looks for numbers where memory is shifted by %i bytes in the file', async (shift) => {
    const bytes = concat('F', 19_999);
    const regions = [
      { kind: 'stack', label: '', start: 4096, end: 8000, address: 0x7000n },
      { kind: 'heap', label: '', start: 8192 + shift, end: 16_384 + shift, address: 0x10000n },
    ] as const;
    const { bytes: random } = createRng('number');
    const places = [4096 + 400, 8192 + 800 + shift];
    for (const at of places) bytes.set(random(64), at);
    // Told only by the words of its memory: a seed behind a byte that counts.
    const within = 8192 + 1603 + shift;
    bytes.set([1, ...random(32)], within - 1);
    const formats = [fakeFormat(() => ({ regions, gaps: [] }))];
    const { leads } = await (await createScanner([needle], { plugins: { formats } })).scanAndJoin(bytes);
    const starts = leads.map(({ start }) => start);
    expect(starts).toEqual(expect.arrayContaining(places));
    expect(leads.some(({ start, end }) => start > within - 16 && start <= within && end >= within + 32)).toBe(true);
    const { leads: raw } = await (await createScanner([needle])).scanAndJoin(bytes);
    expect(raw.some(({ start }) => start === places[1])).toBe(shift === 0);
  });

  it('joins runs of tiny regions', async () => {
    const secret = secretOf('crumbs');
    const regions = Array.from(secret, (_, i) => ({
      kind: 'memory' as const,
      label: '',
      start: 100 + 10 * i,
      end: 101 + 10 * i,
      address: BigInt(0x1000 + secret.length - 1 - i),
    }));
    const bytes = concat('F', 1000);
    for (const [i, byte] of [...secret].reverse().entries()) bytes[100 + 10 * i] = byte;
    const { places } = await scan(bytes, { plugins: { formats: [fakeFormat(() => ({ regions, gaps: [] }))] } });
    expect(places).toHaveLength(1);
    expect(places[0]!.pieces).toHaveLength(24);
    expect(places[0]!.address).toBe('0x1000');
  });
});

describe('a container', () => {
  it.each([
    ['stored', true, 'random'],
    ['streamed', false, 'sequential'],
  ] as const)('of %s members: each is searched once, with its trail', async (_, isStored, access) => {
    const bytes = concat(pack(secretOf('one'), concat(7, secretOf('two'))), 'e0000');
    const { places, gaps } = await scan(bytes, { plugins: { containers: [fakePack(access, isStored)] } });
    const inside = places.filter(({ trail }) => trail);
    expect(inside).toMatchObject([
      { start: 0, trail: [{ container: 'pack', member: 'm0' }], region: { kind: 'raw' } },
      { start: 7, trail: [{ container: 'pack', member: 'm1' }] },
    ]);
    // A container that does not say where its members are stored has them searched as its own bytes, too.
    expect(places.length - inside.length).toBe(isStored ? 0 : 2);
    expect(gaps).toEqual([{ code: 'encrypted', input: 'memory', trail: [{ container: 'pack', member: 'locked' }] }]);
  });

  it('that contradicts itself: a gap, and its bytes are searched', async () => {
    const bytes = concat(pack(secretOf('one')), 'x0000', secretOf('behind'));
    const { places, gaps } = await scan(bytes, { plugins: { containers: [fakePack('random', true)] } });
    expect(gaps).toEqual([{ code: 'format-error', input: 'memory', detail: 'pack.type' }]);
    expect(places.map(({ start, trail }) => [start, trail?.length])).toEqual([
      [0, 1],
      [35, undefined],
    ]);
  });

  it('in containers, up to a limit', async () => {
    let bytes: Uint8Array = secretOf('deep');
    for (let i = 0; i < 4; i++) bytes = new Uint8Array(gzipSync(pack(bytes)));
    const plugins = { containers: [gzip, fakePack('sequential', true)] };
    const { places, gaps } = await scan(bytes, { plugins });
    expect(gaps).toEqual([]);
    expect(places.map(({ trail }) => trail?.length)).toEqual([8]);
    const limited = await scan(bytes, { plugins, limits: { maxDepth: 7 } });
    expect(limited.gaps).toMatchObject([{ code: 'too-deep', detail: 'pack' }]);
    // The deepest one was only searched as it is.
    expect(limited.places.map(({ trail }) => trail?.length)).toEqual([7]);
  });

  it('with a format inside, larger than what is held', async () => {
    const secret = secretOf('torn');
    const bytes = concat('F', 4095, secret.subarray(10), 3_000_000, secret.subarray(0, 10), 500_000, secretOf('whole'));
    const first = 4096 + 14 + 3_000_000;
    const format = fakeFormat(() => ({
      regions: [
        { kind: 'memory', label: 'b', start: 4096, end: 5000, address: 0x2000n },
        { kind: 'memory', label: 'a', start: first - 500, end: first + 10, address: 0x2000n - 510n },
      ],
      gaps: [],
    }));
    const plugins = { containers: [gzip], formats: [format] };
    for (const maxHeldBytes of [1 << 20, 1 << 26]) {
      const { places, gaps } = await scan(gzipSync(bytes), { plugins, limits: { maxHeldBytes } });
      expect(gaps).toEqual([]);
      expect(places).toMatchObject([
        { start: first + 10 + 500_000, region: { kind: 'file' } },
        { start: first, address: '0x1ff6', pieces: [{ start: first }, { start: 4096 }] },
      ]);
    }
  });

  it('that needs to be read anywhere, in a stream that is too large to be held', async () => {
    const inner = concat(pack(secretOf('one')), 2_000_000);
    const plugins = { containers: [gzip, fakePack('random', true)] };
    const { places, gaps } = await scan(gzipSync(inner), { plugins, limits: { maxHeldBytes: 1 << 20 } });
    expect(gaps).toMatchObject([{ code: 'not-opened', detail: 'pack', trail: [{ container: 'gzip' }] }]);
    expect(places).toMatchObject([{ start: 6, trail: [{ container: 'gzip' }] }]);
  });

  it('that is read front to back, in a stream that is too large to be held: what follows its end is searched', async () => {
    const inner = concat(pack(secretOf('one')), 'x0000', 2_000_000, secretOf('behind'));
    const plugins = { containers: [gzip, fakePack('sequential', false)] };
    const { places, gaps } = await scan(gzipSync(inner), { plugins, limits: { maxHeldBytes: 1 << 20 } });
    expect(gaps).toMatchObject([{ code: 'format-error', detail: 'pack.type' }]);
    expect(places).toMatchObject([
      { start: 0, trail: [{ container: 'gzip' }, { container: 'pack', member: 'm0' }] },
      { start: inner.length - 24, trail: [{ container: 'gzip' }] },
    ]);
  });

  it('keeps to its ceilings', async () => {
    const many = concat('P', ...Array.from({ length: 500 }, () => concat('m0024', secretOf('x'))));
    const plugins = { containers: [gzip, fakePack('random', true)] };
    const members = await scan(many, { plugins, limits: { maxMembers: 10 } });
    expect(members.gaps).toEqual([{ code: 'over-budget', input: 'memory', detail: 'members' }]);
    expect(members.places).toHaveLength(500);
    const inflated = await scan(gzipSync(concat(3_000_000, secretOf('late'))), {
      plugins,
      limits: { maxInflatedBytes: 2e6 },
    });
    expect(inflated.gaps).toMatchObject([{ code: 'too-large', detail: 'inflated', trail: [{ container: 'gzip' }] }]);
    const late = await scan(gzipSync(concat(10, secretOf('x'))), { plugins, limits: { maxContainerMs: -1 } });
    expect(late.gaps).toMatchObject([{ code: 'timeout' }]);
  });
});

describe('the outlines of an archive with many members', () => {
  it('are its own, those of what was found, and some others; the rest are counted', async () => {
    // Two levels, so that the inner archive's members come before its own outline, too.
    const many = defineContainer({
      id: 'many',
      title: '',
      doc: '',
      access: 'sequential',
      recognise: (head) => head[0] === 0x51,
      async *open() {
        for (let i = 0; i < 1500; i++) {
          yield {
            name: `m${i}`,
            async *content() {
              yield i === 1400 ? secretOf('late') : text('nothing');
            },
          };
        }
      },
    });
    const scanner = await createScanner([needle], { plugins: { containers: [gzip, many] } });
    const { outlines, outlinesOmitted } = await scanner.scan(gzipSync(text('Q')));
    const trails = outlines!.map(({ trail = [], format }) => [trail.map(({ member: name }) => name).join('/'), format]);
    expect(trails.slice(0, 3)).toEqual([
      ['', 'gzip'],
      ['', 'many'],
      ['/m0', undefined],
    ]);
    expect(trails.at(-1)).toEqual(['/m1400', undefined]);
    expect(outlines).toHaveLength(1001);
    expect(outlinesOmitted).toBe(1502 - 1001);
  });
});

it('the gzip of these tests is what others read', () => {
  expect(new Uint8Array(gunzipSync(gzipSync(secretOf('x'))))).toEqual(secretOf('x'));
});
