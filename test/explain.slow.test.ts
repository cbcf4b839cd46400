/** The debugger commands that `dumpsieve explain` prints, given to gdb and lldb as they are: they show the bytes of the file. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { CRASHPAD_HANDLER, dumpByCrashpad, dumpByGcore, LLDB, type PlantedDump } from '../corpus/real/planted-dumps.ts';
import { succeeds } from '../corpus/real/program.ts';
import { cli } from './support/run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'dumpsieve-explain-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** By debugger: the commands for `offset` of the dump. */
function commandsAt(path: string, offset: number): Map<string, string> {
  const { stdout } = spawnSync(process.execPath, [cli, 'explain', path, `${offset}`], { encoding: 'utf8' });
  return new Map(
    [...stdout.matchAll(/^ {2}(gdb|lldb|WinDbg|crash|xxd) +(.+)$/gm)].map((match) => [match[1]!, match[2]!]),
  );
}

/** The bytes that a debugger prints, as both print them: `0x7f00…: 0x01 0x02`. */
function run(name: string, path: string, command: string): Buffer {
  const [program, ...args] =
    name === 'gdb'
      ? ['gdb', '-nx', '-batch', '-c', path, '-ex', command]
      : [LLDB!, '-x', '-b', '-c', path, '-o', command];
  const { stdout } = spawnSync(program!, args, { encoding: 'utf8' });
  const lines = stdout.split('\n').filter((line) => /^\s*0x[0-9a-f]+[^:]*:/.test(line));
  return Buffer.from(
    lines.flatMap((line) => line.slice(line.indexOf(':')).match(/0x[0-9a-f]{2}\b/g) ?? []).map(Number),
  );
}

function expectSame({ path, planted }: PlantedDump, wanted: Record<string, boolean>): void {
  const bytes = readFileSync(path);
  const offset = bytes.indexOf(planted.stack);
  expect(offset).toBeGreaterThan(0);
  const commands = commandsAt(path, offset);
  expect([...commands.keys()]).toEqual(Object.keys(wanted));
  for (const [name, command] of commands) {
    if (wanted[name]) expect(run(name, path, command), command).toEqual(bytes.subarray(offset, offset + 32));
  }
}

const gdb = succeeds(['gdb', '--version']) && succeeds(['cc', '--version']);

describe('commands that explain prints', () => {
  it.runIf(gdb && succeeds(['sh', '-c', 'command -v gcore']))('for a core', async () => {
    expectSame(await dumpByGcore(folder), { gdb: true, lldb: LLDB !== undefined });
  });

  it.runIf(LLDB && existsSync(CRASHPAD_HANDLER) && succeeds(['cc', '--version']))('for a minidump', async () => {
    expectSame(await dumpByCrashpad(folder), { lldb: true, WinDbg: false });
  });
});
