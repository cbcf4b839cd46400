/** What a redaction overwrote, for people. Names of keys and places only. */
import type { Finding, Gap, Place } from '../src/model/finding.ts';
import type { Draft } from '../src/redact/draft.ts';
import type { Redaction } from '../src/redact/redact.ts';
import { count } from '../src/report/units.ts';
import { describeKey } from '../src/report/words.ts';

/** Lines that are listed of each kind; the totals count all. */
const MAX_LINES = 50;

function nameOf({ traits, detector }: Finding): string {
  const { publicKeySha256, inventory } = traits;
  const id = inventory ?? (publicKeySha256 ? `public key ${publicKeySha256.slice(0, 16)}` : detector);
  return `${describeKey(traits)}, ${id}`;
}

function countForms(places: readonly Place[]): string {
  const counts = new Map<string, number>();
  for (const { form } of places) counts.set(form, (counts.get(form) ?? 0) + 1);
  return [...counts].map(([form, places]) => `${places} ${form}`).join(', ');
}

const trailOf = ({ trail }: Pick<Place, 'trail'>): string => (trail ?? []).map(({ member }) => ` › ${member}`).join('');

function* limited<T>(items: readonly T[], line: (item: T) => string): Generator<string> {
  for (const item of items.slice(0, MAX_LINES)) yield line(item);
  if (items.length > MAX_LINES) yield `  … and ${items.length - MAX_LINES} more`;
}

const gapLine = ({ code, trail, span, detail, detector }: Gap): string =>
  `  ${code}${trailOf({ trail: trail ?? [] })}${span ? ` at ${span.start}-${span.end}` : ''}${detail ? ` (${detail})` : ''}${detector ? ` ${detector}` : ''}`;

/** Lines, without line ends. */
export function* describeRedaction(redaction: Redaction<Draft>): Generator<string> {
  const { outcome, findings, regions, gaps, left, keysOverflowed } = redaction;
  const places = findings.flatMap((finding) => finding.places);
  if (outcome === 'clean') {
    yield `overwrote ${count(places.length, 'place')} of ${count(findings.length, 'finding')}${regions > 0 ? `, and ${count(regions, 'region')}` : ''}`;
    yield* limited(findings, (finding) => `  ${nameOf(finding)}: ${countForms(finding.places)}`);
    const registers = places.filter(({ region }) => region?.kind === 'registers').length;
    if (registers > 0) yield `${count(registers, 'place')} in saved registers: a debugger may show other frames`;
    if (gaps.length > 0) {
      yield `not searched, so not redacted (--allow-gaps):`;
      yield* limited(gaps, gapLine);
    }
  } else if (outcome === 'incomplete') {
    yield "not written: what was not searched can't be redacted (see --allow-gaps):";
    yield* limited(gaps, gapLine);
  } else if (outcome === 'changed') {
    yield 'not written: the input changed meanwhile';
  } else {
    yield keysOverflowed
      ? 'not written: too many keys to search for every part of each'
      : 'not written: this is still found after all that was overwritten:';
    yield* limited(left, (finding) => `  ${nameOf(finding)}: ${countForms(finding.places)}`);
  }
}
