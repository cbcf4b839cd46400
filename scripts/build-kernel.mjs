/**
 * Compiles src/kernel/assembly to src/kernel/kernel.wasm and kernel-relaxed.wasm, which aren't committed.
 * Two builds: relaxed SIMD is a fifth faster, but not every engine that we support has it.
 */
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Compiles both; throws with the compiler's messages. Paths are relative to the project. */
export async function buildKernel() {
  await compile('src/kernel/kernel.wasm', ['simd']);
  await compile('src/kernel/kernel-relaxed.wasm', ['simd', 'relaxed-simd']);
}

async function compile(outFile, features) {
  const { error, stderr } = await asc.main([
    'src/kernel/assembly/index.ts',
    ...['--baseDir', root],
    ...['--outFile', outFile],
    ...['--runtime', 'stub'],
    ...['--optimizeLevel', '3'],
    ...['--shrinkLevel', '0'],
    '--noAssert',
    '--importMemory',
    ...features.flatMap((feature) => ['--enable', feature]),
  ]);
  if (error) throw new Error(`${outFile}: ${error.message}\n${stderr.toString()}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildKernel();
