/**
 * The virtual address of a physical page: a search of the kernel half of the x64 page tables (Intel SDM, volume 3, 4.5)
 * for the entry that maps it. Bounded: tables that are not in the dump, or too many, leave the address unknown.
 */
import type { LayoutRegion } from '../../model/format.ts';
import type { Input } from '../../model/input.ts';
import { PAGE_BYTES, readPhysical, wordOf } from './physical.ts';

const PRESENT = 1n;
const LARGE = 0x80n;
const FRAME = 0x000f_ffff_ffff_f000n;
const ENTRIES = 512;
/** Kernel space has some hundred thousand tables on a large machine; circles among them end here too. */
const MAX_TABLES = 262_144;

/** The first kernel address that maps the page at `at` of the file, or none. */
export async function findVirtualAddress(
  input: Input,
  regions: readonly LayoutRegion[],
  directoryTableBase: bigint,
  at: number,
): Promise<readonly string[]> {
  const memory = regions
    .filter(({ address }) => address !== undefined)
    .sort((a, b) => (a.address! < b.address! ? -1 : 1));
  const region = memory.find(({ start, end }) => start <= at && at < end);
  if (!region) return [];
  const wanted = region.address! + BigInt(at - region.start);
  let tables = 0;
  const table = async (base: bigint, level: number, prefix: bigint): Promise<bigint | undefined> => {
    const page = new Uint8Array(PAGE_BYTES);
    if (++tables > MAX_TABLES || !(await readPhysical(input, memory, base & FRAME, page))) return undefined;
    const shift = BigInt(12 + 9 * level);
    // The lower half of the top table is user space, of whatever process was current.
    for (let i = level === 3 ? ENTRIES / 2 : 0; i < ENTRIES; i++) {
      const entry = wordOf(page, i);
      if ((entry & PRESENT) === 0n) continue;
      const address = prefix | (BigInt(i) << shift);
      const isLeaf = level === 0 || (level < 3 && (entry & LARGE) !== 0n);
      if (isLeaf) {
        const size = 1n << shift;
        const frame = entry & FRAME & ~(size - 1n);
        if (wanted >= frame && wanted < frame + size) return address + (wanted - frame);
        continue;
      }
      // The table maps itself at one entry: its own pages would be walked as if they were data.
      if (level === 3 && (entry & FRAME) === (base & FRAME)) continue;
      const found = await table(entry, level - 1, address);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const found = await table(directoryTableBase, 3, 0xffff_0000_0000_0000n);
  return found === undefined ? [] : [`virtual address 0x${found.toString(16)}`];
}
