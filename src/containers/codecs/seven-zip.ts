/**
 * Archives through 7-Zip, when the optional package `7z-wasm` is installed (LGPL with the unRAR restriction: it is never
 * installed by default). Nothing is written to a disk: reads of the archive and writes of its content cross to and from
 * a thread by a buffer that both share, one at a time, and the buffer is wiped at the end.
 */

import { once } from 'node:events';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { builtModule } from '../../model/built-module.ts';
import { type Container, defineContainer, type Member, type MemberGap } from '../../model/container.ts';
import { FormatError, SourceError } from '../../model/errors.ts';
import type { Input } from '../../model/input.ts';
import { SolidStream } from './solid.ts';

/** What the thread is given. It asks with a message `read` or `write`, and waits on `control[0]` until it is 0 again. */
export interface SevenZipShared {
  readonly module: string;
  readonly size: number;
  readonly control: SharedArrayBuffer;
  /** `read`: offset and length, answered by the number of bytes, -1 when it failed. `write`: nothing and length. */
  readonly numbers: SharedArrayBuffer;
  readonly data: SharedArrayBuffer;
}

const SHARED_BYTES = 2 ** 20;
/** The list of members is text in memory: some 300 bytes for each. */
const MAX_LIST_BYTES = 2 ** 27;
/** 7-Zip's dictionaries live in its own memory, which WebAssembly bounds to 4 GiB; no machine gives that to each thread. */
const THREAD_LIMITS = { maxOldGenerationSizeMb: 256 };
/** A thread that asks for nothing for so long hangs. */
const SILENCE_MS = 120_000;

/** A container that only 7-Zip reads. `what` begins its documentation; `type` is 7-Zip's name of it, when it is another one. */
export function sevenZipContainer({
  what,
  type,
  ...container
}: Pick<Container, 'id' | 'title' | 'recognise'> & { readonly what: string; readonly type?: string }): Container {
  return defineContainer({
    ...container,
    doc: `
${what}

Needs the optional package \`7z-wasm\` (\`npm install 7z-wasm\`; LGPL-2.1 with the unRAR restriction): without it the file is a gap that says so, and its bytes are
searched as they are. A gap as well: encrypted members, methods and volumes that 7-Zip does not read.`,
    access: 'random',
    open: (input) => openWithSevenZip(input, type ?? container.id),
  });
}

/** Members of the archive, in its order; one gap that says what to install when the package is missing. */
export async function* openWithSevenZip(
  input: Input,
  type: string,
): AsyncGenerator<Member | MemberGap, void, undefined> {
  const module = findModule();
  if (!module) {
    yield { code: 'not-opened', detail: 'install 7z-wasm' };
    return;
  }
  if (!Number.isFinite(input.size)) throw new SourceError('not-seekable', '7z-wasm');
  const list: Uint8Array[] = [];
  let listBytes = 0;
  // -p: an empty password, so that it never asks; -bsp0 -ba: nothing but the list.
  for await (const piece of runSevenZip(input, module, ['l', '-slt', '-ba', '-bsp0', '-p', `-t${type}`, '/in'])) {
    listBytes += piece.length;
    if (listBytes > MAX_LIST_BYTES) throw new SourceError('too-large', '7z-wasm.list');
    list.push(piece.slice());
  }
  const entries = parseList(new TextDecoder().decode(Buffer.concat(list)));
  const whole = entries.every((entry) => !entry.encrypted && entry.size !== undefined);
  const extract = (names: readonly string[]): SolidStream =>
    new SolidStream(() => runSevenZip(input, module, ['x', '-so', '-bsp0', '-p', `-t${type}`, '/in', ...names]));
  const all = whole ? extract([]) : undefined;
  let offset = 0;
  try {
    for (const { name, size = 0, encrypted } of entries) {
      if (encrypted) {
        yield { code: 'encrypted', name };
        continue;
      }
      const start = offset;
      offset += size;
      if (all) {
        yield { name, size, content: () => all.slice(start, size, '7z-wasm.member') };
        continue;
      }
      // Beside encrypted members, each is asked for by its name.
      yield { name, size, content: () => extractWithSevenZip(input, type, name) };
    }
    await all?.finish(offset);
  } finally {
    await all?.close();
  }
}

/** The content of one member; nothing when there is none of that name. Throws FormatError, SourceError. */
export async function* extractWithSevenZip(
  input: Input,
  type: string,
  name: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  const module = findModule();
  if (!module) throw new SourceError('not-opened', 'install 7z-wasm');
  yield* runSevenZip(input, module, ['x', '-so', '-bsp0', '-p', `-t${type}`, '-spd', '/in', name]);
}

export const hasSevenZip = (): boolean => findModule() !== undefined;

function findModule(): string | undefined {
  try {
    return pathToFileURL(createRequire(import.meta.url).resolve('7z-wasm')).href;
  } catch {
    return undefined;
  }
}

interface Entry {
  readonly name: string;
  readonly size: number | undefined;
  readonly encrypted: boolean;
}

/** `-slt` gives a block of `Key = value` lines for each member, with an empty line behind it. */
function parseList(text: string): Entry[] {
  const entries: Entry[] = [];
  for (const block of text.split(/\r?\n\r?\n/)) {
    const fields = new Map<string, string>();
    for (const line of block.split(/\r?\n/)) {
      const at = line.indexOf(' = ');
      if (at > 0) fields.set(line.slice(0, at), line.slice(at + 3));
    }
    const name = fields.get('Path');
    if (name === undefined || fields.get('Folder') === '+' || /^D/.test(fields.get('Attributes') ?? '')) continue;
    const size = fields.get('Size');
    entries.push({ name, size: size ? Number(size) : undefined, encrypted: fields.get('Encrypted') === '+' });
  }
  return entries;
}

/** Standard output of one run. Throws FormatError when it fails, SourceError when the input does. */
async function* runSevenZip(
  input: Input,
  module: string,
  args: readonly string[],
): AsyncGenerator<Uint8Array, void, undefined> {
  const shared: SevenZipShared = {
    module,
    size: input.size,
    control: new SharedArrayBuffer(4),
    numbers: new SharedArrayBuffer(16),
    data: new SharedArrayBuffer(SHARED_BYTES),
  };
  const control = new Int32Array(shared.control);
  const numbers = new Float64Array(shared.numbers);
  const data = new Uint8Array(shared.data);
  const buffer = new Uint8Array(SHARED_BYTES);
  const worker = new Worker(builtModule('src/containers/codecs/seven-zip-thread'), {
    workerData: shared,
    resourceLimits: THREAD_LIMITS,
    stdout: true,
    stderr: true,
  });
  let failure: unknown;
  try {
    worker.postMessage(args);
    for (;;) {
      const message = await nextMessage(worker);
      if (typeof message === 'number') {
        if (failure) throw failure;
        // 1 is a warning: 7-Zip has done all it was asked.
        if (message !== 0 && message !== 1) throw new FormatError('7z-wasm.exit');
        return;
      }
      if (message === 'write') {
        const count = numbers[1]!;
        buffer.set(data.subarray(0, count));
        yield buffer.subarray(0, count);
      } else {
        try {
          const got = await input.read(buffer.subarray(0, numbers[1]!), numbers[0]!);
          data.set(buffer.subarray(0, got));
          numbers[1] = got;
        } catch (error) {
          failure = error;
          numbers[1] = -1;
        }
      }
      Atomics.store(control, 0, 0);
      Atomics.notify(control, 0);
    }
  } finally {
    await worker.terminate();
    data.fill(0);
    buffer.fill(0);
  }
}

async function nextMessage(worker: Worker): Promise<unknown> {
  const timeout = AbortSignal.timeout(SILENCE_MS);
  try {
    const [message] = (await once(worker, 'message', { signal: timeout })) as unknown[];
    return message;
  } catch {
    // It ran out of memory, crashed or hangs.
    throw new FormatError('7z-wasm.thread');
  }
}
