/** What pre-commit does with the hook: a global installation from git, into a folder of its own. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createMake } from '../corpus/make.ts';

const repository = fileURLToPath(new URL('..', import.meta.url));

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dumpsieve-git-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.skipIf(process.platform === 'win32' || !existsSync(join(repository, '.git')))('has a program that runs', () => {
  const env = { ...process.env, npm_config_prefix: folder };
  const argv = ['install', '--global', '--install-links', '--no-audit', '--no-fund', `git+file://${repository}`];
  const { status, stderr } = spawnSync('npm', argv, { cwd: folder, env, encoding: 'utf8' });
  expect({ status, stderr }).toMatchObject({ status: 0 });
  const make = createMake('install-from-git');
  writeFileSync(join(folder, 'clean.txt'), 'nothing');
  writeFileSync(join(folder, 'key.pem'), make.pem('PRIVATE KEY', make.pkcs8(make.ec())));
  const scan = (name: string) =>
    spawnSync(join(folder, 'bin/dumpsieve'), ['scan', '--no-memory-keys', name], { cwd: folder }).status;
  expect([scan('clean.txt'), scan('key.pem')]).toEqual([0, 1]);
});
