/** Which keys can be proven from the numbers in a dump alone, without any encoded document and without an inventory. */
import { closeSync, openSync, readSync } from 'node:fs';
import { MEMORY_FORMS, type Sighting, type TrueForm, type TrueKey } from './truth.ts';

export interface ProvableKey {
  /** Index into the list of keys. */
  readonly key: number;
  /** The forms of its private numbers, or how the program protects it. */
  readonly forms: readonly (TrueForm | 'shielded')[];
  readonly sightings: readonly Sighting[];
}

/** Sets of numbers; each proves the key when all of them are there. */
const SUFFICIENT: Record<TrueKey['key']['type'], readonly (readonly string[])[]> = {
  rsa: [
    ['p', 'n'],
    ['q', 'n'],
    ['p', 'q'],
    ['d', 'n'],
  ],
  ec: [
    ['d', 'x'],
    ['residue', 'x'],
    ['k', 'r', 's', 'digest', 'x'],
  ],
  okp: [
    ['d', 'x'],
    ['clamped', 'x'],
  ],
  dsa: [['x', 'y']],
  mac: [
    ['k', 'token'],
    ['inner', 'outer', 'token'],
  ],
};
/** With the public key from outside. */
const SUFFICIENT_WITH_INVENTORY: typeof SUFFICIENT = {
  ...SUFFICIENT,
  rsa: [['p'], ['q'], ['d']],
  ec: [['d']],
  okp: [['d']],
};
/** x is the private number of DSA, and a coordinate of all others. */
const PUBLIC_PARTS = ['n', 'r', 's', 'digest', 'token'];
const isPublic = (part: string, type: TrueKey['key']['type']): boolean =>
  part === (type === 'dsa' ? 'y' : 'x') || PUBLIC_PARTS.includes(part);

/** Allocators align what programs compute with, and cores keep that; other dumps move everything. */
const ALIGNMENT: Partial<Record<TrueForm, number>> = {
  'limbs-le': 8,
  'limbs-60': 8,
  'smi-28': 8,
  'smi-26': 8,
  midstate: 8,
  'montgomery-le': 8,
  'montgomery-smi-26': 8,
  'java-ints': 4,
  'digits-30': 4,
};

/**
 * `inventory`: the public keys are known. `shielded`: the program keeps its keys under a key that is in the dump too (OpenSSH's
 * sshkey_shield_private).
 */
export function findProvable(
  path: string,
  keys: readonly TrueKey[],
  sightings: readonly Sighting[],
  { shielded, inventory }: { readonly shielded?: boolean; readonly inventory?: boolean } = {},
): readonly ProvableKey[] {
  const most = alignmentOf(path);
  const aligned = sightings.filter(({ form, start }) => start % Math.min(most, ALIGNMENT[form] ?? 1) === 0);
  return keys.flatMap(({ key: { type } }, key) => {
    const own = aligned.filter((sighting) => sighting.key === key);
    const parts = new Set(own.map(({ part }) => part));
    const sets = (inventory ? SUFFICIENT_WITH_INVENTORY : SUFFICIENT)[type].filter((set) =>
      set.every((part) => parts.has(part)),
    );
    const useful = new Set(sets.flat().filter((part) => !isPublic(part, type)));
    const forms: readonly (TrueForm | 'shielded')[] = MEMORY_FORMS.filter((form) =>
      own.some((sighting) => sighting.form === form && useful.has(sighting.part)),
    );
    if (forms.length > 0) return [{ key, forms, sightings: own }];
    return shielded ? [{ key, forms: ['shielded' as const], sightings: own }] : [];
  });
}

/** Of words in the file: of cores, those of the processor (e_ident, EI_CLASS). */
function alignmentOf(path: string): number {
  const magic = Buffer.alloc(5);
  const file = openSync(path, 'r');
  try {
    readSync(file, magic, 0, magic.length, 0);
  } finally {
    closeSync(file);
  }
  if (magic.toString('latin1', 0, 4) !== '\x7fELF') return 1;
  return magic[4] === 1 ? 4 : 8;
}
