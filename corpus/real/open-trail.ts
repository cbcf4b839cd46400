/** The bytes of a place inside archives, by programs that share nothing with the readers. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Step } from '../../src/model/place.ts';

const MAX_BYTES = 1 << 30;

/** The member at the end of `trail`; undefined when no program here opens it. */
export function openTrail(input: string, trail: readonly Step[]): Buffer | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'dumpsieve-trail-'));
  try {
    let path = input;
    let bytes: Buffer | undefined;
    for (const [i, { container, member }] of trail.entries()) {
      if (container === 'zip') {
        // `unzip` takes names as patterns.
        const pattern = member.replace(/[[\]*?\\]/g, '\\$&');
        bytes = execFileSync('unzip', ['-p', path, pattern], {
          maxBuffer: MAX_BYTES,
          stdio: ['ignore', 'pipe', 'ignore'],
        });
      } else if (container === 'gzip') bytes = gunzipSync(readFileSync(path));
      else if (container === 'tar') bytes = execFileSync('tar', ['-xOf', path, member], { maxBuffer: MAX_BYTES });
      else if (container === 'ar') bytes = execFileSync('ar', ['p', path, member], { maxBuffer: MAX_BYTES });
      else return undefined;
      path = join(folder, String(i));
      writeFileSync(path, bytes);
    }
    return bytes;
  } catch {
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
