/** Dumps of real runtimes with a secret planted: each is read, and names what holds the secret. Skips what is missing. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endAll, run, start, succeeds } from '../corpus/real/program.ts';
import { createRng } from '../corpus/rng.ts';
import hexMemory from '../src/containers/hex-memory.ts';
import goHeapDump from '../src/formats/go-heapdump.ts';
import hprof from '../src/formats/hprof.ts';
import hsErr from '../src/formats/hs-err.ts';
import jfr from '../src/formats/jfr.ts';
import nodeReport from '../src/formats/node-report.ts';
import snapshot from '../src/formats/v8-heapsnapshot.ts';
import type { Format, Layout, LayoutRegion } from '../src/model/format.ts';
import { openFile } from '../src/sources/file-input.ts';
import { checkRegions } from './support/read-safely.ts';

/** Made anew: half of it is given to the program, which puts it together, so that the other copies are not whole. */
const word = (): string => Buffer.from(createRng(`${process.pid}-${performance.now()}`).bytes(15)).toString('hex');

const JAVA = `
import java.math.BigInteger;
class Vault { Object password; BigInteger number; static int[] keptInts = null; }
public class Holder {
  static Vault vault = new Vault();
  public static void main(String[] args) throws Exception {
    vault.password = new StringBuilder().append(args[0]).append('-').append(args[1]).toString();
    vault.number = new BigInteger(args[2], 16);
    System.out.println("ready");
    Thread.sleep(600_000);
  }
}`;

const CRASH = `
public class Crash {
  public static void main(String[] args) throws Exception {
    var field = sun.misc.Unsafe.class.getDeclaredField("theUnsafe");
    field.setAccessible(true);
    ((sun.misc.Unsafe) field.get(null)).putInt(0L, 1);
  }
}`;

const GO = `
package main
import ("os"; "runtime/debug"; "strings")
type vault struct { password []byte; pad [4]int }
var kept *vault
func main() {
	kept = &vault{password: []byte(strings.Join(os.Args[2:4], "-"))}
	file, _ := os.Create(os.Args[1])
	debug.WriteHeapDump(file.Fd())
	file.Close()
	os.Stdout.Write(kept.password[:0])
}`;

const NODE = `
class Vault { constructor(value) { this.password = value; } }
globalThis.vault = new Vault([process.argv[2], process.argv[3]].join('-'));
String(globalThis.vault.password).indexOf('?');
require('v8').writeHeapSnapshot('x.heapsnapshot');
process.report.writeReport('x.report.json');
`;

describe('dumps of real runtimes', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'dumpsieve-runtimes-'));
  });
  afterAll(() => {
    endAll();
    rmSync(folder, { recursive: true, force: true });
  });

  const read = async (format: Format, path: string): Promise<{ bytes: Buffer; layout: Layout }> => {
    const bytes = readFileSync(path);
    expect(format.recognise(bytes.subarray(0, 65_536))).toBe(true);
    const layout = await format.readLayout(openFile(path));
    checkRegions(layout, bytes.length, path);
    expect(layout.gaps).toEqual([]);
    return { bytes, layout };
  };
  const regionAt = ({ regions }: Layout, at: number): LayoutRegion | undefined =>
    regions.find(({ start, end }) => start <= at && at < end);

  const hasJava = succeeds(['javac', '-version']) && succeeds(['jmap', '-h']);

  it.runIf(hasJava)('Java heap dump: class and field of a String and of a BigInteger', async () => {
    const [first, second] = [word(), word()];
    const number = `7f${word()}${word()}`;
    writeFileSync(join(folder, 'Holder.java'), JAVA);
    run('javac', ['Holder.java'], folder);
    const options = ['-Xmx64m', '-XX:+UseSerialGC', '-cp', folder];
    const program = await start('java', [...options, 'Holder', first, second, number], { folder, ready: /ready/ });
    const path = join(folder, 'x.hprof');
    run('jmap', [`-dump:live,format=b,file=${path}`, String(program.pid)], folder);
    program.end();
    const { bytes, layout } = await read(hprof, path);
    const at = bytes.indexOf(`${first}-${second}`);
    expect(regionAt(layout, at)).toMatchObject({ kind: 'heap', label: 'Java heap' });
    const names = await layout.describe!(at);
    expect(names.slice(-3)).toEqual(['Vault.password', 'java.lang.String.value', 'byte[]']);
    expect(names[0]).toBe('static Holder.vault');
    const magnitude = bytes.indexOf(Buffer.from(number, 'hex'));
    expect((await layout.describe!(magnitude)).slice(-3)).toEqual([
      'Vault.number',
      'java.math.BigInteger.mag',
      'int[]',
    ]);
  });

  it.runIf(hasJava)('Java flight recording: environment variables', async () => {
    const token = word();
    writeFileSync(
      join(folder, 'Short.java'),
      'public class Short { public static void main(String[] a) throws Exception { Thread.sleep(1500); } }',
    );
    run('javac', ['Short.java'], folder);
    const path = join(folder, 'x.jfr');
    const options = [`-XX:StartFlightRecording=filename=${path}`, `-Dplanted=${token}`, '-cp', folder];
    run('java', [...options, 'Short'], folder, { PLANTED: token });
    const { bytes, layout } = await read(jfr, path);
    const labels = new Set<string | undefined>();
    for (let at = bytes.indexOf(token); at >= 0; at = bytes.indexOf(token, at + 1)) {
      expect(regionAt(layout, at)?.kind).toBe('environment');
      labels.add(regionAt(layout, at)?.label);
    }
    expect([...labels]).toContain('jdk.InitialEnvironmentVariable');
    expect([...labels]).toContain('jdk.InitialSystemProperty');
  });

  it.runIf(hasJava)('HotSpot error log: command line, and the stack in hex as bytes', async () => {
    const token = word();
    writeFileSync(join(folder, 'Crash.java'), CRASH);
    run('javac', ['Crash.java'], folder);
    const path = join(folder, 'hs_err.log');
    const options = [`-XX:ErrorFile=${path}`, '-XX:-CreateCoredumpOnCrash', `-Dplanted=${token}`, '-cp', folder];
    spawnSync('java', [...options, 'Crash'], { cwd: folder });
    const { bytes, layout } = await read(hsErr, path);
    expect(layout.process?.pid).toBeGreaterThan(0);
    for (let at = bytes.indexOf(token); at >= 0; at = bytes.indexOf(token, at + 1)) {
      expect(regionAt(layout, at)?.kind).toBe('environment');
    }
    const text = bytes.toString('latin1');
    const [, sp] = /^Top of Stack: \(sp=(0x[0-9a-f]+)\)/m.exec(text)!;
    const [, low, high] = new RegExp(`^${sp}: +([0-9a-f]{16}) ([0-9a-f]{16})`, 'm').exec(text)!;
    for await (const item of hexMemory.open(openFile(path))) {
      if (!('content' in item)) expect.fail(item.code);
      const stack = item.layout!.regions.find(({ address }) => address === BigInt(sp!))!;
      expect(stack.kind).toBe('stack');
      const parts: Uint8Array[] = [];
      for await (const part of item.content()) parts.push(part);
      const memory = Buffer.concat(parts);
      expect(memory.readBigUInt64LE(stack.start)).toBe(BigInt(`0x${low}`));
      expect(memory.readBigUInt64LE(stack.start + 8)).toBe(BigInt(`0x${high}`));
    }
  });

  it('Node.js heap snapshot and report: class and property, environment and command line', async () => {
    const [first, second, token] = [word(), word(), word()];
    writeFileSync(join(folder, 'x.cjs'), NODE);
    run(process.execPath, ['x.cjs', first, second], folder, { PLANTED: token });
    const heap = await read(snapshot, join(folder, 'x.heapsnapshot'));
    const at = heap.bytes.indexOf(`${first}-${second}`);
    expect(regionAt(heap.layout, at)).toMatchObject({ kind: 'heap', label: 'strings' });
    const names = await heap.layout.describe!(at);
    expect(names[0]).toMatch(/^Vault @\d+$/);
    expect(names[1]).toBe('property password');
    expect(names[2]).toMatch(/^(concatenated )?string @\d+$/);
    const report = await read(nodeReport, join(folder, 'x.report.json'));
    expect(regionAt(report.layout, report.bytes.indexOf(token))).toMatchObject({ label: 'environmentVariables' });
    expect(regionAt(report.layout, report.bytes.indexOf(first))).toMatchObject({ label: 'header.commandLine' });
  });

  it.runIf(succeeds(['go', 'version']))('Go heap dump: object and what refers to it', async () => {
    const [first, second] = [word(), word()];
    writeFileSync(join(folder, 'heap.go'), GO);
    run('go', ['build', '-o', 'heap', 'heap.go'], folder, { GO111MODULE: 'off', GOFLAGS: '' });
    const path = join(folder, 'x.goheap');
    run(join(folder, 'heap'), [path, first, second], folder);
    expect(readdirSync(folder)).toContain('x.goheap');
    const { bytes, layout } = await read(goHeapDump, path);
    expect(layout.threads?.length).toBeGreaterThan(1);
    // The string that was joined is garbage by then; the copy that is kept has owners.
    const owned: (readonly string[])[] = [];
    for (let at = bytes.indexOf(`${first}-${second}`); at >= 0; at = bytes.indexOf(`${first}-${second}`, at + 1)) {
      expect(regionAt(layout, at)).toMatchObject({ kind: 'heap', label: 'Go heap' });
      const names = await layout.describe!(at);
      expect(names.at(-1)).toMatch(/^object at 0x[0-9a-f]+, 64 bytes$/);
      if (names.length > 1) owned.push(names);
    }
    expect(owned.map(([owner]) => owner)).toContain('BSS segment');
  });
});
