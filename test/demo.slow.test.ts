/** `npm run demo`, as the README shows it: nothing but the keys that its process holds. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { canDumpProcesses } from '../corpus/dumps/live-process.ts';

it.skipIf(!canDumpProcesses())(
  'finds the four keys, and nothing that the demonstration makes itself',
  () => {
    const demo = fileURLToPath(new URL('../dist/corpus/demo.js', import.meta.url));
    const { status, stdout } = spawnSync(process.execPath, [demo], { encoding: 'utf8', maxBuffer: 1 << 26 });
    expect(stdout).toMatch(/; 4 findings; 0 gaps$/m);
    expect(status).toBe(0);
  },
  300_000,
);
