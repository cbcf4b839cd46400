/** An onion service of Tor, which keeps the scalar and the prefix that a seed is hashed to, and never the seed. */

import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expandSeed } from '../encode/ed25519.ts';
import { freshEd25519 } from './fresh-keys.ts';
import { coreOf, start } from './program.ts';
import type { Scenario } from './scenario.ts';

/** Tor's tagged files: a text in 32 bytes, then the key. */
function tagged(tag: string, ...key: readonly Uint8Array[]): Buffer {
  const head = Buffer.alloc(32);
  head.write(tag, 'latin1');
  return Buffer.concat([head, ...key]);
}

export const torService: Scenario = {
  name: 'tor',
  title: 'Tor with an onion service, core',
  needs: [['tor', '--version']],
  async run(folder) {
    const fresh = freshEd25519('onion service (Ed25519)');
    if (fresh.key.type !== 'okp') throw new RangeError('not a key of Ed25519');
    const [service, data] = [join(folder, 'service'), join(folder, 'data')];
    for (const path of [service, data]) {
      mkdirSync(path);
      chmodSync(path, 0o700);
    }
    const { clamped, prefix } = expandSeed(fresh.key.d);
    const files = {
      hs_ed25519_secret_key: tagged('== ed25519v1-secret: type0 ==', clamped, prefix),
      hs_ed25519_public_key: tagged('== ed25519v1-public: type0 ==', fresh.key.x),
    };
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(service, name), bytes, { mode: 0o600 });
    const lines = ['SocksPort 0', 'DisableNetwork 1', `DataDirectory ${data}`, `HiddenServiceDir ${service}`];
    writeFileSync(join(folder, 'torrc'), [...lines, 'HiddenServicePort 80 127.0.0.1:80', ''].join('\n'));
    const program = await start('tor', ['-f', 'torrc'], { folder, ready: /DisableNetwork is set/ });
    return { path: coreOf(program, folder), keys: [fresh] };
  },
};
