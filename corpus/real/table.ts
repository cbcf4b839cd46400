/** The scores as text: one line per program, one per form, then what is wrong. */
import type { Finding } from '../../src/model/finding.ts';
import { ENCODED_FORMS, MEMORY_FORMS, PARTIAL_FORMS, type TrueForm } from '../brute/truth.ts';
import type { Result } from './main.ts';
import type { ProvableScore } from './score.ts';

const GIGABYTE = 1e9;

/** Found of all provable keys, 0 to 1; 1 when there are none. */
export function provableRecall(results: readonly Result[]): number {
  const keys = results.flatMap(({ score }) => score?.provable ?? []);
  return keys.length === 0 ? 1 : keys.filter(({ found }) => found).length / keys.length;
}

/** @param required whether the recall of provable keys counts */
export function formatTable(results: readonly Result[], required: boolean): string {
  const lines = ['', 'Programs with keys: keys found / in the dump, occurrences found / present per form', ''];
  for (const result of results.filter(({ score }) => score && score.keys > 0)) {
    const { score } = result;
    if (!score) continue;
    const forms = score.forms.map(({ form, present, found }) => `${form} ${found}/${present}`).join('  ');
    lines.push(
      `  ${result.name.padEnd(20)} ${megabytes(result)}  keys ${score.keysFound}/${score.keysPresent}  ${forms}`,
    );
  }
  lines.push('', 'Recall per form', '');
  for (const [title, forms] of [
    ['encoded: all must be found', ENCODED_FORMS],
    ['parts of documents', PARTIAL_FORMS],
    ['keys in use', MEMORY_FORMS],
  ] as const) {
    for (const form of forms) {
      const { present, found } = total(results, form);
      if (present > 0) lines.push(`  ${form.padEnd(20)} ${`${found}/${present}`.padStart(9)}  (${title})`);
    }
  }
  lines.push(...provableTable(results, required));
  lines.push('', 'Programs and artifacts without keys: false alarms', '');
  for (const result of results.filter(({ score }) => score?.keys === 0)) {
    const perGigabyte = ((result.score?.guesses.length ?? 0) / Math.max(result.bytes, 1)) * GIGABYTE;
    const shipped = result.genuine.length > 0 ? `, ships ${result.genuine.length} real keys` : '';
    lines.push(
      `  ${result.name.padEnd(20)} ${megabytes(result)}  proven falsely ${result.falseProven.length}, ` +
        `likely ${result.score?.guesses.length ?? 0} (${perGigabyte.toFixed(2)} per GB)${shipped}`,
    );
  }
  const real = results.filter(({ score, genuine }) => score && score.keys > 0 && genuine.length > 0);
  lines.push(
    '',
    ...real.map(
      ({ name, genuine }) => `  ${name.padEnd(20)} ${genuine.length} other real keys (ephemeral, or shipped)`,
    ),
  );
  lines.push('', ...results.flatMap(problems), '');
  return lines.join('\n');
}

/** Keys per program and per form of their private numbers; those without any encoded form in the dump apart. */
function provableTable(results: readonly Result[], required: boolean): readonly string[] {
  const all = results.flatMap(({ score }) => score?.provable ?? []);
  if (all.length === 0) return [];
  const line = (name: string, keys: readonly ProvableScore[]): string => {
    const bare = keys.filter(({ encoded }) => !encoded);
    return `  ${name.padEnd(20)} ${ratio(keys).padStart(9)}  without an encoded form ${ratio(bare)}`;
  };
  const lines = [
    '',
    `Keys that their numbers prove: found / provable (${required ? 'required' : 'informational'})`,
    '',
  ];
  for (const { name, score } of results) {
    if (score && score.provable.length > 0) lines.push(line(name, score.provable));
  }
  lines.push('');
  for (const form of [...MEMORY_FORMS, 'shielded'] as const) {
    const keys = all.filter(({ forms }) => forms.includes(form));
    if (keys.length > 0) lines.push(line(form, keys));
  }
  return [...lines, '', `${line('all', all)}  = ${(provableRecall(results) * 100).toFixed(1)} %`];
}

function ratio(keys: readonly ProvableScore[]): string {
  return `${keys.filter(({ found }) => found).length}/${keys.length}`;
}

const SHOWN_PLACES = 3;

/** `d limbs-le 4096, 8192 …; x bytes-be 77`: offsets only. */
function sightingsOf({ sightings }: ProvableScore): string {
  const places = new Map<string, number[]>();
  for (const { part, form, start } of sightings) {
    places.set(`${part} ${form}`, [...(places.get(`${part} ${form}`) ?? []), start]);
  }
  return [...places]
    .map(
      ([what, starts]) =>
        `${what} ${starts.slice(0, SHOWN_PLACES).join(', ')}${starts.length > SHOWN_PLACES ? ' …' : ''}`,
    )
    .join('; ');
}

function problems({ name, skipped, failed, score, falseProven, gaps }: Result): readonly string[] {
  if (skipped) return [`  skipped ${name}: needs ${skipped}`];
  if (failed) return [`  FAILED  ${name}: ${failed}`];
  return [
    ...(score?.missed ?? []).map(
      ({ form, key, start, end, unit }) =>
        `  MISSED  ${name}: ${form} of key ${key} at ${start}..${end}${unit > 1 ? `, ${unit} bytes per character` : ''}`,
    ),
    ...(score?.provable ?? [])
      .filter(({ found }) => !found)
      .map((key) => `  MISSED  ${name}: ${key.label}, ${key.forms.join(' and ')}: ${sightingsOf(key)}`),
    ...(score?.keys === 0 ? score.guesses : []).map((finding) => `  LIKELY  ${name}: ${placeOf(finding)}`),
    ...new Set(gaps.map((gap) => `  GAP     ${name}: ${gap}`)),
    ...falseProven.map((finding) => `  FALSE   ${name}: ${placeOf(finding)}`),
  ];
}

function placeOf({ detector, places }: Finding): string {
  return `${detector} ${places[0]?.form} at ${places[0]?.start} of ${places[0]?.input}`;
}

function total(results: readonly Result[], form: TrueForm): { present: number; found: number } {
  const all = results.flatMap(({ score }) => score?.forms ?? []).filter((score) => score.form === form);
  return {
    present: all.reduce((sum, { present }) => sum + present, 0),
    found: all.reduce((sum, { found }) => sum + found, 0),
  };
}

function megabytes({ bytes }: Result): string {
  return `${(bytes / 1e6).toFixed(0).padStart(5)} MB`;
}
