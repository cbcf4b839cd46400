/** `dumpsieve baseline write`: scans, and writes a suppression for each finding. */
import { scan } from '../../src/api.ts';
import { UsageError } from '../../src/model/errors.ts';
import { count } from '../../src/report/units.ts';
import { createBaseline, formatSuppressions } from '../../src/suppress.ts';
import type { BaselineConfig } from '../config.ts';
import { EXIT } from '../exit-codes.ts';
import { replaceFile } from '../output.ts';

/** Exits with 3 when a part was not scanned: the baseline would look complete. It is written nevertheless. */
export async function writeBaseline(config: BaselineConfig): Promise<number> {
  const { output, reason, expires, known, allowGaps } = config;
  const { findings, gaps, inputs } = await scan(config.paths, config.scan);
  if (inputs === 0) throw new UsageError('nothing to scan: check the paths and the working directory');
  const rules = createBaseline(findings, {
    reason,
    ...(expires !== undefined && { expires }),
    known,
    hasFingerprintKey: config.scan.fingerprintKey !== undefined,
  });
  try {
    replaceFile(output, formatSuppressions(rules));
  } catch {
    throw new UsageError(`--output: "${output}" can't be written`);
  }
  process.stdout.write(`${output}: ${count(rules.length, 'suppression')}\n`);
  const open = allowGaps === 'all' ? [] : gaps.filter(({ code }) => !allowGaps.includes(code));
  if (open.length > 0)
    process.stderr.write(`not everything was scanned: ${count(open.length, 'gap')}; see "dumpsieve scan"\n`);
  return open.length > 0 ? EXIT.incomplete : EXIT.clean;
}
