/**
 * Runs 7-Zip's program (`7z-wasm`) in a thread of its own: it is synchronous from start to end, so that reading from an
 * input and waiting for a consumer must happen elsewhere. `seven-zip.ts` is the other side and says what is exchanged.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { SevenZipShared } from './seven-zip.ts';

/** The part of Emscripten's module that is used. */
interface Module {
  /** The exit code; undefined when the program ended by `exit`, which calls `quit`. */
  callMain(args: string[]): number | undefined;
  readonly FS: {
    writeFile(path: string, bytes: Uint8Array): void;
    lookupPath(path: string): { node: { stream_ops: object } };
    makedev(major: number, minor: number): number;
    registerDevice(device: number, operations: object): void;
    mkdev(path: string, device: number): void;
    open(path: string, flags: string): { fd: number };
    close(stream: unknown): void;
    readonly streams: readonly unknown[];
    readonly ErrnoError: new (code: number) => Error;
  };
}

const EIO = 29;
const shared = workerData as SevenZipShared;
const control = new Int32Array(shared.control);
const numbers = new Float64Array(shared.numbers);
const data = new Uint8Array(shared.data);

/** Asks the other side and waits: what it answers is in `numbers[1]`. */
function ask(what: 'read' | 'write', at: number, count: number): number {
  numbers[0] = at;
  numbers[1] = count;
  Atomics.store(control, 0, 1);
  parentPort?.postMessage(what);
  Atomics.wait(control, 0, 1);
  return numbers[1]!;
}

async function run(args: string[]): Promise<void> {
  const load = (await import(shared.module)) as { default: (options: object) => Promise<Module> };
  let code = -1;
  const sevenZip = await load.default({
    print() {},
    printErr() {},
    quit(status: number) {
      code = status;
    },
  });
  const { FS } = sevenZip;
  FS.writeFile('/in', new Uint8Array(0));
  const { node } = FS.lookupPath('/in');
  Object.defineProperty(node, 'usedBytes', { get: () => shared.size });
  node.stream_ops = {
    ...node.stream_ops,
    read(_stream: unknown, buffer: Uint8Array, offset: number, length: number, position: number) {
      const wanted = Math.min(length, data.length, shared.size - position);
      if (wanted <= 0) return 0;
      const got = ask('read', position, wanted);
      if (got < 0) throw new FS.ErrnoError(EIO);
      buffer.set(data.subarray(0, got), offset);
      return got;
    },
  };
  const device = FS.makedev(64, 0);
  FS.registerDevice(device, {
    open() {},
    close() {},
    write(_stream: unknown, buffer: Uint8Array, offset: number, length: number) {
      for (let done = 0; done < length; ) {
        const part = Math.min(data.length, length - done);
        data.set(buffer.subarray(offset + done, offset + done + part));
        ask('write', 0, part);
        done += part;
      }
      return length;
    },
  });
  FS.mkdev('/out', device);
  FS.close(FS.streams[1]);
  if (FS.open('/out', 'w').fd !== 1) throw new Error('7z-wasm: standard output is not free');
  parentPort?.postMessage(sevenZip.callMain(args) ?? code);
}

parentPort?.on('message', (args: string[]) => {
  run(args).catch(() => parentPort?.postMessage(-1));
});
