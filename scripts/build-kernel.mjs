/**
 * Compiles src/kernel/assembly to src/kernel/kernel.wasm and kernel-relaxed.wasm, its train.ts to src/kernel/train/train.wasm,
 * and src/join/assembly to src/join/points.wasm. None of them is committed.
 * Two kernels: relaxed SIMD is a fifth faster, but not every engine that we support has it.
 */
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = fileURLToPath(new URL('..', import.meta.url));

export const BINARIES = [
  'src/kernel/kernel.wasm',
  'src/kernel/kernel-relaxed.wasm',
  'src/kernel/train/train.wasm',
  'src/join/points.wasm',
];

/** Compiles all; throws with the compiler's messages. Paths are relative to the project. */
export async function buildKernel() {
  await compile('src/kernel/assembly/index.ts', 'src/kernel/kernel.wasm', ['simd']);
  await compile('src/kernel/assembly/index.ts', 'src/kernel/kernel-relaxed.wasm', ['simd', 'relaxed-simd']);
  await compile('src/kernel/assembly/train.ts', 'src/kernel/train/train.wasm', ['simd']);
  await compile('src/join/assembly/index.ts', 'src/join/points.wasm', ['simd']);
}

async function compile(source, outFile, features) {
  const { error, stderr } = await asc.main([
    source,
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
