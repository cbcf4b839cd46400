/** `dumpsieve patterns`: what is looked for. */
import { loadCatalogue } from '../../src/catalogue.ts';
import { UsageError } from '../../src/model/errors.ts';
import { EXIT } from '../exit-codes.ts';

export async function listPatterns(json: boolean): Promise<number> {
  const entries = await loadCatalogue();
  if (json) {
    const list = entries.map(({ id, title, severity }) => ({ id, title, severity }));
    process.stdout.write(`${JSON.stringify(list, null, 2)}\n`);
    return EXIT.clean;
  }
  const width = Math.max(...entries.map(({ id }) => id.length));
  for (const { id, title, severity } of entries) {
    process.stdout.write(`${id.padEnd(width)}  ${severity.padEnd(8)}  ${title}\n`);
  }
  return EXIT.clean;
}

export async function explainPattern(id: string): Promise<number> {
  const entries = await loadCatalogue();
  const entry = entries.find((candidate) => candidate.id === id);
  if (!entry) throw new UsageError(`nothing is called "${id}"; "dumpsieve patterns list" shows them all`);
  process.stdout.write(`${entry.id}: ${entry.title}\nseverity: ${entry.severity}\n\n${entry.doc.trim()}\n`);
  return EXIT.clean;
}
