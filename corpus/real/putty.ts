import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freshEc, freshRsa } from './fresh-keys.ts';
import { coreOf, run, start } from './program.ts';
import type { Scenario } from './scenario.ts';

/** PPK files of both versions, held as text by a script, as provisioning tools do. */
export const putty: Scenario = {
  name: 'putty',
  title: 'bash with PuTTY key files (version 2 and 3) in variables, core',
  needs: [
    ['puttygen', '--version'],
    ['bash', '--version'],
  ],
  async run(folder) {
    const keys = [freshRsa('version 2 (RSA)'), freshEc('version 3 (EC)')] as const;
    const reads = keys.map((key, i) => {
      const [pem, ppk] = [join(folder, `${i}.pem`), join(folder, `${i}.ppk`)];
      const type = i === 0 ? 'pkcs1' : 'sec1';
      writeFileSync(pem, key.keyObject.export({ format: 'pem', type }).toString(), { mode: 0o600 });
      const version = ['--ppk-param', `version=${i + 2}`];
      run('puttygen', [pem, '-O', 'private', '-o', ppk, '--new-passphrase', '/dev/null', ...version], folder);
      if (!readFileSync(ppk, 'latin1').includes('Encryption: none')) throw new Error('puttygen encrypted the key');
      return `key${i}="$(cat ${ppk})"`;
    });
    const program = await start('bash', ['-c', `${reads.join('; ')}; echo ready; read line`], {
      folder,
      ready: /ready/,
    });
    return { path: coreOf(program, folder), keys };
  },
};
