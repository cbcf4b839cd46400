import { createPrivateKey } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { trueKey } from '../brute/truth.ts';
import { pkcs8 } from '../encode/documents.ts';
import { rsaFromPrimes } from '../keys.ts';
import { dumpCore, run, start } from './program.ts';
import type { Scenario } from './scenario.ts';

export const gpgExport: Scenario = {
  name: 'gpg-export',
  title: 'bash with an exported OpenPGP key in a variable, core',
  needs: [
    ['gpg', '--version'],
    ['bash', '--version'],
  ],
  async run(folder) {
    const home = join(folder, 'gnupg');
    mkdirSync(home, { mode: 0o700 });
    const gpg = (...argv: readonly string[]): string =>
      run('gpg', ['--homedir', home, '--batch', '--pinentry-mode', 'loopback', '--passphrase', '', ...argv], folder);
    gpg('--quick-gen-key', 'Somebody <somebody@example.org>', 'rsa2048', 'sign', '1d');
    const armor = gpg('--armor', '--export-secret-keys');
    run('gpgconf', ['--homedir', home, '--kill', 'all'], folder);
    writeFileSync(join(folder, 'key.asc'), armor);
    const program = await start('bash', ['-c', 'key="$(cat key.asc)"; echo ready; read line'], {
      folder,
      ready: /ready/,
    });
    const path = join(folder, 'dump.core');
    dumpCore(program.pid, path);
    program.end();
    return { path, keys: [trueKey('signer (RSA)', readSecretKey(armor))] };
  },
};

/** The first packet of the export: a version 4 secret key without protection (RFC 9580 section 5.5.3). */
function readSecretKey(armor: string) {
  const body = armor.slice(armor.indexOf('\n\n'), armor.lastIndexOf('\n=')).replace(/\s/g, '');
  const bytes = Buffer.from(body, 'base64');
  // Old format tag 5 with a two-octet length; then version, time and algorithm.
  if (bytes[0] !== 0x95 || bytes[3] !== 4 || bytes[8] !== 1) throw new Error('an unexpected OpenPGP packet');
  let at = 9;
  const mpi = (): bigint => {
    const length = Math.ceil(bytes.readUInt16BE(at) / 8);
    at += 2 + length;
    return BigInt(`0x${bytes.toString('hex', at - length, at)}`);
  };
  const [n, e] = [mpi(), mpi()];
  if (bytes[at++] !== 0) throw new Error('the OpenPGP key is protected');
  const [, p, q] = [mpi(), mpi(), mpi()];
  const key = rsaFromPrimes(p, q, e);
  if (key.n !== n) throw new Error('the OpenPGP key contradicts itself');
  return createPrivateKey({ key: Buffer.from(pkcs8(key)), format: 'der', type: 'pkcs8' });
}
