/**
 * What the catalogue of tokens costs: scans with all detectors, with those that were there before the catalogue, and with
 * those of encoded keys alone, a range at a time in turns, in one process and thread, in CPU time. Keys in memory are not
 * looked for. Usage: node dist/bench/catalogue.js [--rounds N] [FILE]
 */
import { statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import detectors from '../patterns/index.ts';
import { createKernel } from '../src/kernel/create.ts';
import { createPlan } from '../src/kernel/plan.ts';
import { type Context, DEFAULT_CONTEXT, marginOf } from '../src/scan/context.ts';
import { runTask } from '../src/scan/run-task.ts';
import { createScanContext } from './scan-context.ts';

/** Documents of private keys, in text or binary. */
const ENCODED_KEYS =
  `age-secret-key capi-blob cng-blob cosign-private-key dnssec-private-key dropbear-key dsa-der ec-sec1-der
  encrypted-pkcs8-der jks jwk libgcrypt-sexp minisign-secret-key openssh-key-binary pgp-secret-key pkcs12
  private-key-decimal private-key-der-base64 private-key-der-text private-key-pem private-key-pem-base64 private-key-pkcs8-der
  private-key-printed putty-ppk rsa-pkcs1-der rsa-xml signify-secret-key wireguard-private-key`.split(/\s+/);
/** Keys without a document: random values behind names and in runs, AES schedules. */
const RANDOM_VALUES = ['aes-key-schedule', 'base64-run', 'hex-run', 'secret-keyword'];
const RANGE_BYTES = 32 * 1024 * 1024;

interface Variant {
  readonly name: string;
  readonly context: Context;
  cpuMs: number;
}

function createVariant(name: string, base: Context, wanted: readonly string[] | undefined): Variant {
  const chosen = detectors.filter(({ id }) => wanted?.includes(id) ?? true);
  const plan = createPlan(chosen);
  const kernel = createKernel(plan, { ...DEFAULT_CONTEXT, marginBytes: marginOf(plan) });
  const label = `${name}: ${chosen.length} detectors, ${plan.anchors.length} patterns`;
  return { name: label, context: { ...base, detectors: chosen, kernel }, cpuMs: 0 };
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '3' } },
});
const path = positionals[0] ?? process.execPath;
const base = await createScanContext(path, 'off');
const variants = [
  createVariant('all', base, undefined),
  createVariant('before the catalogue', base, [...ENCODED_KEYS, ...RANDOM_VALUES]),
  createVariant('encoded keys', base, ENCODED_KEYS),
];
const locator = { source: 'file', id: path, label: path };
const { size } = statSync(path);
console.log(`${path}: ${(size / 1e9).toFixed(2)} GB, ${base.kernel.kind}`);
// In the first round V8 compiles the detectors.
for (let round = 1; round <= Number(values.rounds); round++) {
  for (const variant of variants) variant.cpuMs = 0;
  for (let start = 0, turn = round; start < size; start += RANGE_BYTES, turn++) {
    const range = { start, end: Math.min(size, start + RANGE_BYTES) };
    for (let i = 0; i < variants.length; i++) {
      const variant = variants[(turn + i) % variants.length]!;
      const started = cpuMs();
      await runTask({ kind: 'scan', id: 1, locator, trail: [], range }, variant.context);
      variant.cpuMs += cpuMs() - started;
    }
  }
  console.log(`round ${round}`);
  for (const { name, cpuMs: ms } of variants) {
    const speed = (size / 1e6 / ms).toFixed(2);
    const ratio = (ms / variants[0]!.cpuMs).toFixed(3);
    console.log(`  ${name.padEnd(56)} ${speed} GB/s of CPU time; all detectors are ${ratio} times as fast`);
  }
}
