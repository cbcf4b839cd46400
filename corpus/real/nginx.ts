import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { freshKey, type Kind, writeCertificate } from './fresh-keys.ts';
import { childrenOf, dumpCore, freePort, handshake, start } from './program.ts';
import type { Scenario } from './scenario.ts';

/** A server has at most one certificate of each algorithm. */
const SERVERS: readonly (readonly Kind[])[] = [
  ['RSA-2048', 'P-256', 'Ed25519'],
  ['RSA-3072', 'P-384'],
  ['RSA-4096', 'P-521'],
];

export const nginx: Scenario = {
  name: 'nginx',
  title: 'nginx worker, core after a handshake with each key',
  needs: [
    ['nginx', '-v'],
    ['openssl', 'version'],
  ],
  async run(folder) {
    const servers = await Promise.all(
      SERVERS.map(async (kinds) => ({ port: await freePort(), keys: kinds.map((kind) => freshKey(kind)) })),
    );
    const blocks = servers.map(({ port, keys }) => {
      const lines = keys.map((key) => {
        const files = writeCertificate(folder, key.kind, key);
        return `ssl_certificate ${files.certificate}; ssl_certificate_key ${files.key};`;
      });
      return `server { listen 127.0.0.1:${port} ssl; ${lines.join(' ')} }`;
    });
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (kind) => `${kind}_temp_path ${folder}/${kind};`,
    );
    writeFileSync(
      join(folder, 'nginx.conf'),
      `daemon off; worker_processes 1; pid ${folder}/nginx.pid; error_log stderr notice;
       ${process.getuid?.() === 0 ? 'user root;' : ''}
       events {}
       http { access_log off; ${temporary.join(' ')}
         ${blocks.join(' ')} }`,
    );
    const argv = ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'stderr'];
    const master = await start('nginx', argv, { folder, ready: /start worker process \d+/ });
    for (const { port, keys } of servers) for (const { kind } of keys) await handshake(port, kind);
    const [worker = master.pid] = childrenOf(master.pid);
    const path = join(folder, 'dump.core');
    dumpCore(worker, path);
    // Killed outright, the master would leave its worker behind.
    process.kill(master.pid, 'SIGTERM');
    await setTimeout(200);
    return { path, keys: servers.flatMap(({ keys }) => keys) };
  },
};
