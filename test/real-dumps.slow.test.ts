/**
 * Real dumps, made here: what was planted in heap, stacks and environment lies in the region, thread and address that the
 * layout says, and a debugger reads the same bytes at that address. What can't be made is skipped by name.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  CRASHPAD_HANDLER,
  dumpByCrashpad,
  dumpByGcore,
  dumpByKernel,
  dumpByLldb,
  dumpByWine,
  hasWine,
  kernelWritesCores,
  LLDB,
  type Planted,
  type PlantedDump,
  readByGdb,
  readByLldb,
} from '../corpus/real/planted-dumps.ts';
import { succeeds } from '../corpus/real/program.ts';
import elfCore from '../src/formats/elf-core.ts';
import machoCore from '../src/formats/macho-core.ts';
import minidump from '../src/formats/minidump.ts';
import type { Format, LayoutRegion } from '../src/model/format.ts';
import type { RegionKind } from '../src/model/place.ts';
import { regionAt } from '../src/scan/place.ts';
import { openFile } from '../src/sources/file-input.ts';
import { layoutOf } from './support/read-safely.ts';
import { readSample, realSamples } from './support/samples.ts';

const folders: string[] = [];
function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'dumpsieve-dumps-'));
  folders.push(folder);
  return folder;
}
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

type Kinds = Readonly<Partial<Record<keyof Planted, RegionKind>>>;
type Read = (dump: PlantedDump, address: bigint, bytes: number) => Buffer;

/** Everything planted that `kinds` names is in the dump, where the layout says and where the debugger sees it. */
async function expectPlanted(format: Format, dump: PlantedDump, kinds: Kinds, read: Read) {
  const bytes = readSample(dump.path);
  expect(format.recognise(bytes.subarray(0, 65_536))).toBe(true);
  const layout = (await layoutOf(format, bytes))!;
  expect(layout.gaps).toEqual([]);
  const found = new Map<string, LayoutRegion>();
  for (const [name, kind] of Object.entries(kinds)) {
    const value = dump.planted[name as keyof Planted];
    const texts = [value, Buffer.from(value.toString('latin1'), 'utf16le')];
    const regions = texts.flatMap((text) =>
      placesOf(bytes, text).map((at) => ({ at, text, region: regionAt(layout.regions, at) })),
    );
    const place = regions.find(({ region }) => region?.kind === kind && region.address !== undefined);
    expect(
      regions.map(({ region }) => region?.kind),
      name,
    ).toContain(kind);
    expect(place, name).toBeDefined();
    const { region, at, text } = place!;
    const address = region!.address! + BigInt(at - region!.start);
    expect(read(dump, address, text.length).equals(text), `${name} at 0x${address.toString(16)}`).toBe(true);
    found.set(name, region!);
  }
  return { layout, found };
}

function placesOf(bytes: Uint8Array, text: Buffer): readonly number[] {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const places: number[] = [];
  for (let at = all.indexOf(text); at >= 0 && places.length < 100; at = all.indexOf(text, at + 1)) places.push(at);
  return places;
}

const EVERYWHERE = { heap: 'heap', stack: 'stack', secondStack: 'stack', environment: 'environment' } as const;
const gdb = succeeds(['gdb', '--version']) && succeeds(['cc', '--version']);

describe('ELF cores', () => {
  it.runIf(gdb && succeeds(['sh', '-c', 'command -v gcore']))('by gcore', async () => {
    const dump = await dumpByGcore(freshFolder());
    const { layout, found } = await expectPlanted(elfCore, dump, EVERYWHERE, readByGdb);
    expectTwoThreads(layout.threads!, found);
    expect(layout.process?.name).toBe('planted');
  });

  it.runIf(gdb && kernelWritesCores())('by the kernel', async () => {
    const dump = await dumpByKernel(freshFolder());
    const { layout, found } = await expectPlanted(elfCore, dump, EVERYWHERE, readByGdb);
    expectTwoThreads(layout.threads!, found);
    expect(layout.modules?.map(({ name }) => name)).toContain(dump.program);
    expect(layout.threads?.some(({ crashed }) => crashed)).toBe(true);
  });
});

/** Main is the process; the second thread has the second stack. */
function expectTwoThreads(threads: readonly { readonly id: number }[], found: ReadonlyMap<string, LayoutRegion>): void {
  const [first, second] = [found.get('stack')?.thread, found.get('secondStack')?.thread];
  expect(new Set(threads.map(({ id }) => id))).toEqual(new Set([first, second]));
  expect(first).not.toBe(second);
}

describe('minidumps', () => {
  it.runIf(LLDB && existsSync(CRASHPAD_HANDLER))("by Chromium's crash handler", async () => {
    const dump = await dumpByCrashpad(freshFolder());
    // Heaps are not in it.
    const kinds = { stack: 'stack', secondStack: 'stack', environment: 'environment' } as const;
    const { layout, found } = await expectPlanted(minidump, dump, kinds, readByLldb);
    expectTwoThreads(layout.threads!, found);
    expect(layout.threads?.map(({ name }) => name)).toContain('signer');
    expect(layout.regions.map(({ label }) => label)).toContain('CrashpadInfo annotation prod');
  });

  it.runIf(LLDB && gdb)('by lldb', async () => {
    const dump = await dumpByLldb(freshFolder());
    const { layout, found } = await expectPlanted(minidump, dump, EVERYWHERE, readByGdb);
    expectTwoThreads(layout.threads!, found);
    dump.live?.kill('SIGKILL');
    expect(layout.regions.map(({ label }) => label)).toContain('LinuxEnviron');
  });

  it.runIf(LLDB && hasWine())("by Wine's MiniDumpWriteDump, normal and full", async () => {
    const { normal, full } = dumpByWine(freshFolder());
    const { layout, found } = await expectPlanted(minidump, full, EVERYWHERE, readByLldb);
    expectTwoThreads(layout.threads!, found);
    // The thread that writes the dump has no stack in a normal one, nor has the heap.
    const { found: few } = await expectPlanted(minidump, normal, { secondStack: 'stack' }, readByLldb);
    expect(few.get('secondStack')?.thread).toBe(found.get('secondStack')?.thread);
  });
});

const compressed = realSamples('ours', /(core|lldb19-full\.dmp|memory64\.dmp)\.zst$/);

describe.runIf(compressed.length > 0 && succeeds(['zstd', '--version']))('dumps made before', () => {
  it.each(compressed)('$name', async ({ name, path }) => {
    const layout = (await layoutOf(name.includes('core') ? elfCore : minidump, readSample(path)))!;
    expect(layout.gaps).toEqual([]);
    expect(layout.threads).toHaveLength(2);
    const kinds = layout.regions.map(({ kind }) => kind);
    expect(kinds).toEqual(expect.arrayContaining(['stack', 'heap', 'environment', 'image', 'registers']));
  });
});

const [description] = realSamples('mach-core-yaml', /\.yaml$/);
const yaml2obj = ['yaml2obj', 'yaml2obj-19', 'yaml2obj-14'].find((name) => succeeds([name, '--version']));

// The file has a gigabyte of holes; only its load commands mean something.
it.runIf(description && yaml2obj)(
  'reads the commands of a Mach-O core of lldb, made from its description',
  async () => {
    const path = join(freshFolder(), 'core');
    expect(succeeds([yaml2obj!, '-o', path, description!.path])).toBe(true);
    const input = openFile(path);
    const layout = await machoCore.readLayout(input);
    await input.close();
    expect(layout.gaps).toEqual([]);
    expect(layout.threads?.[0]?.stackPointer).toBeGreaterThan(0n);
    expect(layout.regions.filter(({ address }) => address !== undefined).length).toBeGreaterThan(1);
  },
);
