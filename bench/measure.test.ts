import { expect, test } from 'vitest';
import { measure } from './measure.ts';

const node = (script: string) => [process.execPath, '-e', script];

test('wall and CPU time, peak memory, exit code and output of one process', async () => {
  const script = `
    const held = Buffer.alloc(200e6, 1);
    for (const end = Date.now() + 200; Date.now() < end; ) held[0]++;
    console.log('done');
    setTimeout(() => process.exit(3), 100);`;
  const { wallSeconds, cpuSeconds, peakBytes, exitCode, stdout } = await measure(node(script), 'text');
  expect(wallSeconds).toBeGreaterThan(0.3);
  expect(cpuSeconds).toBeGreaterThan(0.15);
  expect(peakBytes).toBeGreaterThan(200e6);
  expect(exitCode).toBe(3);
  expect(stdout).toBe('done\n');
});

test('a program that is not there is an error', async () => {
  await expect(measure(['/nowhere/program'], 'discard')).rejects.toThrow('ENOENT');
});
