/** `inspect` and `explain` as people call them, on a dump with a key: nothing of the key may come out. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateKey } from '../corpus/generate-key.ts';
import { DEFAULT_PATTERNS_URL } from '../src/api.ts';
import gzip from '../src/containers/gzip.ts';
import { createExplainContext, explain } from '../src/inspect/explain.ts';
import { inspect } from '../src/inspect/inspect.ts';
import { defineContainer } from '../src/model/container.ts';
import { defineFormat } from '../src/model/format.ts';
import { DEFAULT_CONTEXT } from '../src/scan/context.ts';
import { memoryInput } from '../src/scan/memory-input.ts';
import { cli } from './support/run-cli.ts';

const AT = 5000;
const privateKey = generateKey('ec', { namedCurve: 'P-256' });
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
const scalar = Buffer.from(privateKey.export({ format: 'jwk' }).d!, 'base64url');

/** `DUMP`, and a stack of thread 7 that holds the key twice: as PEM, and as bare bytes. */
const dump = Buffer.alloc(20_000);
dump.write('DUMP');
dump.write('the log of a process', AT - 100);
dump.write(pem, AT);
dump.set(scalar, AT + 400);

const format = defineFormat({
  id: 'dump',
  title: 'Dump',
  doc: '',
  recognise: (head) => head[0] === 0x44,
  readLayout: async () => ({
    regions: [
      { kind: 'stack', label: 'stack of thread 7', start: 4096, end: 12_288, address: 0x7f00_0000_0000n, thread: 7 },
    ],
    process: { name: 'server', pid: 12 },
    threads: [{ id: 7, crashed: true, stackPointer: 0x7f00_0000_0100n }],
    modules: [{ name: '/lib/libx.so', address: 0x7f00_0000_0000n, size: 8192n }],
    gaps: [{ code: 'truncated', detail: 'dump.notes' }],
    describe: async () => ['Holder', 'Holder.key'],
  }),
});
const plugins = { formats: [format], containers: [gzip] };

describe('inspect', () => {
  it('says what a dump is', async () => {
    expect(await inspect(memoryInput(dump), { plugins })).toMatchObject({
      size: 20_000,
      format: { id: 'dump' },
      process: { name: 'server', pid: 12 },
      threads: { count: 1, listed: [{ id: 7, crashed: true, stackPointer: '0x7f0000000100' }] },
      modules: { listed: [{ name: '/lib/libx.so', address: '0x7f0000000000', size: 8192 }] },
      regions: {
        count: 1,
        listed: [{ kind: 'stack', start: 4096, address: '0x7f0000000000', thread: 7, entropy: expect.any(Number) }],
      },
      kinds: { stack: 8192, file: 11_808 },
      gaps: [{ code: 'truncated', detail: 'dump.notes' }],
    });
  });

  it('goes into containers, up to its limits', async () => {
    const nested = gzipSync(gzipSync(dump));
    const inside = await inspect(memoryInput(nested), { plugins });
    expect(inside.members?.listed[0]?.content.members?.listed[0]?.content).toMatchObject({
      format: { id: 'dump' },
      size: 20_000,
    });
    const shallow = await inspect(memoryInput(nested), { plugins, limits: { maxDepth: 1 } });
    expect(shallow.members?.listed[0]?.content.gaps).toEqual([{ code: 'too-deep', detail: 'gzip' }]);
    const damaged = await inspect(memoryInput(nested.subarray(0, 40)), { plugins });
    expect(damaged.gaps.length + (damaged.members?.listed[0]?.content.gaps.length ?? 0)).toBeGreaterThan(0);
  });
});

describe('inspect of an archive with many members', () => {
  const folder = mkdtempSync(join(tmpdir(), 'inspect-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('says how many it did not look into', () => {
    const members = Array.from(
      { length: 1234 },
      (_, i) => `${`m${i}/`.padEnd(16)}0           0     0     100644  2         \`\nxx`,
    );
    const path = join(folder, 'many.a');
    writeFileSync(path, `!<arch>\n${members.join('')}`);
    const run = (...args: string[]): string =>
      spawnSync(process.execPath, [cli, 'inspect', path, ...args], { encoding: 'utf8' }).stdout;
    const output = run();
    expect(output).toContain('1,234 members\n');
    expect(output).toContain('… and 800 more members (--json)\n');
    expect(output).toContain('234 members not looked into');
    expect(JSON.parse(run('--json')).files[0].members).toMatchObject({ count: 1234, listed: { length: 1000 } });
  });

  it('says that there are more gaps than it lists', async () => {
    const broken = defineContainer({
      id: 'broken',
      title: '',
      doc: '',
      access: 'sequential',
      recognise: (head) => head[0] === 0x42,
      async *open() {
        for (let i = 0; i < 10_500; i++) yield { code: 'encrypted', name: `m${i}` };
      },
    });
    const { gaps } = await inspect(memoryInput(Buffer.from('B')), { plugins: { formats: [], containers: [broken] } });
    expect(gaps).toHaveLength(10_001);
    expect(gaps.at(-1)).toEqual({ code: 'over-budget', detail: 'gaps' });
  });
});

describe('explain', () => {
  const options = { ...DEFAULT_CONTEXT, patternsUrl: DEFAULT_PATTERNS_URL, fingerprintKey: new Uint8Array(32) };
  const explainAt = async (bytes: Uint8Array, start: number, trail: { container: string; member: string }[] = []) => {
    const context = { ...(await createExplainContext(options)), plugins };
    return explain(memoryInput(bytes), { start, end: start + 1, trail }, { aroundBytes: 512, secret: [] }, context);
  };
  /** Bytes that are shown, at their offsets. */
  const shownOf = ({ rows }: Awaited<ReturnType<typeof explainAt>>): Map<number, string> =>
    new Map(
      rows.flatMap(({ at, hex }) => hex.flatMap((byte, i): [number, string][] => (byte ? [[at + i, byte]] : []))),
    );

  it.each([
    ['a dump', dump, []],
    ['a member', gzipSync(dump), [{ container: 'gzip', member: '' }]],
  ])('says where a place lies in %s, and masks the key', async (_, bytes, trail) => {
    const explanation = await explainAt(bytes, AT, trail);
    expect(explanation).toMatchObject({
      format: 'dump',
      region: { kind: 'stack', label: 'stack of thread 7' },
      address: '0x7f0000000388',
      thread: 7,
      module: 'libx.so+0x388',
      owner: ['Holder', 'Holder.key'],
    });
    const shown = shownOf(explanation);
    for (let at = AT; at < AT + pem.length; at++) expect(shown.has(at), `PEM at ${at}`).toBe(false);
    for (let at = AT + 400; at < AT + 432; at++) expect(shown.has(at) && dump[at] !== 0, `scalar at ${at}`).toBe(false);
    expect(explanation.rows.map(({ text }) => text).join('')).toContain('the log of a process');
  });

  it('refuses what does not exist', async () => {
    await expect(explainAt(dump, 30_000)).rejects.toThrow('nothing at offset');
    await expect(explainAt(dump, 1, [{ container: 'zip', member: 'x' }])).rejects.toThrow('no zip');
    await expect(explainAt(gzipSync(dump), 1, [{ container: 'gzip', member: 'x' }])).rejects.toThrow('no member');
  });
});

describe('the commands', () => {
  const run = (...args: string[]) => spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8', cwd: folder });
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'dumpsieve-'));
    writeFileSync(join(folder, 'heap.gz'), gzipSync(dump));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('inspect prints text and JSON', () => {
    const text = run('inspect', 'heap.gz');
    expect(text.stdout).toMatch(/^heap\.gz: gzip, /);
    expect(text.stdout).toContain('1 member');
    expect(text.status).toBe(0);
    const json = JSON.parse(run('inspect', 'heap.gz', '--json').stdout) as {
      schema: string;
      files: { input: string }[];
    };
    expect(json).toMatchObject({
      schema: 'dumpsieve-inspect/1',
      files: [{ input: 'heap.gz', container: { id: 'gzip' } }],
    });
    expect(run('inspect', 'absent').status).toBe(3);
  });

  it('explain finds a finding by index and by fingerprint, and shows none of it', () => {
    writeFileSync(join(folder, 'report.json'), run('scan', 'heap.gz', '--format', 'json').stdout);
    const byIndex = run('explain', 'heap.gz', '#0', '--report', 'report.json');
    expect(byIndex.stderr).toBe('');
    expect(byIndex.stdout).toContain(`(${AT})`);
    expect(byIndex.stdout).not.toContain(pem.split('\n')[1]!.slice(0, 8));
    expect(byIndex.stdout.replaceAll(' ', '')).not.toContain(scalar.toString('hex').slice(0, 8));
    expect(run('explain', 'heap.gz', 'ffffffffff', '--report', 'report.json').status).toBe(2);
    expect(run('explain', 'heap.gz', '#0').stderr).toContain('--report');
    expect(run('explain', 'heap.gz', String(AT), '--member', '').stdout).toContain('·');
    expect(run('explain', 'heap.gz', 'nonsense').status).toBe(2);
    // The command of a debugger that has no file to open would be of no use.
    const piped = spawnSync(process.execPath, [cli, 'explain', '-', '3'], { input: 'no dump', encoding: 'utf8' });
    expect(piped.stdout).toContain('raw bytes');
    expect(piped.stdout).not.toContain('xxd');
  });
});
