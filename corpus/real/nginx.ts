import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { freshEc, freshRsa, writeCertificate } from './fresh-keys.ts';
import { childrenOf, dumpCore, freePort, handshake, start } from './program.ts';
import type { Scenario } from './scenario.ts';

export const nginx: Scenario = {
  name: 'nginx',
  title: 'nginx worker, core after a handshake with each key',
  needs: [
    ['nginx', '-v'],
    ['openssl', 'version'],
  ],
  async run(folder) {
    const keys = [freshRsa('server certificate (RSA)'), freshEc('server certificate (EC)')] as const;
    const rsa = writeCertificate(folder, 'rsa', keys[0]);
    const ec = writeCertificate(folder, 'ec', keys[1]);
    const port = await freePort();
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (kind) => `${kind}_temp_path ${folder}/${kind};`,
    );
    writeFileSync(
      join(folder, 'nginx.conf'),
      `daemon off; worker_processes 1; pid ${folder}/nginx.pid; error_log stderr notice;
       ${process.getuid?.() === 0 ? 'user root;' : ''}
       events {}
       http { access_log off; ${temporary.join(' ')}
         server { listen 127.0.0.1:${port} ssl;
           ssl_certificate ${rsa.certificate}; ssl_certificate_key ${rsa.key};
           ssl_certificate ${ec.certificate}; ssl_certificate_key ${ec.key}; } }`,
    );
    const argv = ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'stderr'];
    const master = await start('nginx', argv, { folder, ready: /start worker process \d+/ });
    await handshake(port, 'RSA');
    await handshake(port, 'EC');
    const [worker = master.pid] = childrenOf(master.pid);
    const path = join(folder, 'dump.core');
    dumpCore(worker, path);
    // Killed outright, the master would leave its worker behind.
    process.kill(master.pid, 'SIGTERM');
    await setTimeout(200);
    return { path, keys };
  },
};
