/** The scores as text: one line per program, one per form, then what is wrong. */
import type { Finding } from '../../src/model/finding.ts';
import { ENCODED_FORMS, MEMORY_FORMS, PARTIAL_FORMS, type TrueForm } from '../brute/truth.ts';
import type { Result } from './main.ts';

const GIGABYTE = 1e9;

export function formatTable(results: readonly Result[]): string {
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
  lines.push('', 'Programs and artifacts without keys: false alarms', '');
  for (const result of results.filter(({ score }) => score?.keys === 0)) {
    const perGigabyte = ((result.score?.guesses.length ?? 0) / Math.max(result.bytes, 1)) * GIGABYTE;
    const shipped = result.genuine.length > 0 ? `, ships ${result.genuine.length} real keys` : '';
    lines.push(
      `  ${result.name.padEnd(20)} ${megabytes(result)}  proven falsely ${result.falseProven.length}, ` +
        `likely ${result.score?.guesses.length ?? 0} (${perGigabyte.toFixed(2)} per GB)${shipped}`,
    );
  }
  lines.push('', ...results.flatMap(problems), '');
  return lines.join('\n');
}

function problems({ name, skipped, failed, score, falseProven }: Result): readonly string[] {
  if (skipped) return [`  skipped ${name}: needs ${skipped}`];
  if (failed) return [`  FAILED  ${name}: ${failed}`];
  return [
    ...(score?.missed ?? []).map(
      ({ form, key, start, end, unit }) =>
        `  MISSED  ${name}: ${form} of key ${key} at ${start}..${end}${unit > 1 ? `, ${unit} bytes per character` : ''}`,
    ),
    ...(score?.keys === 0 ? score.guesses : []).map((finding) => `  LIKELY  ${name}: ${placeOf(finding)}`),
    ...falseProven.map((finding) => `  FALSE   ${name}: ${placeOf(finding)}`),
  ];
}

function placeOf({ detector, places }: Finding): string {
  return `${detector} at ${places[0]?.start} of ${places[0]?.input}`;
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
