import { describe, expect, it, vi } from 'vitest';
import { samples } from '../../corpus/formats/minidump.ts';
import { layoutOf } from '../../test/support/read-safely.ts';
import { readSample, realSamples } from '../../test/support/samples.ts';
import { InputReader } from '../bytes/random-reader.ts';
import minidump from './minidump.ts';

const all = samples();

const sampleNamed = (name: string) => all.find((sample) => sample.name === name)!;
const layoutNamed = async (name: string) => (await layoutOf(minidump, sampleNamed(name).bytes))!;

describe('facts', () => {
  it('names threads and says where they are', async () => {
    const { threads } = await layoutNamed('Windows, x86-64, full memory');
    expect(threads).toEqual([
      { id: 100, name: 'signer', crashed: true, stackPointer: 0x30_0080n, instructionPointer: 0x40_1000n },
    ]);
  });

  it('gives modules their version and build id', async () => {
    const [module] = (await layoutNamed('Windows, x86-64, full memory')).modules ?? [];
    expect(module).toMatchObject({ name: 'C:\\service\\service.exe', version: '10.1.19045.2' });
    expect(module?.buildId).toMatch(/^[0-9a-f]{32}3$/);
    const [elf] = (await layoutNamed('Linux, x86-64, by breakpad')).modules ?? [];
    expect(elf?.buildId).toMatch(/^[0-9a-f]{40}$/);
  });

  it('reads the build id in big-endian dumps as in others', async () => {
    const { modules, threads, pointerBytes, bigEndian } = await layoutNamed('macOS, PowerPC, big-endian');
    expect({ pointerBytes, bigEndian }).toEqual({ pointerBytes: 4, bigEndian: true });
    expect(modules?.[0]?.buildId).toMatch(/^[0-9a-f]{32}3$/);
    expect(threads).toHaveLength(1);
  });

  it('takes every exception, and calls crashed what was not merely stopped', async () => {
    const { threads, facts } = await layoutNamed('Linux, ARM, by lldb: streams repeated and unused');
    expect(threads?.map(({ id, crashed }) => [id, crashed])).toEqual([
      [21, undefined],
      [22, true],
    ]);
    expect(facts?.filter(({ name }) => name === 'exception')).toHaveLength(1);
  });

  it('says what system and writer it was', async () => {
    const { facts } = await layoutNamed('Android, ARM64, by crashpad');
    expect(facts).toContainEqual({ name: 'written by', value: 'crashpad' });
    expect(facts).toContainEqual({ name: 'operating system', value: 'Android 10.0.19045 Service Pack 1' });
    expect(facts).toContainEqual({ name: 'written', value: '2023-11-14T22:13:20.000Z' });
  });
});

describe('what is missing', () => {
  it('is a gap up to where the file should end', async () => {
    const whole = sampleNamed('Windows, x86-64, full memory').bytes.length;
    const { bytes } = sampleNamed('Windows, x86-64, full memory, cut off');
    const { gaps } = await layoutNamed('Windows, x86-64, full memory, cut off');
    expect(gaps).toEqual([
      { code: 'truncated', span: { start: bytes.length, end: whole }, detail: expect.stringContaining('Memory64List') },
    ]);
  });

  it('is none in a whole dump', async () => {
    for (const { name, bytes } of all) {
      if (!name.endsWith('cut off')) expect((await layoutOf(minidump, bytes))?.gaps, name).toEqual([]);
    }
  });

  it('is a gap when a count contradicts its stream', async () => {
    const bytes = sampleNamed('macOS, PowerPC, big-endian').bytes.slice();
    const view = new DataView(bytes.buffer);
    const entries = Array.from({ length: 5 }, (_, i) => 32 + i * 12);
    const threads = entries.find((at) => view.getUint32(at) === 3)!;
    view.setUint32(view.getUint32(threads + 8), 1000);
    const { gaps, threads: found } = (await layoutOf(minidump, bytes))!;
    expect(gaps).toContainEqual({ code: 'format-error', detail: 'minidump.ThreadList.count' });
    expect(found).toHaveLength(1);
  });
});

it('reads so many annotations of crashpad, however its tables lie over each other', async () => {
  const { bytes } = sampleNamed('Android, ARM64, by crashpad');
  const pairs = 20_000;
  const modules = 2000;
  const table = bytes.length;
  const module = table + 4 + 8 * pairs;
  const list = module + 28;
  const dump = new Uint8Array(list + 4 + 12 * modules);
  dump.set(bytes);
  const view = new DataView(dump.buffer);
  const set = (at: number, ...words: number[]): void => {
    for (const [i, word] of words.entries()) view.setUint32(at + 4 * i, word, true);
  };
  const info = Array.from({ length: 12 }, (_, i) => 32 + 12 * i).find((at) => view.getUint32(at, true) === 0x43500001)!;
  // Every module has the same dictionary, of which every pair is the same.
  set(table, pairs, ...Array.from({ length: pairs }, () => [32, 32]).flat());
  set(module, 1, 0, 0, 0, 0, 0, 0);
  set(module + 16, table);
  set(list, modules, ...Array.from({ length: modules }, () => [0, 28, module]).flat());
  set(view.getUint32(info + 8, true) + 48, list);
  const read = vi.spyOn(InputReader.prototype, 'read');
  const { gaps } = (await layoutOf(minidump, dump))!;
  expect(gaps).toContainEqual({ code: 'over-budget', detail: 'minidump.CrashpadInfo.annotations' });
  expect(read.mock.calls.length).toBeLessThan(50_000);
  read.mockRestore();
});

it('ends at a ceiling with 2^32 streams', async () => {
  const bytes = new Uint8Array(1 << 20);
  const view = new DataView(bytes.buffer);
  bytes.set(sampleNamed('Linux, x86-64, by breakpad').bytes.subarray(0, 32));
  view.setUint32(8, 0xffffffff, true);
  // Each of them a thread list of as many threads as there are bytes.
  for (let at = 32; at + 12 <= bytes.length; at += 12) {
    view.setUint32(at, 3, true);
    view.setUint32(at + 4, 0xfffffff, true);
    view.setUint32(at + 8, 1 << 12, true);
  }
  view.setUint32(1 << 12, 20_000, true);
  const begin = performance.now();
  const { gaps } = (await layoutOf(minidump, bytes))!;
  expect(gaps).toContainEqual({ code: 'over-budget', detail: 'minidump.header.streams' });
  expect(gaps).toContainEqual({ code: 'over-budget', detail: 'minidump.ThreadList.count' });
  expect(performance.now() - begin).toBeLessThan(20_000);
});

const files = [...realSamples('minidump', /^(?!.*microdump).*\.dmp$/), ...realSamples('ours', /\.dmp$/)];

describe.runIf(files.length > 0)('real dumps', () => {
  it.each(files)('$name', async ({ name, path }) => {
    const bytes = readSample(path);
    expect(minidump.recognise(bytes.subarray(0, 65_536))).toBe(true);
    const layout = (await layoutOf(minidump, bytes))!;
    if (name.includes('invalid-range')) {
      expect(layout.gaps.map(({ code }) => code)).toEqual(['truncated']);
      return;
    }
    expect(layout.gaps).toEqual([]);
    expect(layout.process?.pid).toBeGreaterThan(0);
    expect(layout.modules?.length).toBeGreaterThan(1);
    expect(layout.facts?.map((fact) => fact.name)).toContain('operating system');
    const withStack = layout.regions.filter(({ kind }) => kind === 'stack');
    if (!name.includes('mac.dmp')) expect(withStack.length).toBeGreaterThan(0);
    for (const { stackPointer } of layout.threads ?? [])
      if (stackPointer !== undefined) expect(stackPointer).toBeGreaterThan(0n);
    if (/breakpad__linux|linux-mini/.test(name)) {
      expect(layout.regions.map(({ label }) => label)).toEqual(expect.arrayContaining(['LinuxEnviron', 'environment']));
    }
  });
});
