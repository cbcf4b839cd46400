import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FreshKey, freshEc, freshKey, freshRsa, type Kind, writeCertificate, writePems } from './fresh-keys.ts';
import { coreOf, freePort, handshake, type Program, run, start } from './program.ts';
import type { Dump, Scenario } from './scenario.ts';

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
    return { path: coreOf(program, folder), keys };
  },
};

/** Signs with each key, drops the documents, and writes a heap dump. */
const SIGNER = `
package main
import ("crypto"; "crypto/rand"; "crypto/sha256"; "crypto/x509"; "encoding/pem"; "fmt"; "os"; "runtime"; "runtime/debug")
var kept []crypto.Signer
func load(path string) {
	text, err := os.ReadFile(path)
	if err != nil { panic(err) }
	block, _ := pem.Decode(text)
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil { panic(err) }
	signer := key.(crypto.Signer)
	digest := sha256.Sum256([]byte("something to sign"))
	var options crypto.SignerOpts = crypto.SHA256
	if _, err = signer.Sign(rand.Reader, digest[:], options); err != nil {
		if _, err = signer.Sign(rand.Reader, digest[:], crypto.Hash(0)); err != nil { panic(err) }
	}
	clear(text)
	clear(block.Bytes)
	kept = append(kept, signer)
}
func main() {
	for _, path := range os.Args[1:] { load(path) }
	runtime.GC()
	file, err := os.Create("heap.dump")
	if err != nil { panic(err) }
	debug.WriteHeapDump(file.Fd())
	file.Close()
	fmt.Println("ready")
	fmt.Scanln()
	runtime.KeepAlive(kept)
}`;

const SIGNER_KINDS: readonly Kind[] = ['RSA-2048', 'RSA-3072', 'P-256', 'P-384', 'P-521', 'Ed25519'];

async function startSigner(folder: string): Promise<{ program: Program; keys: readonly FreshKey[] }> {
  const keys = SIGNER_KINDS.map((kind) => freshKey(kind));
  writeFileSync(join(folder, 'signer.go'), SIGNER);
  run('go', ['build', '-o', 'signer', 'signer.go'], folder, { GO111MODULE: 'off', GOFLAGS: '' });
  return { program: await start(join(folder, 'signer'), writePems(folder, keys), { folder, ready: /ready/ }), keys };
}

export const goCore: Scenario = {
  name: 'go-core',
  title: 'Go signer that dropped its documents, core',
  needs: [['go', 'version']],
  async run(folder): Promise<Dump> {
    const { program, keys } = await startSigner(folder);
    return { path: coreOf(program, folder), keys };
  },
};

export const goHeapDump: Scenario = {
  name: 'go-heapdump',
  title: 'Go signer that dropped its documents, debug.WriteHeapDump',
  needs: [['go', 'version']],
  async run(folder): Promise<Dump> {
    const { program, keys } = await startSigner(folder);
    program.end();
    return { path: join(folder, 'heap.dump'), keys };
  },
};
