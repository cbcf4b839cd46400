// Builds dist/: the pattern index, the TypeScript, the two WebAssembly kernels. `dist/.built` marks a complete build.
// With --clean (for a package) nothing of an older build is left.
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildKernel } from './build-kernel.mjs';
import { writePatternIndex } from './gen.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
if (process.argv.includes('--clean')) rmSync('dist', { recursive: true, force: true });
writePatternIndex();
const { status } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], {
  stdio: 'inherit',
});
if (status !== 0) process.exit(status ?? 1);
await buildKernel();
for (const name of ['kernel.wasm', 'kernel-relaxed.wasm']) {
  copyFileSync(`src/kernel/${name}`, `dist/src/kernel/${name}`);
}
chmodSync('dist/cli/main.js', 0o755);
writeFileSync('dist/.built', '');
