/** Keys as real programs print them: each file must give the key's public half away as proven. */
import { execFileSync } from 'node:child_process';
import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { generateKey } from '../corpus/generate-key.ts';
import { succeeds } from '../corpus/real/program.ts';
import type { Report } from '../corpus/scan-dump.ts';
import { runCli } from './support/run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'dumpsieve-printed-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const KEYS: readonly (readonly [string, KeyObject])[] = [
  ['RSA', generateKey('rsa', { modulusLength: 2048 })],
  ['P-256', generateKey('ec', { namedCurve: 'P-256' })],
  ['P-521', generateKey('ec', { namedCurve: 'P-521' })],
  ['Ed25519', generateKey('ed25519')],
];

const run = (command: string, ...args: readonly string[]): string =>
  execFileSync(command, args, { cwd: folder, encoding: 'latin1', stdio: ['ignore', 'pipe', 'ignore'] });

/** By program: what it prints of the key in `key.der`, which is PKCS#8, and whether it can be asked. */
const PROGRAMS: readonly (readonly [string, probe: readonly string[], print: () => string])[] = [
  [
    'openssl pkey -text',
    ['openssl', 'version'],
    () => run('openssl', 'pkey', '-in', 'key.der', '-inform', 'DER', '-noout', '-text'),
  ],
  ['certtool', ['certtool', '--version'], () => run('certtool', '--key-info', '--inder', '--infile', 'key.der')],
  ['xxd -p', ['xxd', '-v'], () => run('xxd', '-p', 'key.der')],
  ['xxd -i', ['xxd', '-v'], () => run('xxd', '-i', 'key.der')],
  ['od', ['od', '--version'], () => run('od', '-An', '-v', '-t', 'u1', 'key.der')],
  ['hexdump', ['od', '--version'], () => run('od', '-An', '-v', '-t', 'x1', 'key.der')],
  [
    'JSON of a Buffer',
    ['node', '-v'],
    () => run('node', '-p', 'JSON.stringify({ key: require("fs").readFileSync("key.der") })'),
  ],
  [
    'JSON of a Buffer, indented',
    ['node', '-v'],
    () => run('node', '-p', 'JSON.stringify({ key: require("fs").readFileSync("key.der") }, null, 2)'),
  ],
  ['repr of bytes', ['python3', '-V'], () => run('python3', '-c', 'print(repr(open("key.der", "rb").read()))')],
  ['list of bytes', ['python3', '-V'], () => run('python3', '-c', 'print(list(open("key.der", "rb").read()))')],
  ['hex of bytes', ['python3', '-V'], () => run('python3', '-c', 'print(open("key.der", "rb").read().hex(" "))')],
  ['Perl', ['perl', '-v'], () => run('perl', '-e', 'local $/; open F, "key.der"; print join ",", unpack "C*", <F>')],
  ['inspect of Ruby', ['ruby', '-v'], () => run('ruby', '-e', 'p File.binread("key.der")')],
];

describe.each(PROGRAMS)('%s', (name, [command = '', ...args], print) => {
  it.runIf(succeeds([command, ...args]))('prints keys that are proven', async () => {
    for (const [i, [, key]] of KEYS.entries()) {
      writeFileSync(join(folder, 'key.der'), key.export({ format: 'der', type: 'pkcs8' }));
      const text = print().replace(/-----BEGIN.*-----END[^\n]*\n/s, '');
      writeFileSync(join(folder, `${i}.log`), `${name}\n${text}\nend\n`, 'latin1');
    }
    const files = KEYS.map((_, i) => `${i}.log`);
    const options = ['--format', 'json', '--fail-on', 'none', '--quiet'];
    const { stdout } = await runCli(['scan', ...files, ...options], { cwd: folder });
    const { findings } = JSON.parse(stdout) as Report;
    const proven = findings.filter(({ verdict }) => verdict === 'proven').map(({ traits }) => traits.publicKeySha256);
    const expected = KEYS.map(([, key]) =>
      createHash('sha256')
        .update(createPublicKey(key).export({ format: 'der', type: 'spki' }))
        .digest('hex'),
    );
    expect(new Set(proven)).toEqual(new Set(expected));
  });
});
