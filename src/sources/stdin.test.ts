import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openStream } from './stdin.ts';

it('reads in order and only in order', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dumpsieve-'));
  writeFileSync(join(folder, 'digits'), '0123456789');
  const descriptor = openSync(join(folder, 'digits'), 'r');
  const input = openStream(descriptor);
  expect(input).toMatchObject({ size: Number.POSITIVE_INFINITY, sequential: true });
  const into = new Uint8Array(6);
  expect(await input.read(into, 0)).toBe(6);
  await expect(input.read(into, 0)).rejects.toMatchObject({ code: 'not-seekable' });
  expect(await input.read(into, 6)).toBe(4);
  expect(into.subarray(0, 4)).toEqual(Uint8Array.of(0x36, 0x37, 0x38, 0x39));
  expect(await input.read(into, 10)).toBe(0);
  closeSync(descriptor);
  rmSync(folder, { recursive: true });
});
