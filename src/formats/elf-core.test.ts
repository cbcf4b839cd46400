import { describe, expect, it } from 'vitest';
import { samples } from '../../corpus/formats/elf-core.ts';
import { layoutOf } from '../../test/support/read-safely.ts';
import { readSample, realSamples } from '../../test/support/samples.ts';
import elfCore from './elf-core.ts';

const all = samples();

const sampleNamed = (name: string) => all.find((sample) => sample.name === name)!;
const layoutNamed = async (name: string) => (await layoutOf(elfCore, sampleNamed(name).bytes))!;

describe('facts', () => {
  it('names the modules, with the build id of the image in memory', async () => {
    const { modules } = await layoutNamed('Linux, x86-64');
    expect(modules).toHaveLength(1);
    expect(modules?.[0]).toMatchObject({ name: '/opt/service', size: 8192n, address: 0x5555_5555_0000n });
    expect(modules?.[0]?.buildId).toMatch(/^[0-9a-f]{40}$/);
  });

  it('says which thread crashed, and by which signal', async () => {
    const { threads, facts } = await layoutNamed('Linux, s390x, big-endian');
    expect(threads?.map(({ crashed }) => crashed)).toEqual([true, undefined]);
    expect(facts).toContainEqual({ name: 'signal', value: '11 (SIGSEGV), address 0x0' });
    expect(facts).toContainEqual({ name: 'architecture', value: 'S390, 64-bit, big-endian' });
  });

  it('says in which order the bytes of a word lie', async () => {
    expect(await layoutNamed('Linux, s390x, big-endian')).toMatchObject({ bigEndian: true, pointerBytes: 8 });
    expect(await layoutNamed('Linux, x86-64')).toMatchObject({ bigEndian: false });
  });

  it('gives the names that FreeBSD has of its threads', async () => {
    expect((await layoutNamed('FreeBSD, x86-64')).threads?.[0]).toMatchObject({ name: 'worker', crashed: true });
  });

  it('has physical addresses for the memory of a machine', async () => {
    expect((await layoutNamed('memory of a machine, by QEMU')).addressSpace).toBe('physical');
  });
});

describe('what is missing', () => {
  it('is a gap where the file ends before a segment', async () => {
    const { bytes } = sampleNamed('Linux, x86-64, cut off');
    const whole = sampleNamed('Linux, x86-64').bytes.length;
    const { gaps } = await layoutNamed('Linux, x86-64, cut off');
    expect(gaps).toEqual([
      { code: 'truncated', span: { start: bytes.length, end: whole }, detail: 'elf.phdr[9].p_filesz' },
    ]);
  });

  it('is only a fact where memory was not dumped', async () => {
    const { gaps, facts } = await layoutNamed('Linux, x86-64');
    expect(gaps).toEqual([]);
    expect(facts).toContainEqual({ name: 'memory not dumped', value: '4072 bytes' });
  });

  it('is a gap where the program headers are cut off', async () => {
    const { gaps } = (await layoutOf(elfCore, sampleNamed('Linux, x86-64').bytes.subarray(0, 300)))!;
    expect(gaps).toContainEqual({ code: 'truncated', detail: 'elf.phdr[4]' });
  });
});

it('takes no more segments than it can label, and says so', async () => {
  const { bytes } = sampleNamed('Linux, x86-64, count in a section header');
  const segments = 300_000;
  const large = new Uint8Array(bytes.length + segments * 56);
  large.set(bytes);
  const view = new DataView(large.buffer);
  view.setBigUint64(32, BigInt(bytes.length), true);
  view.setUint32(Number(view.getBigUint64(40, true)) + 44, segments, true);
  for (let i = 0; i < segments; i++) {
    const at = bytes.length + i * 56;
    view.setUint32(at, 1, true);
    view.setBigUint64(at + 8, 4096n, true);
    view.setBigUint64(at + 16, BigInt(i) << 12n, true);
    view.setBigUint64(at + 32, 8192n, true);
    view.setBigUint64(at + 40, 8192n, true);
  }
  const { gaps } = (await layoutOf(elfCore, large))!;
  expect(gaps).toContainEqual({ code: 'over-budget', detail: 'elf.e_phnum' });
});

describe.runIf(realSamples('elf-core').length > 0)('real cores', () => {
  it.each(realSamples('elf-core'))('$name', async ({ name, path }) => {
    const bytes = readSample(path);
    expect(elfCore.recognise(bytes.subarray(0, 65_536))).toBe(true);
    const layout = (await layoutOf(elfCore, bytes))!;
    expect(layout.threads?.length).toBeGreaterThan(0);
    expect(layout.gaps).toEqual([]);
    // Reduced to the threads' registers, or without the memory of the stacks.
    if (/linux-arm|thread_crash/.test(name)) return;
    expect(layout.process?.pid).toBeGreaterThan(0);
    expect(layout.regions.map(({ kind }) => kind)).toContain('stack');
    const main = layout.threads?.find(({ id }) =>
      layout.regions.some((region) => region.thread === id && region.address),
    );
    expect(main).toBeDefined();
    if (!/netbsd|lwp/.test(name)) expect(layout.regions.filter(({ label }) => label === 'environment')).toHaveLength(1);
  });
});
