// Makes a fresh checkout ready: installs when node_modules is missing or older than the lock file, builds when a
// source is newer than the build. Uses nothing but Node, so that `npm test` and `npm run demo` are one command each.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Newest modification time, in ms, of the files under `paths`. */
function newest(paths) {
  let latest = 0;
  for (const path of paths) {
    const full = join(root, path);
    if (!existsSync(full)) continue;
    const stats = statSync(full);
    latest = Math.max(
      latest,
      stats.isDirectory() ? newest(readdirSync(full).map((name) => join(path, name))) : stats.mtimeMs,
    );
  }
  return latest;
}

function run(command, args) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (error || status !== 0) {
    console.error(`setup: "${command} ${args.join(' ')}" failed${error ? `: ${error.message}` : ''}`);
    process.exit(status || 1);
  }
}

const installed = join(root, 'node_modules/.package-lock.json');
if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(join(root, 'package-lock.json')).mtimeMs) {
  // Not `npm ci`: it refuses a lock file that lacks optional packages of other platforms, and npm leaves out of the lock
  // file those that the registry does not have.
  // As "prepare" of `npm install --global git+…` it inherits the wish for a global installation; and no scripts, since
  // that of our own would begin anew.
  run('npm', ['install', '--no-save', '--global=false', '--include=dev', '--ignore-scripts']);
}
const built = join(root, 'dist/.built');
const sources = [
  'cli',
  'src',
  'patterns',
  'corpus',
  'bench',
  'scripts',
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
];
if (!existsSync(built) || statSync(built).mtimeMs < newest(sources)) {
  run(process.execPath, ['scripts/build.mjs']);
}
