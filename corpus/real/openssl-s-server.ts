import { freshKey, type Kind, writeCertificate } from './fresh-keys.ts';
import { coreOf, freePort, handshake, start } from './program.ts';
import type { Scenario } from './scenario.ts';

/** The command takes two certificates, of different algorithms. */
function server(name: string, ...kinds: readonly [Kind, Kind?]): Scenario {
  return {
    name,
    title: `openssl s_server with ${kinds.join(' and ')}, core after a handshake with each key`,
    needs: [['openssl', 'version']],
    async run(folder) {
      const keys = kinds.filter((kind) => kind !== undefined).map((kind) => freshKey(kind));
      const files = keys.flatMap((key, i) => {
        const written = writeCertificate(folder, key.kind, key);
        return i === 0
          ? ['-cert', written.certificate, '-key', written.key]
          : ['-dcert', written.certificate, '-dkey', written.key];
      });
      const port = await freePort();
      const argv = ['s_server', '-port', String(port), '-www', ...files];
      const program = await start('openssl', argv, { folder, ready: /ACCEPT/ });
      for (const { kind } of keys) await handshake(port, kind);
      return { path: coreOf(program, folder), keys };
    },
  };
}

export const opensslServers: readonly Scenario[] = [
  server('s-server-2048', 'RSA-2048', 'P-256'),
  server('s-server-3072', 'RSA-3072', 'P-384'),
  server('s-server-4096', 'RSA-4096', 'P-521'),
  server('s-server-ed25519', 'Ed25519'),
];
