/** `dumpsieve verify`: whether these exact files passed a gate, by the gate's own word. */
import { readFileSync } from 'node:fs';
import { UsageError } from '../../src/model/errors.ts';
import { verifyVerdict } from '../../src/verdict.ts';
import { EXIT } from '../exit-codes.ts';
import { hashFile } from '../hash-file.ts';
import { type Options, textOf } from '../option-values.ts';

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new UsageError(`"${path}" can't be read`);
  }
}

/** Throws UsageError. */
export async function runVerify(files: readonly string[], options: Options): Promise<number> {
  const [verdict, publicKey] = [textOf(options, 'verdict'), textOf(options, 'public-key')];
  if (verdict === undefined) throw new UsageError('name the verdict: --verdict <file>');
  const text = readText(verdict);
  const pem = publicKey === undefined ? undefined : readText(publicKey);
  const hashes: string[] = [];
  for (const path of files) hashes.push((await hashFile(path)).sha256);
  const result = verifyVerdict(text, hashes, pem);
  if (!result.ok) {
    process.stdout.write(`not verified: ${result.reason}\n`);
    return EXIT.findings;
  }
  const { tool, endedAt } = result.verdict;
  const by = pem === undefined ? ' (signature not checked: no --public-key)' : '';
  process.stdout.write(`verified: passed ${tool.name} ${tool.version} at ${endedAt}${by}\n`);
  return EXIT.clean;
}
