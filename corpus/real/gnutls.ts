import { freshKey, KINDS, writeCertificate } from './fresh-keys.ts';
import { coreOf, freePort, handshake, start } from './program.ts';
import type { Scenario } from './scenario.ts';

export const gnutlsServer: Scenario = {
  name: 'gnutls-serv',
  title: 'gnutls-serv (nettle, GMP), core after a handshake with each key',
  needs: [
    ['gnutls-serv', '--version'],
    ['openssl', 'version'],
  ],
  async run(folder) {
    const keys = KINDS.filter((kind) => kind !== 'RSA-3072' && kind !== 'RSA-4096').map((kind) => freshKey(kind));
    const files = keys.flatMap((key) => {
      const { certificate, key: path } = writeCertificate(folder, key.kind, key);
      return ['--x509certfile', certificate, '--x509keyfile', path];
    });
    const port = await freePort();
    const argv = ['--port', String(port), '--disable-client-cert', '--echo', ...files];
    const program = await start('gnutls-serv', argv, { folder, ready: /listening.*done/s });
    for (const { kind } of keys) await handshake(port, kind);
    return { path: coreOf(program, folder), keys };
  },
};
