/**
 * CrashpadInfo: annotations that the program set (crashpad minidump/minidump_extensions.h). Their keys are names and make
 * the labels; their values stay where they are.
 */
import { RANK } from '../layout/regions.ts';
import { claim, type Dump, readFields, type Stream, takeRecords } from './dump.ts';

/** Crashpad's own limit is 200 a module; a module list has some hundreds. */
const MAX_ANNOTATIONS = 16_384;
const MAX_KEY_BYTES = 256;
/** Crashpad's own limit is 20 KiB. */
const MAX_VALUE_BYTES = 65_536;
const LINK_BYTES = 12;
const OBJECT_BYTES = 12;

export async function readCrashpadInfo(dump: Dump, stream: Stream): Promise<void> {
  const info = await readFields(dump, stream.start, 52);
  if (!info.has(0, 52)) return;
  const annotation = async (keyRva: number, valueRva: number): Promise<void> => {
    if (takeRecords(dump, stream, 1, 1) === 0) return;
    const valueBytes = Math.min((await readFields(dump, valueRva, 4)).u32(0), MAX_VALUE_BYTES);
    const name = keyRva === 0 ? '' : await readKey(dump, keyRva);
    const label = `CrashpadInfo annotation ${name}`.trimEnd();
    claim(dump, valueRva, 4 + valueBytes, { kind: 'stream', label, rank: RANK.part });
  };
  /** Count, then pairs of rvas. */
  const dictionary = async (rva: number): Promise<void> => {
    const count = await countAt(dump, rva, 8);
    const table = await readFields(dump, rva + 4, count * 8);
    for (let at = 0; table.has(at, 8); at += 8) await annotation(table.u32(at), table.u32(at + 4));
  };
  await dictionary(info.u32(40));
  const modulesRva = info.u32(48);
  const modules = await readFields(dump, modulesRva + 4, LINK_BYTES * (await countAt(dump, modulesRva, LINK_BYTES)));
  for (let at = 0; modules.has(at, LINK_BYTES) && takeRecords(dump, stream, 1, 1) > 0; at += LINK_BYTES) {
    const module = await readFields(dump, modules.u32(at + 8), 28);
    if (!module.has(0, 20)) continue;
    await dictionary(module.u32(16));
    await listOf(dump, module.u32(8), (valueRva) => annotation(0, valueRva));
    // Crashpad had no such list before 2017.
    const objectsRva = modules.u32(at + 4) < 28 ? 0 : module.u32(24);
    const count = await countAt(dump, objectsRva, OBJECT_BYTES);
    const objects = await readFields(dump, objectsRva + 4, OBJECT_BYTES * count);
    for (let of = 0; objects.has(of, OBJECT_BYTES); of += OBJECT_BYTES) {
      await annotation(objects.u32(of), objects.u32(of + 8));
    }
  }
  dump.facts.push({ name: 'written by', value: 'crashpad' });
}

async function readKey(dump: Dump, rva: number): Promise<string> {
  const key = await readFields(dump, rva, 4 + MAX_KEY_BYTES);
  const length = Math.min(key.u32(0), MAX_KEY_BYTES);
  claim(dump, rva, 4 + length, { kind: 'stream', label: 'CrashpadInfo key', rank: RANK.part });
  return key.text(4, length);
}

/** MinidumpRVAList: strings without keys. */
async function listOf(dump: Dump, rva: number, visit: (rva: number) => Promise<void>): Promise<void> {
  const table = await readFields(dump, rva + 4, 4 * (await countAt(dump, rva, 4)));
  for (let at = 0; table.has(at, 4); at += 4) await visit(table.u32(at));
}

/** The count at `rva`, as far as the file can hold that many records; 0 for the null rva. */
async function countAt(dump: Dump, rva: number, recordBytes: number): Promise<number> {
  if (rva === 0) return 0;
  const count = (await readFields(dump, rva, 4)).u32(0);
  const fits = Math.max(0, Math.floor((dump.reader.size - rva - 4) / recordBytes));
  if (count > fits) dump.gaps.add({ code: 'format-error', detail: 'minidump.CrashpadInfo.count' });
  return Math.min(count, fits, MAX_ANNOTATIONS);
}
