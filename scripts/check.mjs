// Everything CI demands of a change but the real-process suite: format, lint, types, generated files, unused code, tests.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

const steps = [
  ['set up', 'node', ['scripts/setup.mjs']],
  ['format and lint', 'npx', ['biome', 'check', '--error-on-warnings']],
  ['lint with types', 'npx', ['oxlint', '--type-aware', '--deny-warnings']],
  ['types', 'npx', ['tsc', '-p', '.', '--noEmit']],
  ['generated files', 'node', ['scripts/gen.mjs', '--check']],
  ['unused code', 'npx', ['knip']],
  ['tests', 'npx', ['vitest', 'run'], { SUITE: 'all' }],
];

const failed = [];
for (const [name, command, args, env] of steps) {
  console.log(`\n── ${name}: ${command} ${args.join(' ')}`);
  const { status } = spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, ...env } });
  if (status !== 0) failed.push(name);
}
console.log(failed.length === 0 ? '\ncheck: all passed' : `\ncheck: FAILED: ${failed.join(', ')}`);
process.exit(failed.length === 0 ? 0 : 1);
