import { join } from 'node:path';
import { freshEc, freshRsa, writeCertificate } from './fresh-keys.ts';
import { dumpCore, freePort, handshake, start } from './program.ts';
import type { Scenario } from './scenario.ts';

export const opensslServer: Scenario = {
  name: 'openssl-s-server',
  title: 'openssl s_server, core after a handshake with each key',
  needs: [['openssl', 'version']],
  async run(folder) {
    const keys = [freshRsa('server certificate (RSA)'), freshEc('server certificate (EC)')] as const;
    const rsa = writeCertificate(folder, 'rsa', keys[0]);
    const ec = writeCertificate(folder, 'ec', keys[1]);
    const port = await freePort();
    const files = ['-cert', rsa.certificate, '-key', rsa.key, '-dcert', ec.certificate, '-dkey', ec.key];
    const server = await start('openssl', ['s_server', '-port', String(port), '-www', ...files], {
      folder,
      ready: /ACCEPT/,
    });
    await handshake(port, 'RSA');
    await handshake(port, 'EC');
    const path = join(folder, 'dump.core');
    dumpCore(server.pid, path);
    server.end();
    return { path, keys };
  },
};
