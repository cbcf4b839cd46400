/** `dumpsieve schema`: the JSON Schema of the JSON report. */
import { reportSchema } from '../../src/report/schema.ts';
import { EXIT } from '../exit-codes.ts';

export async function printSchema(): Promise<number> {
  process.stdout.write(`${JSON.stringify(reportSchema(), null, 2)}\n`);
  return EXIT.clean;
}
