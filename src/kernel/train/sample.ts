/**
 * A sample of the three-byte grams that a scan meets: memory of real processes that it starts itself (Linux), binaries,
 * text in 8 and 16 bits. Pages of zeros are left out, as the kernel skips them.
 */
import { spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  fstatSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PAGE = 4096;
const LINE = 64;
/** Grams of one line are much alike: few are taken of each. */
const GRAMS_PER_LINE = 8;

export type Random = (below: number) => number;

/** Numerical Recipes' generator: the same seed gives the same sample of the same memory. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Something to take pages from. */
export interface Memory {
  readonly label: string;
  /** Fills `page` with a page at random; false when it can't be read. */
  readPage(page: Uint8Array, random: Random): boolean;
  close(): void;
}

export function takeGrams(memory: Memory, count: number, random: Random): number[] {
  const grams: number[] = [];
  // The kernel's grams cross pages; the two bytes before a random page are taken from another one.
  const page = new Uint8Array(PAGE + 2);
  // Dumps are partly empty; the ceiling is for those that are wholly so.
  for (let tries = 0; grams.length < count && tries < count * 20; tries++) {
    page.copyWithin(0, PAGE);
    if (!memory.readPage(page.subarray(2), random)) continue;
    if (page.subarray(2).every((byte) => byte === 0)) continue;
    const line = 2 + LINE * random(PAGE / LINE);
    for (let i = 0; i < GRAMS_PER_LINE; i++) {
      const last = line === 2 ? line + 2 + random(LINE - 2) : line + random(LINE);
      grams.push(page[last - 2]! | (page[last - 1]! << 8) | (page[last]! << 16));
    }
  }
  return grams.slice(0, count);
}

export function openFile(path: string): Memory {
  const fd = openSync(path, 'r');
  const pages = Math.max(1, Math.floor(fstatSync(fd).size / PAGE));
  return {
    label: path,
    readPage(page, random) {
      page.fill(0);
      return readSync(fd, page, 0, PAGE, random(pages) * PAGE) > 0;
    },
    close: () => closeSync(fd),
  };
}

export function openBytes(label: string, bytes: Uint8Array): Memory {
  return {
    label,
    readPage(page, random) {
      page.set(bytes.subarray(random(bytes.length - PAGE)).subarray(0, PAGE));
      return true;
    },
    close: () => undefined,
  };
}

/** Programs that fill their heap from the text files named on their standard input, and then print `ready`. */
const PROGRAMS: readonly { readonly name: string; readonly file: string; readonly source: string }[] = [
  {
    name: process.execPath,
    file: 'heap.cjs',
    source: `const fs = require('fs'), held = [];
for (const path of fs.readFileSync(0, 'utf8').split('\\n')) {
  const bytes = fs.readFileSync(path), text = bytes.toString();
  held.push(bytes, text.split(/\\b/), text.split('\\n').map((line, at) => ({ at, line, words: new Map([[line, at]]) })));
  try { held.push(JSON.parse(text)); } catch {}
}
fs.writeSync(1, 'ready'); setInterval(() => held.length, 1000);`,
  },
  {
    name: 'python3',
    file: 'heap.py',
    source: `import ast, sys, time
held = []
for path in sys.stdin.read().split('\\n'):
    data = open(path, 'rb').read(); text = data.decode('utf-8', 'replace')
    held.append((data, text, {word: [at] for at, word in enumerate(text.split())}))
    try: held.append(ast.parse(text))
    except Exception: pass
print('ready', flush=True); time.sleep(600)`,
  },
  {
    name: 'java',
    file: 'Heap.java',
    source: `import java.nio.file.*; import java.util.*;
class Heap { public static void main(String[] a) throws Exception { List<Object> held = new ArrayList<>();
  for (String path : new String(System.in.readAllBytes()).split("\\n")) {
    byte[] bytes = Files.readAllBytes(Path.of(path)); String text = new String(bytes, "UTF-8");
    Map<String, Integer> words = new HashMap<>(); int at = 0; for (String word : text.split("\\\\W+")) words.put(word, at++);
    held.add(bytes); held.add(words); held.add(text.toCharArray()); held.add(text.lines().toArray()); }
  System.out.println("ready"); Thread.sleep(600_000); held.clear(); } }`,
  },
];

/** Runs the programs that are installed; their memory stays readable until `close`. */
export async function openProcesses(texts: readonly string[]): Promise<Memory[]> {
  const folder = mkdtempSync(join(tmpdir(), 'train-'));
  try {
    const memories: Memory[] = [];
    for (const { name, file, source } of PROGRAMS) {
      if (spawnSync(name, ['--version'], { stdio: 'ignore' }).error) continue;
      const path = join(folder, file);
      writeFileSync(path, source);
      memories.push(await openProcess(name, path, texts));
    }
    return memories;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function openProcess(name: string, program: string, texts: readonly string[]): Promise<Memory> {
  const child = spawn(name, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(texts.join('\n'));
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve());
    child.once('exit', (code) => reject(new Error(`${name} ended with ${code} before it was ready`)));
    child.once('error', reject);
  });
  const ranges = readFileSync(`/proc/${child.pid}/maps`, 'latin1')
    .split('\n')
    .map((line) => /^([0-9a-f]+)-([0-9a-f]+) r(?!.*\[v)/.exec(line))
    .filter((match) => match !== null)
    .map(([, start, end]) => ({
      start: BigInt(`0x${start}`),
      pages: Number(BigInt(`0x${end}`) - BigInt(`0x${start}`)) / PAGE,
    }));
  const total = ranges.reduce((sum, { pages }) => sum + pages, 0);
  const fd = openSync(`/proc/${child.pid}/mem`, 'r');
  return {
    label: name,
    readPage(page, random) {
      let at = random(total);
      const range = ranges.find(({ pages }) => (at -= pages) < 0)!;
      try {
        return readSync(fd, page, 0, PAGE, range.start + BigInt(at + range.pages) * BigInt(PAGE)) === PAGE;
      } catch {
        return false;
      }
    },
    close() {
      closeSync(fd);
      child.removeAllListeners('exit');
      child.kill('SIGKILL');
    },
  };
}

/** Paths of files below `folder` whose name `matches`, at most `limit`. */
export function findFiles(folder: string, matches: RegExp, limit: number): string[] {
  const found: string[] = [];
  const open = [folder];
  for (let next = open.pop(); next !== undefined && found.length < limit; next = open.pop()) {
    for (const entry of readdirSync(next, { withFileTypes: true })) {
      const path = join(next, entry.name);
      if (entry.isDirectory()) open.push(path);
      else if (entry.isFile() && matches.test(entry.name)) found.push(path);
    }
  }
  return found.slice(0, limit);
}
