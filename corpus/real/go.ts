import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freshEc, freshRsa, writeCertificate } from './fresh-keys.ts';
import { dumpCore, freePort, handshake, run, start } from './program.ts';
import type { Scenario } from './scenario.ts';

const SERVER = `
package main
import ("crypto/tls"; "fmt"; "os")
func main() {
	var certificates []tls.Certificate
	for i := 2; i < len(os.Args); i += 2 {
		certificate, err := tls.LoadX509KeyPair(os.Args[i+1], os.Args[i])
		if err != nil { panic(err) }
		certificates = append(certificates, certificate)
	}
	listener, err := tls.Listen("tcp", "127.0.0.1:"+os.Args[1], &tls.Config{Certificates: certificates})
	if err != nil { panic(err) }
	fmt.Println("ready")
	for {
		connection, err := listener.Accept()
		if err != nil { panic(err) }
		connection.(*tls.Conn).Handshake()
		connection.Close()
	}
}`;

export const goTls: Scenario = {
  name: 'go',
  title: 'Go crypto/tls server, core after a handshake with each key',
  needs: [
    ['go', 'version'],
    ['openssl', 'version'],
  ],
  async run(folder) {
    const keys = [freshRsa('server certificate (RSA)'), freshEc('server certificate (EC)')] as const;
    const rsa = writeCertificate(folder, 'rsa', keys[0]);
    const ec = writeCertificate(folder, 'ec', keys[1]);
    writeFileSync(join(folder, 'server.go'), SERVER);
    run('go', ['build', '-o', 'server', 'server.go'], folder, { GO111MODULE: 'off', GOFLAGS: '' });
    const port = await freePort();
    const argv = [String(port), rsa.key, rsa.certificate, ec.key, ec.certificate];
    const program = await start(join(folder, 'server'), argv, { folder, ready: /ready/ });
    await handshake(port, 'RSA-2048');
    await handshake(port, 'P-256');
    const path = join(folder, 'dump.core');
    dumpCore(program.pid, path);
    program.end();
    return { path, keys };
  },
};
