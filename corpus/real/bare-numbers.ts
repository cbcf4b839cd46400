/** Keys that nothing in the dump proves: their public halves are elsewhere, and named in an inventory. */
import { createPublicKey } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMAND } from '../scan-dump.ts';
import { type FreshKey, freshKey } from './fresh-keys.ts';
import { coreOf, heapDumpOf, run, start } from './program.ts';
import type { Scenario } from './scenario.ts';

/** The file that `dumpsieve inventory add` makes of the public keys. */
function writeInventory(folder: string, keys: readonly FreshKey[]): string {
  const pem = join(folder, 'public.pem');
  const inventory = join(folder, 'inventory.json');
  const publicKeys = keys.map(({ keyObject }) => createPublicKey(keyObject).export({ format: 'pem', type: 'spki' }));
  writeFileSync(pem, publicKeys.join(''));
  run(process.execPath, [COMMAND, 'inventory', 'add', pem, '--inventory', inventory], folder);
  return inventory;
}

/** Hex of d. */
function privateHex({ key }: FreshKey): string {
  if (key.type === 'rsa') return key.d.toString(16);
  return key.type === 'ec' || key.type === 'okp' ? Buffer.from(key.d).toString('hex') : '';
}

/** As libraries on native BigInt hold private exponents and scalars, and libraries for Ed25519 seeds. */
const BIGINTS = `
import { readFileSync, writeFileSync } from 'node:fs';
globalThis.keys = readFileSync('keys.txt', 'latin1').trim().split('\\n').map((line) => {
  const [kind, hex] = line.split(' ');
  return kind === 'Ed25519' ? Uint8Array.from(Buffer.from(hex, 'hex')) : BigInt('0x' + hex);
});
gc();
process.stdin.resume();
console.log('ready');
`;

export const bareNumbers: Scenario = {
  name: 'node-bigint',
  title: 'Node.js with bare BigInts and seeds, by inventory, core',
  needs: [[process.execPath, '--version']],
  async run(folder) {
    const keys = (['RSA-2048', 'P-256', 'P-384', 'P-521', 'Ed25519'] as const).map((kind) => freshKey(kind));
    writeFileSync(join(folder, 'keys.txt'), keys.map((key) => `${key.kind} ${privateHex(key)}`).join('\n'));
    writeFileSync(join(folder, 'keeper.mjs'), BIGINTS);
    const program = await start(process.execPath, ['--expose-gc', 'keeper.mjs'], { folder, ready: /ready/ });
    return { path: coreOf(program, folder), keys, inventory: writeInventory(folder, keys) };
  },
};

/** As Bouncy Castle and Tink hold Ed25519 keys: arrays of 32 bytes; and an EC scalar as BigInteger. */
const SEEDS = `
import java.math.BigInteger; import java.nio.file.*; import java.util.*;
public class Keeper {
  static final List<Object> kept = new ArrayList<>();
  public static void main(String[] args) throws Exception {
    for (String line : Files.readAllLines(Path.of(args[0]))) {
      String[] parts = line.split(" ");
      if (parts[0].equals("Ed25519")) kept.add(HexFormat.of().parseHex(parts[1]));
      else kept.add(new BigInteger(parts[1], 16));
    }
    System.gc();
    System.out.println("ready");
    Thread.sleep(600_000);
  }
}`;

export const javaSeeds: Scenario = {
  name: 'java-seeds',
  title: 'Java with bare seeds and scalars, by inventory, HPROF heap dump by jmap',
  needs: [
    ['javac', '-version'],
    ['jmap', '-h'],
  ],
  async run(folder) {
    const keys = (['Ed25519', 'P-256', 'P-384', 'P-521', 'RSA-2048'] as const).map((kind) => freshKey(kind));
    writeFileSync(join(folder, 'keys.txt'), keys.map((key) => `${key.kind} ${privateHex(key)}`).join('\n'));
    writeFileSync(join(folder, 'Keeper.java'), SEEDS);
    run('javac', ['Keeper.java'], folder);
    const options = ['-Xmx64m', '-XX:+UseSerialGC', 'Keeper', 'keys.txt'];
    const program = await start('java', options, { folder, ready: /ready/ });
    return { path: heapDumpOf(program, folder), keys, inventory: writeInventory(folder, keys) };
  },
};
