/**
 * Makes the file that the benchmark scans: the memory of real processes that it starts itself (Node, Java, Python,
 * bash), read from /proc/<pid>/mem, then text, UTF-16 text, binaries, random bytes and base64. Linux only.
 */
import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { randomBytes, randomFillSync } from 'node:crypto';
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, extname, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const PAGE_BYTES = 4096;
const BLOCK_BYTES = 1 << 20;
/** Above this much data the file repeats itself. */
const MAX_DISTINCT_BYTES = 3e9;
/**
 * The share of zero pages in the file. Unused memory is mostly zero, and a scanner's speed doesn't show there: zero
 * pages above this share are left out, and small processes that have fewer get some after their own.
 */
const ZERO_SHARE = 0.17;
/** Resident memory of a process of any language before it holds any data, most of it mapped files. */
const RUNTIME_BYTES = 1e8;

const sourceFolder = new URL('../../bench/heaps/', import.meta.url);
const PROGRAMS: Record<string, { readonly share: number; command(texts: string, bytes: number): string[] }> = {
  node: {
    share: 0.26,
    command: (texts, bytes) => [
      process.execPath,
      '--max-old-space-size=8192',
      fileURLToPath(new URL('heaps/node.js', import.meta.url)),
      texts,
      bytes.toFixed(0),
    ],
  },
  java: {
    share: 0.3,
    command: (texts, bytes) => [
      'java',
      `-Xmx${Math.ceil((bytes * 1.5) / 2 ** 20) + 64}m`,
      fileURLToPath(new URL('Heap.java', sourceFolder)),
      texts,
      bytes.toFixed(0),
    ],
  },
  python3: {
    share: 0.18,
    command: (texts, bytes) => ['python3', fileURLToPath(new URL('heap.py', sourceFolder)), texts, bytes.toFixed(0)],
  },
  bash: {
    share: 0.01,
    command: (texts, bytes) => ['bash', fileURLToPath(new URL('heap.sh', sourceFolder)), texts, bytes.toFixed(0)],
  },
};

/** Appends pages to a file and keeps the share of zero pages. */
class PageFile {
  readonly path: string;
  size = 0;
  zeroBytes = 0;
  readonly #fd: number;
  readonly #zeroPage = Buffer.alloc(PAGE_BYTES);

  constructor(path: string) {
    this.path = path;
    this.#fd = openSync(path, 'w+');
  }

  append(block: Buffer): void {
    let from = 0;
    for (let at = 0; at < block.length; at += PAGE_BYTES) {
      if (!block.subarray(at, at + PAGE_BYTES).equals(this.#zeroPage)) continue;
      if ((this.zeroBytes += PAGE_BYTES) <= (this.size + at - from) * ZERO_SHARE) continue;
      this.zeroBytes -= PAGE_BYTES;
      this.#write(block.subarray(from, at));
      from = at + PAGE_BYTES;
    }
    this.#write(block.subarray(from));
  }

  /** Appends zero pages up to their share. */
  fillZero(): void {
    const missing = (this.size * ZERO_SHARE - this.zeroBytes) / (1 - ZERO_SHARE);
    for (let pages = Math.floor(missing / PAGE_BYTES); pages > 0; pages--) {
      this.#write(this.#zeroPage);
      this.zeroBytes += PAGE_BYTES;
    }
  }

  get dataBytes(): number {
    return this.size - this.zeroBytes;
  }

  read(into: Buffer, at: number): number {
    return readSync(this.#fd, into, 0, into.length, at);
  }

  overwrite(bytes: Uint8Array, at: number): void {
    writeSync(this.#fd, bytes, 0, bytes.length, at);
  }

  close(): void {
    closeSync(this.#fd);
  }

  #write(bytes: Buffer): void {
    for (let done = 0; done < bytes.length; ) done += writeSync(this.#fd, bytes, done);
    this.size += bytes.length;
  }
}

/** Regular files below `folders` that `wanted` accepts, in the order of their names. */
function* walk(folders: readonly string[], wanted: (path: string) => boolean): Generator<string> {
  for (const folder of folders) {
    let entries: ReturnType<typeof listFolder>;
    try {
      entries = listFolder(folder);
    } catch {
      continue; // Not there or not readable: another machine has other folders.
    }
    for (const entry of entries) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) yield* walk([path], wanted);
      else if (entry.isFile() && wanted(path)) yield path;
    }
  }
}

function listFolder(folder: string) {
  return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Appends the files' contents, encoded by `encode` and padded to whole pages, until `bytes` are reached. */
function appendFiles(
  out: PageFile,
  bytes: number,
  paths: readonly string[],
  encode = (data: Buffer): Buffer => data,
): void {
  const end = out.dataBytes + bytes;
  for (const path of paths) {
    if (out.dataBytes >= end) return;
    const data = encode(readFileSync(path)).subarray(0, end - out.dataBytes);
    const padded = Buffer.alloc(Math.ceil(data.length / PAGE_BYTES) * PAGE_BYTES);
    data.copy(padded);
    out.append(padded);
  }
}

function appendBlocks(out: PageFile, bytes: number, make: () => Buffer): void {
  for (const end = out.dataBytes + bytes; out.dataBytes < end; ) out.append(make());
}

/** Base64 in lines of 76 characters, then the same amount in one line. */
function makeBase64(): Buffer {
  const text = randomBytes(BLOCK_BYTES / 2).toString('base64');
  return Buffer.from((text.match(/.{76}/g) ?? []).join('\n') + text, 'latin1').subarray(0, BLOCK_BYTES);
}

/**
 * Appends the private writable memory of a process, at most `bytes` of it, not counting zero pages. Read-only mapped
 * files are left out, as core dumps do by default. A mapping that can't be read ends early.
 */
function appendMemory(out: PageFile, pid: number, bytes: number): void {
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  const block = Buffer.alloc(BLOCK_BYTES);
  const end = out.dataBytes + bytes;
  try {
    for (const line of readFileSync(`/proc/${pid}/maps`, 'latin1').split('\n')) {
      const [, from = '', to = ''] = /^(\w+)-(\w+) rw.p/.exec(line) ?? [];
      const limit = Number.parseInt(to, 16);
      for (let at = Number.parseInt(from, 16); at < limit && out.dataBytes < end; ) {
        const wanted = Math.min(BLOCK_BYTES, limit - at, end - out.dataBytes);
        let got = 0;
        try {
          got = readSync(memory, block, 0, wanted, at);
        } catch {
          // A guard page, or a mapping that went away: go on with the next one.
        }
        if (got === 0) break;
        out.append(block.subarray(0, got));
        at += got;
      }
    }
  } finally {
    closeSync(memory);
  }
}

/** Resolves when the process has printed its line. */
async function ready(child: ChildProcessByStdio<Writable, Readable, null>, name: string): Promise<void> {
  const failed = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${name} ended with ${code} before it was ready`)));
  });
  await Promise.race([failed, new Promise((resolve) => child.stdout.once('data', resolve))]);
}

async function appendProgram(out: PageFile, name: string, texts: string, bytes: number): Promise<void> {
  // The environment is empty, since it will be dumped with the rest.
  const [file = '', ...args] = PROGRAMS[name]?.command(texts, bytes * 1.05 + RUNTIME_BYTES) ?? [];
  const child = spawn(file, args, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'], LANG: 'C.UTF-8' },
  });
  try {
    await ready(child, name);
    appendMemory(out, child.pid ?? 0, bytes);
    out.fillZero();
  } finally {
    child.kill('SIGKILL');
  }
}

/**
 * Writes each anchor up to four times, at places spread over the file; every second one straddles a multiple of
 * 256 KiB, where scanners that work in blocks lose matches.
 */
function plant(out: PageFile, anchors: readonly Uint8Array[]): void {
  const blocks = Math.floor(out.size / 2 ** 18) - 1;
  const copies = Array.from({ length: 4 }, () => anchors)
    .flat()
    .slice(0, blocks);
  for (const [i, anchor] of copies.entries()) {
    const edge = (1 + Math.floor((i * blocks) / copies.length)) * 2 ** 18;
    out.overwrite(anchor, i % 2 === 0 ? edge - Math.ceil(anchor.length / 2) : edge + 1000 + i);
  }
}

/**
 * Makes `path` with `bytes` of memory and the anchors planted in it. Takes one to two minutes.
 * Programs that are not installed are left out; `log` says so.
 */
export async function makeMemoryFile(
  path: string,
  bytes: number,
  anchors: readonly Uint8Array[],
  log: (line: string) => void,
): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const out = new PageFile(`${path}.part`);
  const dataPages = (Math.min(bytes, MAX_DISTINCT_BYTES) * (1 - ZERO_SHARE)) / PAGE_BYTES;
  const part = (share: number) => Math.floor(dataPages * share) * PAGE_BYTES;
  const root = fileURLToPath(new URL('../../', import.meta.url));

  const isText = (file: string) =>
    /^\.([cm]?[jt]s|json|md|h|hpp|py|java|html|txt|yml)$/.test(extname(file)) && statSync(file).size < 2e6;
  const texts = [...walk([join(root, 'node_modules'), '/usr/include', '/usr/share', '/usr/lib/python3'], isText)];
  const textList = `${path}.texts`;
  writeFileSync(textList, texts.join('\n'));

  const installed = Object.keys(PROGRAMS).filter((name) => !spawnSync(name, ['--version'], { stdio: 'ignore' }).error);
  const shareOf = (names: readonly string[]) => names.reduce((sum, name) => sum + (PROGRAMS[name]?.share ?? 0), 0);
  const scale = shareOf(Object.keys(PROGRAMS)) / shareOf(installed);
  for (const name of Object.keys(PROGRAMS)) {
    if (!installed.includes(name)) {
      log(`${name}: not installed, left out`);
      continue;
    }
    const before = out.size;
    await appendProgram(out, name, textList, part(shareOf([name]) * scale));
    log(`${name}: ${Math.round((out.size - before) / 1e6)} MB of its memory`);
  }
  const binaries = [...walk(['/usr/lib', '/usr/bin'], (file) => statSync(file).size > 1e5)];
  appendFiles(out, part(0.1), binaries);
  appendFiles(out, part(0.08), texts);
  appendFiles(out, part(0.02), texts.toReversed(), (data) => Buffer.from(data.toString('latin1'), 'utf16le'));
  appendBlocks(out, part(0.03), () => randomFillSync(Buffer.alloc(BLOCK_BYTES)));
  appendBlocks(out, part(0.01), makeBase64);

  out.fillZero();

  const copied = Buffer.alloc(BLOCK_BYTES);
  for (let at = 0; out.size < bytes; at += BLOCK_BYTES) out.append(copied.subarray(0, out.read(copied, at)));
  plant(out, anchors);
  out.close();
  rmSync(textList);
  renameSync(out.path, path);
  log(`${path}: ${(out.size / 1e9).toFixed(2)} GB, ${((100 * out.zeroBytes) / out.size).toFixed(1)} % zero pages`);
}
