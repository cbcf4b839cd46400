/** Dropbear's server, on LibTomMath, with keys in its own format. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TrueKey } from '../brute/truth.ts';
import { be } from '../encode/text.ts';
import { freshEc, freshEd25519, freshRsa } from './fresh-keys.ts';
import { coreOf, freePort, start } from './program.ts';
import type { Scenario } from './scenario.ts';

/** RFC 4251, 5: `string`, and `mpint` of a positive number. */
function sshString(bytes: Uint8Array | string): Buffer {
  const content = Buffer.from(bytes);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return Buffer.concat([length, content]);
}
const mpint = (bytes: Uint8Array): Buffer => sshString(Buffer.concat([Buffer.alloc(bytes[0]! >= 0x80 ? 1 : 0), bytes]));

function dropbearKey({ key }: TrueKey): Buffer {
  switch (key.type) {
    case 'rsa':
      return Buffer.concat([sshString('ssh-rsa'), ...[key.e, key.n, key.d, key.p, key.q].map((n) => mpint(be(n)))]);
    case 'ec': {
      const point = Buffer.concat([Uint8Array.of(4), key.x, key.y]);
      const names = ['ecdsa-sha2-nistp256', 'nistp256'].map(sshString);
      return Buffer.concat([...names, sshString(point), mpint(key.d)]);
    }
    case 'okp':
      return Buffer.concat([sshString('ssh-ed25519'), sshString(Buffer.concat([key.d, key.x]))]);
    default:
      throw new RangeError(`no host key of type ${key.type}`);
  }
}

export const dropbear: Scenario = {
  name: 'dropbear',
  title: 'Dropbear SSH server, core',
  needs: [['dropbear', '-V']],
  async run(folder) {
    const keys = [freshRsa('host key (RSA)'), freshEc('host key (EC)'), freshEd25519('host key (Ed25519)')];
    const files = keys.map((key, i) => {
      const path = join(folder, `host-${i}`);
      writeFileSync(path, dropbearKey(key), { mode: 0o600 });
      return ['-r', path];
    });
    const argv = ['-F', '-E', '-p', `127.0.0.1:${await freePort()}`, '-P', join(folder, 'pid'), ...files.flat()];
    const program = await start('dropbear', argv, { folder, ready: /Not backgrounding/ });
    return { path: coreOf(program, folder), keys };
  },
};
