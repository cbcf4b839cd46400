import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { formatSuppressions } from '../src/suppress.ts';
import { parseArguments } from './arguments.ts';
import { createGateConfig, createScanConfig, type Environment, parseSize } from './config.ts';
import { createRedactConfig } from './config-redact.ts';

const folder = mkdtempSync(join(tmpdir(), 'dumpsieve-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function configOf(argv: string[], env: Environment = {}, isTerminal = false) {
  const invocation = await parseArguments(['scan', 'a', ...argv], '1.2.3');
  if (invocation.command !== 'scan') throw new Error(invocation.command);
  return createScanConfig(invocation.paths, invocation.options, env, isTerminal);
}

describe('createScanConfig', () => {
  it('has defaults that fail closed', async () => {
    const config = await configOf([]);
    expect(config).toMatchObject({
      paths: ['a'],
      policy: { failOn: 'medium', allowGaps: [] },
      format: 'text',
      quiet: false,
      colour: false,
      scan: { include: [], exclude: [], followSymlinks: false, simd: 'auto' },
    });
    expect(config.scan.fingerprintKey).toBeUndefined();
    expect(config).not.toHaveProperty('output');
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('looks for keys in memory where told to', async () => {
    for (const [argv, memoryKeys] of [
      [[], 'dumps'],
      [['--memory-keys'], 'all'],
      [['--no-memory-keys'], 'off'],
    ] as const) {
      expect((await configOf([...argv])).scan.memoryKeys).toBe(memoryKeys);
    }
  });

  it('takes the last of what is given twice', async () => {
    const config = await configOf([
      '--format',
      'json',
      '--format',
      'sarif',
      '--quiet',
      '--quiet',
      '--threads',
      '1',
      '--threads',
      '3',
    ]);
    expect(config).toMatchObject({ format: 'sarif', quiet: true, scan: { threads: 3 } });
  });

  it('splits lists of gap codes', async () => {
    const argv = ['--allow-gaps', 'changed, truncated', '--allow-gaps', 'unreadable'];
    expect((await configOf(argv)).policy.allowGaps).toEqual(['changed', 'truncated', 'unreadable']);
    expect((await configOf(['--allow-gaps', 'all'])).policy.allowGaps).toBe('all');
    await expect(configOf(['--allow-gaps', 'most'])).rejects.toThrow(/one of: .*, interrupted, all$/);
  });

  it('has colours on a terminal only, and NO_COLOR takes them away', async () => {
    expect((await configOf([], {}, true)).colour).toBe(true);
    expect((await configOf([], { NO_COLOR: '1' }, true)).colour).toBe(false);
    expect((await configOf([], { TERM: 'dumb' }, true)).colour).toBe(false);
    expect((await configOf(['--no-color'], {}, true)).colour).toBe(false);
    expect((await configOf(['--output', 'x'], {}, true)).colour).toBe(false);
    expect((await configOf(['--output', '-'], {}, true)).colour).toBe(true);
  });

  it('derives the fingerprint key from a file or the environment', async () => {
    const path = join(folder, 'key');
    writeFileSync(path, 'k'.repeat(32));
    const fromFile = (await configOf(['--fingerprint-key-file', path])).scan.fingerprintKey;
    expect(fromFile).toHaveLength(32);
    const env = { DUMPSIEVE_FINGERPRINT_KEY: 'k'.repeat(32) };
    expect((await configOf([], env)).scan.fingerprintKey).toEqual(fromFile);
    const other = { DUMPSIEVE_FINGERPRINT_KEY: 'e'.repeat(40) };
    expect((await configOf(['--fingerprint-key-file', path], other)).scan.fingerprintKey).toEqual(fromFile);
  });

  it.each([
    ['--fail-on', 'sometimes'],
    ['--format', 'pdf'],
    ['--allow-gaps', 'changed,nonsense'],
    ['--threads', '0'],
    ['--threads', '1025'],
    ['--threads', 'many'],
    ['--threads', '1.5'],
    ['--max-memory', 'lots'],
    ['--simd', 'relaxed'],
    ['--fingerprint-key-file', join(folder, 'absent')],
  ])('rejects %s %s', async (name, value) => {
    await expect(configOf([name, value])).rejects.toMatchObject({
      name: 'UsageError',
      message: expect.stringContaining(name),
    });
  });

  it('rejects a short key without showing it', async () => {
    const message = configOf([], { DUMPSIEVE_FINGERPRINT_KEY: 'canary' }).catch((error: Error) => error.message);
    expect(await message).toContain('32 bytes');
    expect(await message).not.toContain('canary');
  });
});

describe('createGateConfig', () => {
  it.each([
    [['--format', 'json'], '--format'],
    [['--output', 'report'], '--output'],
    [['--suppress', 'accepted.json', '--no-memory-keys'], '--suppress, --no-memory-keys'],
  ])('refuses %j with --redact, which it would not keep', async (argv, names) => {
    writeFileSync(
      join(folder, 'accepted.json'),
      formatSuppressions([{ detector: 'private-key-pem', reason: 'a test' }]),
    );
    const named = argv.map((argument) => (argument.endsWith('.json') ? join(folder, argument) : argument));
    const invocation = await parseArguments(['gate', '-', '--redact', ...named], '1.2.3');
    if (invocation.command !== 'gate') throw new Error(invocation.command);
    const { paths, run, options } = invocation;
    await expect(createGateConfig(paths, run, options, {}, false)).rejects.toThrow(`does not go with ${names}:`);
  });
});

describe('createRedactConfig', () => {
  it('checks what it shares with a scan in the same way', async () => {
    const invocation = await parseArguments(['redact', 'a', 'b', '--simd', 'relaxed'], '1.2.3');
    if (invocation.command !== 'redact') throw new Error(invocation.command);
    await expect(createRedactConfig(invocation.paths, invocation.options)).rejects.toThrow('--simd must be one of');
  });
});

describe('parseSize', () => {
  it.each([
    ['1048576', 1048576],
    ['256M', 268435456],
    ['1.5g', 1610612736],
    ['2 GiB', 2147483648],
    ['64KB', 65536],
  ])('%s', (text, bytes) => {
    expect(parseSize('x', text)).toBe(bytes);
  });
  it.each(['', 'M', '-1M', '1X', '1e9', '0x10'])('rejects "%s"', (text) => {
    expect(() => parseSize('x', text)).toThrow('--x');
  });
});
