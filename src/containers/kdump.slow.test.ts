/** A real guest's memory, as QEMU writes it. Needs the samples and zstd. */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { inputOf } from '../../test/support/containers.ts';
import { readSample, sampleFiles } from '../../test/support/samples.ts';
import kdump from './kdump.ts';

function hasZstd(): boolean {
  try {
    execFileSync('zstd', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const samples = sampleFiles(/kdump.*\.zst$/);
const isReady = samples.length > 0 && hasZstd();
// Without samples one test is skipped: a suite without any fails.
const files = isReady ? samples : ['a sample'];

describe('kdump', () => {
  it.runIf(isReady).each(files)('gives the memory in %s', async (path) => {
    const bytes = readSample(path);
    const input = { ...inputOf(bytes), read: (into: Uint8Array, at: number) => copy(bytes, into, at) };
    let size = 0;
    let banner = '';
    for await (const item of kdump.open(input)) {
      if (!('content' in item)) expect.fail(`gap ${item.code} ${item.detail}`);
      expect(item.layout?.regions[0]).toMatchObject({ kind: 'memory', address: 0n });
      for await (const part of item.content()) {
        const text = Buffer.from(part.buffer, part.byteOffset, part.length);
        const at = text.indexOf('Linux version ');
        if (at >= 0 && banner === '') banner = text.subarray(at, at + 40).toString('latin1');
        size += part.length;
      }
      expect(size).toBe(item.size);
    }
    expect(size).toBeGreaterThan(100_000_000);
    expect(banner).toMatch(/^Linux version \d+\.\d+/);
  });
});

function copy(bytes: Uint8Array, into: Uint8Array, at: number): number {
  const part = bytes.subarray(at, at + into.length);
  into.set(part);
  return part.length;
}
