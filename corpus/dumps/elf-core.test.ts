import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createRng } from '../rng.ts';
import { writeElfCore } from './elf-core.ts';
import { canDumpProcesses, dumpProcess } from './live-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'dumpsieve-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Program headers as [type, offset, address, file bytes, memory bytes]. */
function programHeaders(core: Uint8Array): readonly (readonly number[])[] {
  const view = new DataView(core.buffer, core.byteOffset);
  return Array.from({ length: view.getUint16(56, true) }, (_, i) => {
    const at = 64 + i * 56;
    return [view.getUint32(at, true), ...[8, 16, 32, 40].map((field) => Number(view.getBigUint64(at + field, true)))];
  });
}

test('a synthetic core holds each segment at the offset that its program header names', () => {
  const rng = createRng('elf-core.test');
  const segments = [
    { address: 0x7f00_0000_0000, bytes: rng.bytes(5000) },
    { address: 0x7f00_0000_4000, bytes: rng.bytes(4096) },
  ];
  const core = writeElfCore(segments);
  expect([...core.subarray(0, 7)]).toEqual([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  const loads = programHeaders(core).filter(([type]) => type === 1);
  expect(loads.map(([, , address, fileBytes]) => [address, fileBytes])).toEqual([
    [0x7f00_0000_0000, 5000],
    [0x7f00_0000_4000, 4096],
  ]);
  for (const [i, [, offset = 0]] of loads.entries()) {
    const { bytes } = segments[i]!;
    expect(core.subarray(offset, offset + bytes.length)).toEqual(bytes);
  }
});

test.runIf(canDumpProcesses())(
  'the core of a live process holds what it has in memory, and the process lives on',
  async () => {
    // The marker must not stand on the command line, which is in every dump.
    const script =
      'process.stdin.once("data", (text) => { globalThis.kept = Buffer.from(text); console.log("kept"); })';
    const child = spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'pipe', 'inherit'] });
    const marker = createRng(`marker-${process.pid}`).bytes(64);
    child.stdin.write(marker);
    await new Promise((resolve) => child.stdout.once('data', resolve));

    const path = join(folder, 'core');
    dumpProcess(child.pid!, path);
    expect(child.exitCode).toBeNull();
    child.kill('SIGKILL');

    const core = readFileSync(path);
    const headers = programHeaders(core);
    expect(headers.filter(([type]) => type === 4)).toHaveLength(1);
    const at = core.indexOf(marker);
    expect(
      headers.some(([type, offset = 0, , fileBytes = 0]) => type === 1 && at >= offset && at < offset + fileBytes),
    ).toBe(true);
    const { blocks, size } = statSync(path);
    expect(blocks * 512).toBeLessThan(size);
    expect(headers.every(([, offset = 0, , fileBytes = 0]) => offset + fileBytes <= size)).toBe(true);
  },
);
