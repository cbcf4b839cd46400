/**
 * CrashpadInfo: annotations that the program set (crashpad minidump/minidump_extensions.h). Their keys are names and make
 * the labels; their values stay where they are.
 */
import { RANK } from '../layout/regions.ts';
import { claim, type Dump, readFields, type Stream } from './dump.ts';

/**
 * Of the whole dump: crashpad's own limit is 200 a module, a module list has some hundreds, and few of them have any. All
 * tables may lie over each other, so that a small file could have millions.
 */
const MAX_ANNOTATIONS = 16_384;
/** Windows with each module of a large program. */
const MAX_MODULES = 4096;
const MAX_KEY_BYTES = 256;
/** Crashpad's own limit is 20 KiB. */
const MAX_VALUE_BYTES = 65_536;
const LINK_BYTES = 12;
const OBJECT_BYTES = 12;

export async function readCrashpadInfo(dump: Dump, stream: Stream): Promise<void> {
  const info = await readFields(dump, stream.start, 52);
  if (!info.has(0, 52)) return;
  let left = MAX_ANNOTATIONS;
  /** Whether there may be more. */
  const annotation = async (keyRva: number, valueRva: number): Promise<boolean> => {
    if (left-- <= 0) return false;
    const valueBytes = Math.min((await readFields(dump, valueRva, 4)).u32(0), MAX_VALUE_BYTES);
    const name = keyRva === 0 ? '' : await readKey(dump, keyRva);
    const label = `CrashpadInfo annotation ${name}`.trimEnd();
    claim(dump, valueRva, 4 + valueBytes, { kind: 'stream', label, rank: RANK.part });
    return true;
  };
  /** Count, then pairs of rvas. */
  const dictionary = async (rva: number): Promise<void> => {
    const count = await countAt(dump, rva, 8);
    const table = await readFields(dump, rva + 4, count * 8);
    for (let at = 0; table.has(at, 8); at += 8) if (!(await annotation(table.u32(at), table.u32(at + 4)))) return;
  };
  await dictionary(info.u32(40));
  const modulesRva = info.u32(48);
  const modules = await readFields(dump, modulesRva + 4, LINK_BYTES * (await countAt(dump, modulesRva, LINK_BYTES)));
  let modulesLeft = MAX_MODULES;
  for (let at = 0; modules.has(at, LINK_BYTES) && left >= 0 && modulesLeft-- > 0; at += LINK_BYTES) {
    const module = await readFields(dump, modules.u32(at + 8), 28);
    if (!module.has(0, 20)) continue;
    await dictionary(module.u32(16));
    await listOf(dump, module.u32(8), (valueRva) => annotation(0, valueRva));
    // Crashpad had no such list before 2017.
    const objectsRva = modules.u32(at + 4) < 28 ? 0 : module.u32(24);
    const count = await countAt(dump, objectsRva, OBJECT_BYTES);
    const objects = await readFields(dump, objectsRva + 4, OBJECT_BYTES * count);
    for (let of = 0; objects.has(of, OBJECT_BYTES); of += OBJECT_BYTES) {
      if (!(await annotation(objects.u32(of), objects.u32(of + 8)))) break;
    }
  }
  if (left < 0 || modulesLeft < 0) dump.gaps.add({ code: 'over-budget', detail: 'minidump.CrashpadInfo.annotations' });
  dump.facts.push({ name: 'written by', value: 'crashpad' });
}

async function readKey(dump: Dump, rva: number): Promise<string> {
  const key = await readFields(dump, rva, 4 + MAX_KEY_BYTES);
  const length = Math.min(key.u32(0), MAX_KEY_BYTES);
  if (length > dump.nameBytesLeft) {
    dump.gaps.add({ code: 'over-budget', detail: 'minidump.names' });
    return '';
  }
  dump.nameBytesLeft -= length;
  claim(dump, rva, 4 + length, { kind: 'stream', label: 'CrashpadInfo key', rank: RANK.part });
  return key.text(4, length);
}

/** MinidumpRVAList: strings without keys. */
async function listOf(dump: Dump, rva: number, visit: (rva: number) => Promise<boolean>): Promise<void> {
  const table = await readFields(dump, rva + 4, 4 * (await countAt(dump, rva, 4)));
  for (let at = 0; table.has(at, 4); at += 4) if (!(await visit(table.u32(at)))) return;
}

/** The count at `rva`, as far as the file can hold that many records; 0 for the null rva. */
async function countAt(dump: Dump, rva: number, recordBytes: number): Promise<number> {
  if (rva === 0) return 0;
  const count = (await readFields(dump, rva, 4)).u32(0);
  const fits = Math.max(0, Math.floor((dump.reader.size - rva - 4) / recordBytes));
  if (count > fits) dump.gaps.add({ code: 'format-error', detail: 'minidump.CrashpadInfo.count' });
  return Math.min(count, fits, MAX_ANNOTATIONS);
}
