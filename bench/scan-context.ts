/** What a scan needs, for measurements that run it in their own thread. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { Input } from '../src/model/input.ts';
import { type Context, createContext, DEFAULT_CONTEXT } from '../src/scan/context.ts';

/** The file, read synchronously. */
export function openInput(path: string): Input {
  const file = openSync(path, 'r');
  return {
    size: fstatSync(file).size,
    read: (into, at) => readSync(file, into, 0, into.length, at),
    close: async () => closeSync(file),
  };
}

/** With all detectors, for tasks that scan `path`. */
export function createScanContext(path: string, memoryKeys: 'all' | 'dumps' | 'off'): Promise<Context> {
  const patternsUrl = new URL('../patterns/index.js', import.meta.url).href;
  const options = { ...DEFAULT_CONTEXT, patternsUrl, fingerprintKey: new Uint8Array(32), memoryKeys };
  const signal = new AbortController().signal;
  return createContext(options, { open: async () => openInput(path), onProgress: () => undefined, signal });
}
