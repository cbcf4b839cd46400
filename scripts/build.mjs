// Builds dist/: the pattern index, the TypeScript, the WebAssembly, then bundles what programs load. `dist/.built` marks a
// complete build.
// With --clean (for a package) nothing of an older build is left.
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { BINARIES, buildKernel } from './build-kernel.mjs';
import { writeIndexes } from './gen.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
if (process.argv.includes('--clean')) rmSync('dist', { recursive: true, force: true });
writeIndexes();
const { status } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], {
  stdio: 'inherit',
});
if (status !== 0) process.exit(status ?? 1);
await buildKernel();
for (const path of BINARIES) copyFileSync(path, `dist/${path}`);
await bundle();
chmodSync('dist/cli/main.js', 0o755);
writeFileSync('dist/.built', '');

/**
 * Replaces the entry points by bundles without blanks: hundreds of small modules take longer to load than a small dump to scan.
 * The chunks lie as deep as the modules did, so that what is named relative to a module's URL (workers, the pattern pack,
 * package.json) is where it was.
 */
async function bundle() {
  const chunks = 'src/chunks';
  rmSync(`dist/${chunks}`, { recursive: true, force: true });
  const build = await rolldown({
    input: {
      'cli/main': 'dist/cli/main.js',
      'src/index': 'dist/src/index.js',
      'src/pool/worker': 'dist/src/pool/worker.js',
      'src/containers/codecs/decode-thread': 'dist/src/containers/codecs/decode-thread.js',
      'src/containers/codecs/seven-zip-thread': 'dist/src/containers/codecs/seven-zip-thread.js',
      'src/serve/redact-thread': 'dist/src/serve/redact-thread.js',
      'patterns/index': 'dist/patterns/index.js',
    },
    platform: 'node',
    // Dependencies stay packages.
    external: /^[a-z@]/,
  });
  await build.write({
    dir: 'dist',
    minify: true,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: `${chunks}/[name]-[hash].js`,
  });
  await build.close();
  for (const path of BINARIES) copyFileSync(path, `dist/${chunks}/${basename(path)}`);
}
