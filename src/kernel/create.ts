/** Chooses the fastest kernel that this Node runs. */
import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { UsageError } from '../model/errors.ts';
import type { Kernel, KernelOptions } from './kernel.ts';
import type { Plan } from './plan.ts';
import { createReferenceKernel } from './reference.ts';
import { createWasmKernel } from './wasm.ts';

const FLAG_ATTEMPTS = 8;

/**
 * Takes about 5 ms. Throws UsageError when the machine lacks what `simd` demands, and RangeError when the sizes don't
 * fit the plan.
 */
export function createKernel(plan: Plan, options: KernelOptions): Kernel {
  const { chunkBytes, marginBytes, simd } = options;
  if (chunkBytes % 4096 !== 0 || chunkBytes <= 0)
    throw new RangeError(`chunkBytes ${chunkBytes}: not a multiple of 4096`);
  if (marginBytes % 4096 !== 0 || marginBytes < Math.max(4096, plan.reachBytes)) {
    throw new RangeError(`marginBytes ${marginBytes}: not a multiple of 4096, or below the reach ${plan.reachBytes}`);
  }
  if (simd === 'relaxed' || simd === 'auto') {
    const module = compileRelaxed();
    if (module) return createWasmKernel(plan, options, module, 'relaxed-simd');
    if (simd === 'relaxed') throw new UsageError('simd: this Node.js has no relaxed SIMD; use auto, plain or off');
  }
  if (simd === 'plain' || simd === 'auto') {
    const binary = readBinary('kernel.wasm');
    if (WebAssembly.validate(binary)) {
      return createWasmKernel(plan, options, new WebAssembly.Module(binary), 'simd');
    }
    if (simd === 'plain') throw new UsageError('simd: this machine has no WebAssembly SIMD; use auto or off');
  }
  return createReferenceKernel(plan, options);
}

/**
 * Node 20 and 21 have relaxed SIMD behind a flag, which later versions no longer know. V8 reads it when a module is
 * compiled; left set, it makes V8 reject its code cache, and a worker starts 35 ms later. The flag is the process's:
 * another worker may unset it in between, hence the attempts.
 */
function compileRelaxed(): WebAssembly.Module | undefined {
  const binary = readBinary('kernel-relaxed.wasm');
  if (WebAssembly.validate(binary)) return new WebAssembly.Module(binary);
  if (!/^2[01]\./.test(process.versions.node)) return undefined;
  for (let attempt = 0; attempt < FLAG_ATTEMPTS; attempt++) {
    setFlagsFromString('--experimental-wasm-relaxed-simd');
    try {
      return new WebAssembly.Module(binary);
    } catch {
      // Not supported, or unset by another thread.
    } finally {
      setFlagsFromString('--no-experimental-wasm-relaxed-simd');
    }
  }
  return undefined;
}

function readBinary(name: string): Uint8Array {
  try {
    return Uint8Array.from(readFileSync(new URL(name, import.meta.url)));
  } catch (error) {
    throw new UsageError(`${name} is missing: run npm run build`, { cause: error });
  }
}
