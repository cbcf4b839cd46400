import { createPrivateKey } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TrueKey, trueKey } from '../brute/truth.ts';
import { pkcs8 } from '../encode/documents.ts';
import { rsaFromPrimes } from '../keys.ts';
import { coreOf, dumpCore, run, start } from './program.ts';
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
    return { path: coreOf(program, folder), keys: [trueKey('signer (RSA)', readSecretKey(armor))] };
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

// Only root may dump the agent, which forbids it (PR_SET_DUMPABLE).
export const gpgAgent: Scenario = {
  name: 'gpg-agent',
  title: 'gpg-agent (libgcrypt) after a signature with each key, core',
  needs: [
    ['gpg', '--version'],
    ['gpg-connect-agent', '--version'],
    ['sh', '-c', 'test $(id -u) = 0'],
  ],
  async run(folder) {
    const home = join(folder, 'home');
    mkdirSync(home, { mode: 0o700 });
    const gpg = (...argv: readonly string[]): string =>
      run('gpg', ['--homedir', home, '--batch', '--pinentry-mode', 'loopback', '--passphrase', '', ...argv], folder);
    writeFileSync(join(folder, 'text'), 'something to sign');
    for (const algorithm of ['rsa2048', 'nistp256', 'ed25519']) {
      gpg('--quick-gen-key', `${algorithm}@example.org`, algorithm, 'sign', '1d');
      gpg('--local-user', `${algorithm}@example.org`, '--output', `text.${algorithm}`, '--sign', 'text');
    }
    // Started by the first command, it has detached itself.
    const [, pid = ''] =
      /^D (\d+)/m.exec(run('gpg-connect-agent', ['--homedir', home, 'getinfo pid', '/bye'], folder)) ?? [];
    const path = join(folder, 'dump.core');
    dumpCore(Number(pid), path);
    run('gpgconf', ['--homedir', home, '--kill', 'all'], folder);
    const files = join(home, 'private-keys-v1.d');
    return { path, keys: readdirSync(files).map((name) => readAgentKey(readFileSync(join(files, name), 'latin1'))) };
  },
};

/** The agent's `Key: (private-key (rsa (n #..#) …))`, without protection. */
function readAgentKey(text: string): TrueKey {
  const bytes = (name: string): Buffer => {
    const [, digits = ''] = new RegExp(`\\(${name}\\s+#([0-9A-Fa-f\\s]+)#`).exec(text) ?? [];
    return Buffer.from(digits.replace(/\s/g, ''), 'hex');
  };
  const number = (name: string): bigint => BigInt(`0x0${bytes(name).toString('hex')}`);
  if (text.includes('rsa')) {
    const key = rsaFromPrimes(number('p'), number('q'), number('e'));
    return trueKey('RSA', createPrivateKey({ key: Buffer.from(pkcs8(key)), format: 'der', type: 'pkcs8' }));
  }
  const [q, d] = [bytes('q').subarray(1), bytes('d')];
  const text64 = (value: Buffer): string => value.toString('base64url');
  const jwk = text.includes('Ed25519')
    ? { kty: 'OKP', crv: 'Ed25519', x: text64(q), d: text64(d.subarray(-32)) }
    : { kty: 'EC', crv: 'P-256', x: text64(q.subarray(0, 32)), y: text64(q.subarray(32)), d: text64(d.subarray(-32)) };
  return trueKey(jwk.crv, createPrivateKey({ key: jwk, format: 'jwk' }));
}
