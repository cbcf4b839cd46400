/**
 * What the catalogue of tokens costs: all detectors beside the detectors of encoded keys alone, chunk by chunk in turns
 * in one process and one thread, in CPU time, reading included. Start-up, which doesn't depend on the file, is left out.
 * Usage: node dist/bench/catalogue.js [--rounds N] [FILE]
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { parseArgs } from 'node:util';
import detectors from '../patterns/index.ts';
import { createKernel } from '../src/kernel/create.ts';
import { createPlan } from '../src/kernel/plan.ts';
import type { Detector } from '../src/model/detector.ts';
import type { Input } from '../src/model/input.ts';
import { CandidateStage } from '../src/scan/candidates.ts';
import { type Chunk, readChunks } from '../src/scan/chunks.ts';
import { DEFAULT_CONTEXT, marginOf } from '../src/scan/context.ts';

/** Documents of private keys, in text or binary. */
const ENCODED_KEYS = new Set(
  `age-secret-key capi-blob cng-blob cosign-private-key dnssec-private-key dropbear-key dsa-der ec-sec1-der
  encrypted-pkcs8-der jks jwk libgcrypt-sexp minisign-secret-key openssh-key-binary pgp-secret-key pkcs12
  private-key-der-base64 private-key-pem private-key-pem-base64 private-key-pkcs8-der putty-ppk rsa-pkcs1-der rsa-xml
  signify-secret-key wireguard-private-key`.split(/\s+/),
);
/** Random values, wherever they come from: what was there before the catalogue, besides documents of keys. */
const RANDOM_VALUES = new Set(['aes-key-schedule', 'base64-run', 'hex-run', 'secret-keyword']);

interface Variant {
  readonly name: string;
  readonly patterns: number;
  readonly chunks: AsyncGenerator<Chunk>;
  /** Searches the chunk, or with `false` only the kernel does. */
  readonly search: (chunk: Chunk, detect: boolean) => number;
  readonly counts: CandidateStage['counts'];
  readonly ms: { all: number; kernel: number };
}

function createVariant(name: string, wanted: readonly Detector[], input: Input): Variant {
  const plan = createPlan(wanted);
  const kernel = createKernel(plan, { ...DEFAULT_CONTEXT, marginBytes: marginOf(plan) });
  const stage = new CandidateStage(kernel, wanted, Number.POSITIVE_INFINITY, {
    onClaim: ({ secret }) => void secret.fill(0),
    onFailure: (code, { id }, { start }) => console.log(`${code}: ${id} at ${start}`),
  });
  const discard = (): void => undefined;
  return {
    name,
    patterns: plan.anchors.length,
    chunks: readChunks(input, { start: 0, end: input.size }, kernel),
    search: (chunk, detect) =>
      kernel.search(
        chunk.own.start,
        chunk.own.end,
        chunk.data.end,
        detect ? (anchor, at, length) => stage.onHit(chunk, anchor, at, length) : discard,
      ).zeroBytes,
    counts: stage.counts,
    ms: { all: 0, kernel: 0 },
  };
}

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

async function round(input: Input): Promise<Variant[]> {
  const variants = [
    createVariant('all detectors', detectors, input),
    createVariant(
      'encoded keys',
      detectors.filter(({ id }) => ENCODED_KEYS.has(id)),
      input,
    ),
    createVariant(
      'and random values',
      detectors.filter(({ id }) => ENCODED_KEYS.has(id) || RANDOM_VALUES.has(id)),
      input,
    ),
  ];
  for (let turn = 0, open = variants.length; open > 0; turn++) {
    open = 0;
    for (let i = 0; i < variants.length; i++) {
      const variant = variants[(turn + i) % variants.length]!;
      const start = cpuMs();
      const { value: chunk, done } = await variant.chunks.next();
      if (done) continue;
      open++;
      variant.search(chunk, true);
      const middle = cpuMs();
      variant.search(chunk, false);
      variant.ms.all += middle - start;
      variant.ms.kernel += cpuMs() - middle;
    }
  }
  return variants;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '3' } },
});
const path = positionals[0] ?? process.execPath;
const fd = openSync(path, 'r');
const input: Input = {
  size: fstatSync(fd).size,
  read: (into, at) => readSync(fd, into, 0, into.length, at),
  close: async () => closeSync(fd),
};
const speed = (ms: number): string => `${(input.size / 1e6 / ms).toFixed(2)} GB/s`;
console.log(`${path}: ${(input.size / 1e9).toFixed(2)} GB`);
for (let i = 0; i < Number(values.rounds); i++) {
  const variants = await round(input);
  const [all] = variants;
  for (const { name, patterns, counts, ms } of variants) {
    const ratio = ms.all / all!.ms.all;
    console.log(
      `${name.padEnd(20)} ${String(patterns).padStart(5)} patterns  ${speed(ms.all)}, kernel alone ${speed(ms.kernel)}  ` +
        `${counts.hits} hits  all detectors / this: ${(ratio).toFixed(3)}`,
    );
  }
}
await input.close();
