/**
 * Redaction of what runtimes write about themselves, with keys in the forms in which their programs hold them: nothing is
 * left for dumpsieve, `strings` and the brute-force search, and each is still what it was.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { searchResidue } from '../corpus/brute/residue.ts';
import { numbersOf, writePems } from '../corpus/real/fresh-keys.ts';
import { type PlantedKeys, plantKeys } from '../corpus/real/planted-keys.ts';
import { endAll, run, start, succeeds } from '../corpus/real/program.ts';
import goHeapDump from '../src/formats/go-heapdump.ts';
import hprof from '../src/formats/hprof.ts';
import type { Format } from '../src/model/format.ts';
import { openFile } from '../src/sources/file-input.ts';
import { cli } from './support/run-cli.ts';

/** Keeps each key as text, octets, a key object, numbers, and characters. */
const JAVA = `
import java.math.BigInteger;
import java.nio.file.*;
import java.security.*;
import java.security.spec.*;
import java.util.*;
public class Holder {
  static List<Object> kept = new ArrayList<>();
  public static void main(String[] args) throws Exception {
    for (String kind : new String[] {"RSA-2048", "P-256", "Ed25519"}) {
      String pem = Files.readString(Path.of(kind + ".pem"));
      byte[] der = Base64.getDecoder().decode(pem.replaceAll("-----[^-]+-----|\\n", ""));
      kept.addAll(List.of(pem, pem.toCharArray(), der, HexFormat.of().formatHex(der), "{\\"key\\":\\"" + pem.replace("\\n", "\\\\n") + "\\"}"));
      String algorithm = kind.startsWith("RSA") ? "RSA" : kind.startsWith("P-") ? "EC" : "Ed25519";
      kept.add(KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der)));
    }
    for (String number : args) kept.add(new BigInteger(number, 16));
    System.out.println("ready");
    Thread.sleep(600_000);
  }
}`;

const GO = `
package main
import ("crypto/x509"; "encoding/hex"; "encoding/pem"; "os"; "runtime/debug")
var kept []any
func main() {
	for _, kind := range []string{"RSA-2048", "P-256", "Ed25519"} {
		text, _ := os.ReadFile(kind + ".pem")
		block, _ := pem.Decode(text)
		key, _ := x509.ParsePKCS8PrivateKey(block.Bytes)
		kept = append(kept, text, string(text), block.Bytes, hex.EncodeToString(block.Bytes), key)
	}
	file, _ := os.Create(os.Args[1])
	debug.WriteHeapDump(file.Fd())
	file.Close()
	os.Stdout.WriteString(kept[1].(string)[:0])
}`;

const NODE = `
const { readFileSync } = require('fs');
const { createPrivateKey } = require('crypto');
globalThis.kept = ['RSA-2048', 'P-256', 'Ed25519'].map((kind) => {
  const pem = readFileSync(kind + '.pem', 'utf8');
  const key = createPrivateKey(pem);
  const jwk = key.export({ format: 'jwk' });
  const der = key.export({ format: 'der', type: 'pkcs8' });
  return { pem, key, jwk, text: JSON.stringify({ jwk, pem }), hex: der.toString('hex'), base64: der.toString('base64') };
});
require('v8').writeHeapSnapshot('x.heapsnapshot');
process.report.writeReport('x.report.json');
`;

describe.skipIf(!succeeds(['strings', '--version']))('redacts', () => {
  let folder = '';
  let planted: PlantedKeys;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'dumpsieve-redact-runtimes-'));
    planted = plantKeys();
    writePems(folder, planted.keys);
  });
  afterAll(() => {
    endAll();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Returns the path of the redacted file. */
  function expectRedacted(path: string, keys = planted.keys): string {
    const out = `${path}.redacted`;
    for (const key of keys) expect(searchResidue(path, [key])).not.toEqual([]);
    const { status, stderr } = spawnSync(process.execPath, [cli, 'redact', path, out], { encoding: 'utf8' });
    expect({ status, stderr }).toMatchObject({ status: 0 });
    expect(statSync(out).size).toBe(statSync(path).size);
    expect(searchResidue(out, keys)).toEqual([]);
    for (const width of ['s', 'l', 'b']) {
      const texts = join(folder, 'strings');
      writeFileSync(texts, spawnSync('strings', ['-n', '8', '-e', width, out], { maxBuffer: 1 << 29 }).stdout);
      expect(searchResidue(texts, keys)).toEqual([]);
    }
    const scan = spawnSync(process.execPath, [cli, 'scan', out, '--format', 'json'], { encoding: 'utf8' });
    const { findings } = JSON.parse(scan.stdout) as { findings: { verdict: string }[] };
    expect(findings.filter(({ verdict }) => verdict !== 'known')).toEqual([]);
    return out;
  }

  async function expectSameLayout(format: Format, path: string, out: string): Promise<void> {
    const [before, after] = await Promise.all([path, out].map((file) => format.readLayout(openFile(file))));
    expect(after!.gaps).toEqual([]);
    expect(after!.regions).toEqual(before!.regions);
  }

  it.runIf(succeeds(['javac', '-version']) && succeeds(['jmap', '-h']))('a Java heap dump', async () => {
    writeFileSync(join(folder, 'Holder.java'), JAVA);
    run('javac', ['Holder.java'], folder);
    const options = ['-Xmx64m', '-XX:+UseSerialGC', '-cp', folder];
    const numbers = planted.keys.flatMap(({ key }) => numbersOf(key));
    const program = await start('java', [...options, 'Holder', ...numbers], { folder, ready: /ready/ });
    const path = join(folder, 'x.hprof');
    run('jmap', [`-dump:live,format=b,file=${path}`, String(program.pid)], folder);
    program.end();
    await expectSameLayout(hprof, path, expectRedacted(path));
  });

  it.runIf(succeeds(['go', 'version']))('a Go heap dump', async () => {
    writeFileSync(join(folder, 'heap.go'), GO);
    run('go', ['build', '-o', 'heap', 'heap.go'], folder, { GO111MODULE: 'off', GOFLAGS: '' });
    const path = join(folder, 'x.goheap');
    run(join(folder, 'heap'), [path], folder);
    await expectSameLayout(goHeapDump, path, expectRedacted(path));
  });

  it('a heap snapshot and a report of Node.js', () => {
    writeFileSync(join(folder, 'x.cjs'), NODE);
    const [rsa, ec] = planted.keys;
    const base64 = ec!.keyObject.export({ format: 'der', type: 'pkcs8' }).toString('base64');
    run(process.execPath, ['x.cjs', base64], folder, { PLANTED: rsa!.pem });
    type Snapshot = { strings: string[]; nodes: number[]; edges: number[] };
    const parse = <T>(path: string): T => JSON.parse(readFileSync(path, 'utf8')) as T;
    const path = join(folder, 'x.heapsnapshot');
    const [before, after] = [parse<Snapshot>(path), parse<Snapshot>(expectRedacted(path))];
    expect([after.nodes, after.edges]).toEqual([before.nodes, before.edges]);
    expect(after.strings.length).toBe(before.strings.length);
    const report = join(folder, 'x.report.json');
    type NodeReport = { environmentVariables: Record<string, string> };
    const clean = parse<NodeReport>(expectRedacted(report, [rsa!, ec!]));
    expect(clean.environmentVariables['PLANTED']).toMatch(/^[\s*]*$/);
    expect(Object.keys(clean)).toEqual(Object.keys(parse<NodeReport>(report)));
  });
});
