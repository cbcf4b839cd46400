/** Which keys can be proven from the numbers in a dump alone, without any encoded document and without an inventory. */
import { closeSync, openSync, readSync } from 'node:fs';
import type { AnyKey } from '../../src/model/make.ts';
import { MEMORY_FORMS, type Sighting, type TrueForm, type TrueKey } from './truth.ts';

export interface ProvableKey {
  /** Index into the list of keys. */
  readonly key: number;
  /** The forms of its private numbers, or how the program protects it. */
  readonly forms: readonly (TrueForm | 'shielded')[];
  readonly sightings: readonly Sighting[];
}

/** Sets of numbers; each proves the key when all of them are there. */
const SUFFICIENT: Record<AnyKey['type'], readonly (readonly string[])[]> = {
  rsa: [
    ['p', 'n'],
    ['q', 'n'],
    ['p', 'q'],
    ['d', 'n'],
  ],
  ec: [['d', 'x']],
  okp: [['d', 'x']],
  dsa: [],
};

/** Allocators align what programs compute with, and cores keep that; other dumps move everything. */
const ALIGNMENT: Partial<Record<TrueForm, number>> = {
  'limbs-le': 8,
  'limbs-60': 8,
  'smi-28': 8,
  'montgomery-le': 8,
  'java-ints': 4,
  'digits-30': 4,
};

/** `shielded`: the program keeps its keys under a key that is in the dump too (OpenSSH's sshkey_shield_private). */
export function findProvable(
  path: string,
  keys: readonly TrueKey[],
  sightings: readonly Sighting[],
  shielded: boolean,
): readonly ProvableKey[] {
  const aligned = isCore(path)
    ? sightings.filter(({ form, start }) => start % (ALIGNMENT[form] ?? 1) === 0)
    : sightings;
  return keys.flatMap(({ key: { type } }, key) => {
    const own = aligned.filter((sighting) => sighting.key === key);
    const parts = new Set(own.map(({ part }) => part));
    const sets = SUFFICIENT[type].filter((set) => set.every((part) => parts.has(part)));
    const useful = new Set(sets.flat().filter((part) => part !== 'n' && part !== 'x'));
    const forms: readonly (TrueForm | 'shielded')[] = MEMORY_FORMS.filter((form) =>
      own.some((sighting) => sighting.form === form && useful.has(sighting.part)),
    );
    if (forms.length > 0) return [{ key, forms, sightings: own }];
    return shielded ? [{ key, forms: ['shielded' as const], sightings: own }] : [];
  });
}

function isCore(path: string): boolean {
  const magic = Buffer.alloc(4);
  const file = openSync(path, 'r');
  try {
    readSync(file, magic, 0, magic.length, 0);
  } finally {
    closeSync(file);
  }
  return magic.toString('latin1') === '\x7fELF';
}
