/**
 * The read-only contender: worker threads that read 1 MiB blocks into page-aligned memory and look at nothing. It is
 * the ceiling for every scanner on Node. Usage: read-loop.js <file> <threads>.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { isMainThread, Worker, workerData } from 'node:worker_threads';

const BLOCK_BYTES = 1 << 20;
const RANGE_BYTES = 64 * BLOCK_BYTES;

interface Job {
  readonly path: string;
  /** Next range, shared by all threads. */
  readonly next: Int32Array;
}

function readRanges({ path, next }: Job): void {
  // The start of a WebAssembly memory is page-aligned; a Buffer's is not, and costs a factor of five on some CPUs.
  const block = new Uint8Array(new WebAssembly.Memory({ initial: BLOCK_BYTES / 65_536 }).buffer);
  const fd = openSync(path, 'r');
  const { size } = fstatSync(fd);
  for (let start = 0; (start = Atomics.add(next, 0, 1) * RANGE_BYTES) < size; ) {
    const end = Math.min(start + RANGE_BYTES, size);
    for (let at = start; at < end; ) at += readSync(fd, block, 0, Math.min(BLOCK_BYTES, end - at), at);
  }
  closeSync(fd);
}

if (isMainThread) {
  const [path = '', threads = '1'] = process.argv.slice(2);
  const job: Job = { path, next: new Int32Array(new SharedArrayBuffer(4)) };
  if (threads === '1') readRanges(job);
  else for (let i = 0; i < Number(threads); i++) new Worker(new URL(import.meta.url), { workerData: job });
} else {
  readRanges(workerData as Job);
}
