/** Redaction of real dumps, compared by gdb and by the brute-force search; and what is left when it is killed. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { searchResidue } from '../corpus/brute/residue.ts';
import { searchDump } from '../corpus/brute.ts';
import { concat } from '../corpus/encode/text.ts';
import { createMake } from '../corpus/make.ts';
import { nginx } from '../corpus/real/nginx.ts';
import { opensslServers } from '../corpus/real/openssl-s-server.ts';
import { dumpByGcore } from '../corpus/real/planted-dumps.ts';
import { endAll, succeeds } from '../corpus/real/program.ts';
import { createLeakSearch } from '../corpus/spellings.ts';
import { cli } from './support/run-cli.ts';

const KILLS = 50;

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'dumpsieve-redact-slow-'));
});
afterAll(() => {
  endAll();
  rmSync(root, { recursive: true, force: true });
});

const freshFolder = (): string => mkdtempSync(join(root, 'case-'));
const redact = (...args: string[]) => spawnSync(process.execPath, [cli, 'redact', ...args], { encoding: 'utf8' });

/** All threads, as gdb shows them. */
function backtraces(program: string, core: string): string {
  const argv = ['-batch', '-nx', '-ex', 'info threads', '-ex', 'thread apply all bt', program, core];
  return spawnSync('gdb', argv, { encoding: 'utf8' }).stdout.replaceAll(core, 'core');
}

describe.skipIf(!succeeds(['gcore', '-h']) && !succeeds(['gdb', '--version']))('real dumps', () => {
  // nginx has a key of each kind; the servers have the primes of test keys beside their own.
  const programs = [nginx, opensslServers[0]!].filter(({ needs }) => needs.every(succeeds));
  it.each(programs)('$title', async ({ run, name }) => {
    const folder = freshFolder();
    const { path, keys } = await run(folder);
    const before = searchDump(path, keys);
    expect(before.occurrences.length).toBeGreaterThan(0);
    const out = join(folder, 'redacted.core');
    const { status, stderr } = redact(path, out);
    expect({ status, stderr }).toMatchObject({ status: 0 });
    expect(statSync(out).size).toBe(statSync(path).size);
    expect(searchResidue(path, keys)).not.toEqual([]);
    expect(searchResidue(out, keys)).toEqual([]);
    const after = searchDump(out, keys);
    const isPrivate = ({ part }: { part: string }): boolean => !['n', 'x', 'y'].includes(part);
    expect(after.occurrences).toEqual([]);
    expect(after.sightings.filter(isPrivate)).toEqual([]);
    const program = name === 'nginx' ? 'nginx' : 'openssl';
    const binary = spawnSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).stdout.trim();
    const shown = backtraces(binary, path);
    expect(shown).toMatch(/#0 /);
    expect(backtraces(binary, out)).toBe(shown);
  });

  it('shows the same threads of a program of several, and none with --also stacks', async () => {
    const folder = freshFolder();
    const dump = await dumpByGcore(folder);
    dump.live?.kill('SIGKILL');
    const out = join(folder, 'redacted.core');
    expect(redact(dump.path, out, '--also', 'environ').status).toBe(0);
    const shown = backtraces(dump.program, dump.path);
    expect(shown).toMatch(/Thread 2/);
    expect(backtraces(dump.program, out)).toBe(shown);
    const bytes = readFileSync(out);
    expect(readFileSync(dump.path).includes(dump.planted.environment)).toBe(true);
    expect(bytes.includes(dump.planted.environment)).toBe(false);
    expect(bytes.includes(dump.planted.secondStack)).toBe(true);
    expect(redact(dump.path, out, '--also', 'stacks').status).toBe(0);
    expect(readFileSync(out).includes(dump.planted.secondStack)).toBe(false);
  });
});

describe('killed', () => {
  it(`at ${KILLS} instants: input and output are whole, and no draft holds a secret`, async () => {
    const make = createMake('killed');
    const rsa = make.rsa();
    const findLeaks = createLeakSearch(make.secrets(rsa));
    // Memory of no entropy, so that time passes in all phases.
    const filler = Buffer.alloc(4 << 20, 'memory of a process, ');
    const before = Buffer.from(concat(filler, make.pkcs1(rsa), new Uint8Array(100), filler));
    const folder = freshFolder();
    const [input, output] = [join(folder, 'in'), join(folder, 'out')];
    writeFileSync(input, before);
    const started = performance.now();
    expect(redact(input, output).status).toBe(0);
    const wholeMs = performance.now() - started;
    const after = readFileSync(output);
    const old = Buffer.from('an output of before');
    const seen = new Set<string>();
    for (let i = 0; i < KILLS; i++) {
      const isInPlace = i % 2 === 1;
      writeFileSync(input, before);
      writeFileSync(output, old);
      const args = isInPlace ? [input, '--in-place'] : [input, output];
      const child = spawn(process.execPath, [cli, 'redact', ...args, '--quiet'], { stdio: 'ignore' });
      const ended = once(child, 'exit');
      await Promise.race([ended, sleep(wholeMs * ((i + Math.random()) / KILLS) * 1.05)]);
      child.kill('SIGKILL');
      await ended;
      const [inputNow, outputNow] = [readFileSync(input), readFileSync(output)];
      expect(inputNow.equals(before) || (isInPlace && inputNow.equals(after))).toBe(true);
      expect(outputNow.equals(old) || (!isInPlace && outputNow.equals(after))).toBe(true);
      seen.add(inputNow.equals(after) || outputNow.equals(after) ? 'new' : 'old');
      for (const name of readdirSync(folder).filter((entry) => entry.includes('.dumpsieve-'))) {
        seen.add('draft');
        expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
        expect(findLeaks(readFileSync(join(folder, name)).subarray(filler.length - 100, filler.length + 2000))).toEqual(
          [],
        );
        rmSync(join(folder, name));
      }
    }
    expect(seen).toContain('old');
  });
});
