/** SHA-256 of a file or of standard input. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { UsageError } from '../src/model/errors.ts';
import type { VerdictFile } from '../src/verdict.ts';

/** `-` is standard input. Throws UsageError. */
export async function hashFile(path: string): Promise<VerdictFile> {
  const hash = createHash('sha256');
  let size = 0;
  try {
    const stream = path === '-' ? process.stdin : createReadStream(path, { highWaterMark: 1 << 20 });
    for await (const chunk of stream) {
      hash.update(chunk as Uint8Array);
      size += (chunk as Uint8Array).length;
    }
  } catch {
    throw new UsageError(`"${path}" can't be read`);
  }
  return { name: path, size, sha256: hash.digest('hex') };
}
