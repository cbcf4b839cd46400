import { createPrivateKey } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TrueKey, trueKey } from '../brute/truth.ts';
import { type FreshKey, freshEc, freshKey, freshRsa } from './fresh-keys.ts';
import { coreOf, run, start } from './program.ts';
import type { Scenario } from './scenario.ts';

const NEEDS = [['sh', '-c', 'command -v ssh-keygen && command -v ssh-agent']] as const;

/** OpenSSH's own Ed25519 file; node:crypto does not read the format, so the seed is taken from its last fields. */
function opensshEd25519(folder: string, name: string) {
  const path = join(folder, name);
  run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'somebody@somewhere', '-f', path], folder);
  const publicKey = Buffer.from(readFileSync(`${path}.pub`, 'latin1').split(' ')[1] ?? '', 'base64').subarray(-32);
  const document = Buffer.from(readFileSync(path, 'latin1').replace(/-----.*-----/g, ''), 'base64');
  // string private = seed || public (PROTOCOL.key), so the seed stands before the last copy of the public key.
  const publicAt = document.lastIndexOf(publicKey);
  const jwk = {
    kty: 'OKP',
    crv: 'Ed25519',
    d: document.subarray(publicAt - 32, publicAt).toString('base64url'),
    x: publicKey.toString('base64url'),
  };
  return { path, key: trueKey(`${name} (Ed25519)`, createPrivateKey({ key: jwk, format: 'jwk' })) };
}

/** An RSA or EC key rewritten by ssh-keygen in OpenSSH's format. */
function opensshCopy(folder: string, name: string, pem: string): string {
  const path = join(folder, name);
  writeFileSync(path, pem, { mode: 0o600 });
  run('ssh-keygen', ['-q', '-p', '-N', '', '-f', path], folder);
  return path;
}

function pkcs1(key: FreshKey): string {
  return key.keyObject.export({ format: 'pem', type: 'pkcs1' }).toString();
}

function sec1(key: FreshKey): string {
  return key.keyObject.export({ format: 'pem', type: 'sec1' }).toString();
}

function opensshFiles(folder: string): { paths: readonly string[]; keys: readonly TrueKey[] } {
  const [rsa, ec, ed25519] = [freshRsa('id_rsa'), freshEc('id_ecdsa'), opensshEd25519(folder, 'id_ed25519')];
  const paths = [opensshCopy(folder, 'id_rsa', pkcs1(rsa)), opensshCopy(folder, 'id_ecdsa', sec1(ec)), ed25519.path];
  return { paths, keys: [rsa, ec, ed25519.key] };
}

export const opensshKeys: Scenario = {
  name: 'openssh-keys',
  title: 'bash with OpenSSH key files in variables, core',
  needs: [...NEEDS, ['bash', '--version']],
  async run(folder) {
    const { paths, keys } = opensshFiles(folder);
    const reads = paths.map((path, i) => `key${i}="$(cat ${path})"`).join('; ');
    const program = await start('bash', ['-c', `${reads}; echo ready; read line`], { folder, ready: /ready/ });
    return { path: coreOf(program, folder), keys };
  },
};

const DECODER = `
import base64, sys
kept = [base64.b64decode("".join(open(path).read().splitlines()[1:-1])) for path in sys.argv[1:]]
print("ready", flush=True)
sys.stdin.read()
`;

export const opensshBinary: Scenario = {
  name: 'openssh-binary',
  title: 'Python with decoded OpenSSH key files, core',
  needs: [...NEEDS, ['/usr/bin/python3', '--version']],
  async run(folder) {
    const { paths, keys } = opensshFiles(folder);
    const program = await start('/usr/bin/python3', ['-c', DECODER, ...paths], { folder, ready: /ready/ });
    return { path: coreOf(program, folder), keys };
  },
};

// The agent forbids dumps of itself (PR_SET_DUMPABLE); only root may take one.
export const opensshAgent: Scenario = {
  name: 'openssh-agent',
  title: 'ssh-agent with keys added, which it shields, core',
  needs: [...NEEDS, ['sh', '-c', 'test $(id -u) = 0']],
  async run(folder) {
    const rsa = (['RSA-2048', 'RSA-4096'] as const).map((kind) => freshKey(kind));
    const ec = (['P-256', 'P-384', 'P-521'] as const).map((kind) => freshKey(kind));
    const ed25519 = opensshEd25519(folder, 'id_ed25519');
    const paths = [
      ...rsa.map((key) => opensshCopy(folder, key.kind, pkcs1(key))),
      ...ec.map((key) => opensshCopy(folder, key.kind, sec1(key))),
      ed25519.path,
    ];
    const keys = [...rsa, ...ec, ed25519.key];
    const socket = join(folder, 'agent');
    const program = await start('ssh-agent', ['-D', '-a', socket], { folder, ready: /SSH_AUTH_SOCK/ });
    run('ssh-add', ['-q', ...paths], folder, { SSH_AUTH_SOCK: socket });
    return { path: coreOf(program, folder), keys, shielded: true };
  },
};
