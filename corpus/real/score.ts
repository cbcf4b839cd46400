/** Compares a report with what is really in the dump. Pure. */
import type { Finding } from '../../src/model/finding.ts';
import type { ProvableKey } from '../brute/provable.ts';
import { ENCODED_FORMS, type Occurrence, type TrueForm, type TrueKey } from '../brute/truth.ts';

/** Occurrences of one form, and how many of them lie in a place of a proven finding with the right public key. */
export type FormScore = { readonly form: TrueForm; readonly present: number; readonly found: number };

/** A key whose numbers prove it. */
export type ProvableScore = ProvableKey & {
  readonly label: string;
  /** By a proven finding with the right public key. */
  readonly found: boolean;
  /** An encoded form of it is in the dump as well. */
  readonly encoded: boolean;
};

export type Score = {
  readonly keys: number;
  /** Keys that are in the dump in any form, in an encoded form, and those that were found. */
  readonly keysPresent: number;
  readonly keysEncoded: number;
  readonly keysFound: number;
  readonly forms: readonly FormScore[];
  /** Occurrences of encoded forms that were missed. */
  readonly missed: readonly Occurrence[];
  readonly provable: readonly ProvableScore[];
  /** Proven findings that are no key of the program, for a second opinion. */
  readonly unexpected: readonly Finding[];
  /** Findings of verdict `likely`. */
  readonly guesses: readonly Finding[];
};

export function isEncoded(form: TrueForm): boolean {
  return (ENCODED_FORMS as readonly TrueForm[]).includes(form);
}

/** The finding of each key, by its public key; those without a public half are told by where they lie. */
export function findKeys(
  keys: readonly TrueKey[],
  occurrences: readonly Occurrence[],
  proven: readonly Finding[],
): readonly (Finding | undefined)[] {
  const byPublicKey = new Map(proven.map((finding) => [finding.traits.publicKeySha256, finding]));
  const macs = proven.filter(({ traits }) => traits.proof === 'mac');
  const byPlace = (index: number): Finding | undefined =>
    macs.find(({ places }) =>
      occurrences.some((occurrence) => occurrence.key === index && places.some((place) => covers(place, occurrence))),
    );
  return keys.map(({ publicKeySha256, key }, index) =>
    key.type === 'mac' ? byPlace(index) : byPublicKey.get(publicKeySha256),
  );
}

export function scoreReport(
  keys: readonly TrueKey[],
  occurrences: readonly Occurrence[],
  findings: readonly Finding[],
  provable: readonly ProvableKey[] = [],
): Score {
  const proven = findings.filter(({ verdict }) => verdict === 'proven');
  const findingOf = findKeys(keys, occurrences, proven);
  const isFound = (occurrence: Occurrence): boolean =>
    findingOf[occurrence.key]?.places.some((place) => covers(place, occurrence)) ?? false;

  const forms = new Map<TrueForm, { present: number; found: number }>();
  for (const occurrence of occurrences) {
    const count = forms.get(occurrence.form) ?? { present: 0, found: 0 };
    count.present++;
    if (isFound(occurrence)) count.found++;
    forms.set(occurrence.form, count);
  }
  const encoded = new Set(occurrences.filter(({ form }) => isEncoded(form)).map(({ key }) => key));
  const expected = new Set(keys.map(({ publicKeySha256 }) => publicKeySha256));
  return {
    keys: keys.length,
    keysPresent: new Set(occurrences.map(({ key }) => key)).size,
    keysEncoded: encoded.size,
    keysFound: findingOf.filter(Boolean).length,
    forms: [...forms].map(([form, count]) => ({ form, ...count })),
    missed: occurrences.filter((occurrence) => isEncoded(occurrence.form) && !isFound(occurrence)),
    provable: provable.map((entry) => ({
      ...entry,
      label: keys[entry.key]?.label ?? '',
      found: findingOf[entry.key] !== undefined,
      encoded: encoded.has(entry.key),
    })),
    unexpected: proven.filter((finding) => {
      const { traits } = finding;
      if (findingOf.includes(finding)) return false;
      // Programs that were given keys make more of them by themselves: those of their TLS sessions.
      if (keys.length > 0 && traits.form === 'schedule') return false;
      return !traits.publicKeySha256 || !expected.has(traits.publicKeySha256);
    }),
    guesses: findings.filter(({ verdict }) => verdict === 'likely'),
  };
}

/**
 * Members of a JWK that lie apart are one key at many addresses: a finding names one set of them, so any place of the
 * joined form counts. Everything else has to be found where it is.
 */
function covers(place: Finding['places'][number], { form, start, end }: Occurrence): boolean {
  if (place.start < end && start < place.end) return true;
  return form === 'jwk-members' && (place.form === 'jwk-members' || place.form === 'jwk');
}
