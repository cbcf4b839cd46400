/** Redaction as a child process: what comes out is searched by dumpsieve and by the independent search of `corpus/`. */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entry as tarEntry } from '../corpus/containers/tar.ts';
import { writeZip } from '../corpus/containers/zip.ts';
import { LAYOUTS, writeNumber } from '../corpus/encode/numbers.ts';
import { concat } from '../corpus/encode/text.ts';
import { samples as elfCores } from '../corpus/formats/elf-core.ts';
import { samples as minidumps } from '../corpus/formats/minidump.ts';
import { createMake } from '../corpus/make.ts';
import { createLeakSearch } from '../corpus/spellings.ts';
import { runCli } from './support/run-cli.ts';

const make = createMake('redact');
const rsa = make.rsa();
const ec = make.ec();
const ed = make.okp();
const secrets = [rsa, ec, ed].flatMap((key) => make.secrets(key));
const findLeaks = createLeakSearch(secrets);
const ascii = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text));
const rsaPem = make.pem('PRIVATE KEY', make.pkcs8(rsa));

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'dumpsieve-redact-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const dumpsieve = (args: readonly string[], input?: Uint8Array) => runCli(args, { cwd: root, input });

/** Redacts `bytes` and returns what was written; fails when that is not clean for dumpsieve. */
async function redact(bytes: Uint8Array, ...options: string[]): Promise<Buffer> {
  writeFileSync(join(root, 'in'), bytes);
  rmSync(join(root, 'out'), { force: true });
  const { code, stderr } = await dumpsieve(['redact', 'in', 'out', ...options]);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(readFileSync(join(root, 'in')).equals(bytes)).toBe(true);
  // With memory keys, redact itself has scanned it.
  const scanned = await dumpsieve(['scan', 'out', '--allow-gaps', 'all', '--fail-on', 'info']);
  expect(scanned.stdout).not.toMatch(/proven|likely/);
  expect(scanned.code).toBe(0);
  return readFileSync(join(root, 'out'));
}

/** Bytes that differ. */
const countChanged = (a: Uint8Array, b: Uint8Array): number =>
  a.reduce((sum, byte, i) => sum + (byte === b[i] ? 0 : 1), 0);

const documents: readonly (readonly [string, Uint8Array])[] = [
  ['PEM', ascii(rsaPem)],
  ['PKCS#1 DER', make.pkcs1(rsa)],
  ['SEC1 DER', make.sec1(ec)],
  ['JWK', ascii(JSON.stringify(make.jwk(ec)))],
  ['PEM in UTF-16', make.utf16le(make.pem('PRIVATE KEY', make.pkcs8(ed)))],
  ['PEM in UTF-16, big-endian', make.utf16be(make.pem('PRIVATE KEY', make.pkcs8(ed)))],
  ['base64 DER', ascii(make.base64(make.pkcs8(rsa)))],
];

describe('redact', () => {
  it.each(documents)('zeroes %s in memory', async (_, document) => {
    const bytes = concat(make.bytes(5000), new Uint8Array(64), document, new Uint8Array(64), make.bytes(3000));
    const out = await redact(bytes);
    expect(out.length).toBe(bytes.length);
    expect(findLeaks(out)).toEqual([]);
    const [from, to] = [5064, 5064 + document.length];
    expect(out.subarray(0, from).equals(bytes.subarray(0, from))).toBe(true);
    expect(out.subarray(to).equals(bytes.subarray(to))).toBe(true);
  });

  it('follows every number of a key that was found, in every layout, and in text', async () => {
    const numbers = [rsa.p, rsa.q, rsa.d, rsa.dp, rsa.dq, rsa.qi].map((value) => make.be(value));
    const copies = numbers.flatMap((value) => [
      ...LAYOUTS.map((layout) => writeNumber(layout, value)),
      ascii(make.hex(value)),
      ascii(make.hex(value).toUpperCase()),
      ascii(make.base64url(value)),
      ascii(BigInt(`0x${make.hex(value)}`).toString()),
      make.utf16le(make.base64(value)),
    ]);
    const bytes = concat(
      new Uint8Array(4096),
      make.pkcs1(rsa),
      ...copies.flatMap((copy) => [new Uint8Array(24 + (copy.length % 7)), copy]),
      new Uint8Array(4096),
    );
    const out = await redact(bytes);
    expect(out.length).toBe(bytes.length);
    expect(findLeaks(out)).toEqual([]);
  });

  it('follows what is left of a number that was partly overwritten', async () => {
    const freed = make.le(rsa.p).slice();
    freed.fill(0xaa, 0, 16);
    const out = await redact(concat(ascii(rsaPem), new Uint8Array(100), freed, new Uint8Array(100)));
    expect(findLeaks(out)).toEqual([]);
  });

  it('follows the fragments that V8 keeps of strings that were joined', async () => {
    const d = make.base64url(ed.d);
    const json = {
      strings: [make.pem('PRIVATE KEY', make.pkcs8(ed)), d.slice(3), `${d.slice(17)}","x":`, d.slice(0, 26)],
    };
    const out = await redact(ascii(JSON.stringify(json, null, 2)));
    for (let at = 0; at + 24 <= d.length; at++) expect(out.includes(d.slice(at, at + 24))).toBe(false);
  });

  it('leaves JSON valid, and fills strings and the private members of a JWK', async () => {
    const json = {
      ['a\u00e9"b']: 1,
      key: rsaPem,
      escaped: `x\\${rsaPem}\u001f`,
      jwk: make.jwk(ec),
      nested: JSON.stringify(make.jwk(ed)),
      buffer: Buffer.from(make.pkcs8(ec)).toJSON(),
      solana: Array.from(make.concat(ed.d, ed.x)),
      after: [1, 2, 'x'],
    };
    const bytes = ascii(JSON.stringify(json, null, 2));
    const out = await redact(bytes);
    expect(out.length).toBe(bytes.length);
    expect(findLeaks(out)).toEqual([]);
    const read = JSON.parse(out.toString()) as typeof json;
    expect(read).toMatchObject({ ['a\u00e9"b']: 1, after: [1, 2, 'x'] });
    for (const octets of [read.solana, read.buffer.data]) {
      expect(octets.filter((octet) => octet !== 1 && octet !== 11)).toEqual([]);
    }
    expect(read.jwk).toEqual({ ...make.jwk(ec), d: expect.stringMatching(/^\*+$/) as unknown });
  });

  it('never splits an escape', async () => {
    const escaped = Array.from(make.base64(make.pkcs8(rsa)), (char) =>
      /[+/]/.test(char) ? `\\u00${char.charCodeAt(0).toString(16)}` : char,
    ).join('');
    const bytes = ascii(`{"a":"\\u0041${rsaPem.replaceAll('\n', '\\n')}\\u0042","b":"${escaped}"}`);
    const out = await redact(bytes);
    expect(() => JSON.parse(out.toString()) as unknown).not.toThrow();
  });

  it('keeps nothing of how many digits an octet has', async () => {
    const list = Array.from(make.concat(ed.d, ed.x)).join('\n');
    const out = await redact(ascii(`key: ${list}\nend\n`));
    expect(out.toString()).toMatch(/^key: \*+\nend\n$/);
  });

  it('keeps the lines of text', async () => {
    const bytes = ascii(`before\r\n${rsaPem}after\n`);
    const out = await redact(bytes);
    expect(out.toString()).toMatch(/^before\r\n\*+\n[*\n]*after\n$/);
  });
});

describe.each([
  ['ELF core', elfCores()],
  ['minidump', minidumps()],
] as const)('redact %s', (_, dumps) => {
  const planted = dumps.flatMap((dump) => {
    const place = dump.expected.find(({ start, end, kind }) => end - start >= 2048 && /heap|stack|memory/.test(kind));
    return place ? [{ dump, at: place.start + 128 }] : [];
  });

  it.each(planted.map(({ dump, at }) => [dump.name, dump, at] as const))('%s', async (_name, dump, at) => {
    const bytes = dump.bytes.slice();
    const document = make.pkcs1(rsa);
    bytes.fill(0, at - 16, at + document.length + 16);
    bytes.set(document, at);
    const out = await redact(bytes, '--allow-gaps', 'all');
    expect(out.length).toBe(bytes.length);
    expect(findLeaks(out)).toEqual([]);
    expect(countChanged(out, bytes)).toBeLessThanOrEqual(document.length);
  });
});

const has = (program: string): boolean => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;

function output(program: string, ...args: string[]): Buffer {
  const { stdout, status, stderr } = spawnSync(program, args, { cwd: root, maxBuffer: 2 ** 26 });
  expect({ program, status, stderr: stderr.toString() }).toMatchObject({ status: 0 });
  return stdout;
}

describe('redact containers', () => {
  const plain = concat(make.bytes(70_000), new Uint8Array(40), make.pkcs1(rsa), new Uint8Array(40), make.bytes(500));
  const other = ascii('nothing to see\n'.repeat(500));
  const expectClean = (content: Uint8Array): void => {
    expect(content.length).toBe(plain.length);
    expect(findLeaks(content)).toEqual([]);
    expect(countChanged(content, plain)).toBeGreaterThan(500);
    expect(Buffer.from(content.subarray(0, 70_000)).equals(plain.subarray(0, 70_000))).toBe(true);
  };

  it('gzip, with its name', async () => {
    const bytes = gzipSync(plain);
    const named = concat(
      bytes.subarray(0, 3),
      Uint8Array.of(8),
      bytes.subarray(4, 10),
      ascii('core\0'),
      bytes.subarray(10),
    );
    const out = await redact(named);
    expect(out.subarray(0, 15).equals(named.subarray(0, 15))).toBe(true);
    expectClean(gunzipSync(out));
  });

  it.skipIf(!has('zstd'))('zstd', async () => {
    writeFileSync(join(root, 'plain'), plain);
    await redact(output('zstd', '-qc', 'plain'));
    expectClean(output('zstd', '-dc', 'out'));
  });

  it.skipIf(!has('tar'))('tar, in place', async () => {
    const bytes = concat(tarEntry('a.txt', other), tarEntry('core', plain), tarEntry('z', other), new Uint8Array(1024));
    const out = await redact(bytes);
    expect(out.length).toBe(bytes.length);
    expect(output('tar', '-tf', 'out').toString()).toBe('a.txt\ncore\nz\n');
    expectClean(output('tar', '-xOf', 'out', 'core'));
  });

  it.skipIf(!has('unzip')).each(['stored', 'deflate', 'signed', 'bare', 'zip64'] as const)('zip, %s', async (kind) => {
    const file = {
      deflate: kind !== 'stored',
      ...((kind === 'signed' || kind === 'bare') && { descriptor: kind }),
      zip64: kind === 'zip64',
    };
    const bytes = writeZip(
      [
        { name: 'a.txt', content: other, deflate: true },
        { name: 'core', content: plain, ...file },
        { name: 'z', content: other, deflate: true },
      ],
      { comment: 'of the archive', zip64: kind === 'zip64' },
    );
    const out = await redact(bytes);
    if (kind === 'stored') expect(out.length).toBe(bytes.length);
    output('unzip', '-tq', 'out');
    expectClean(output('unzip', '-p', 'out', 'core'));
    expect(output('unzip', '-p', 'out', 'z').equals(other)).toBe(true);
  });

  it.skipIf(!has('unzip'))('a core in gzip in tar in gzip in zip', async () => {
    const tar = concat(
      tarEntry('a', other),
      tarEntry('core.gz', gzipSync(plain)),
      tarEntry('z', other),
      new Uint8Array(1024),
    );
    const bytes = writeZip([
      { name: 'bundle.tar.gz', content: gzipSync(tar) },
      { name: 'z', content: other, deflate: true },
    ]);
    await redact(bytes);
    output('unzip', '-tq', 'out');
    writeFileSync(join(root, 'inner.tar'), gunzipSync(output('unzip', '-p', 'out', 'bundle.tar.gz')));
    expect(output('tar', '-xOf', 'inner.tar', 'z').equals(other)).toBe(true);
    expectClean(gunzipSync(output('tar', '-xOf', 'inner.tar', 'core.gz')));
  });

  it('Apport', async () => {
    const dump = gzipSync(plain);
    const line = (bytes: Uint8Array): string => ` ${Buffer.from(bytes).toString('base64')}\n`;
    const before = 'ProblemType: Crash\nCoreDump: base64\n';
    const bytes = ascii(
      `${before}${line(dump.subarray(0, 10))}${line(dump.subarray(10))}ProcEnviron:\n A=b\nUname: Linux\n`,
    );
    const out = (await redact(bytes)).toString();
    expect(out.startsWith(before)).toBe(true);
    expect(out.endsWith('ProcEnviron:\n A=b\nUname: Linux\n')).toBe(true);
    const lines = out
      .split('\n')
      .slice(2)
      .filter((text) => text.startsWith(' ') && !text.includes('A=b'));
    expectClean(gunzipSync(Buffer.concat(lines.map((text) => Buffer.from(text.slice(1), 'base64')))));
  });

  it.skipIf(!has('bzip2'))('refuses what it cannot write again, and names the member', async () => {
    writeFileSync(join(root, 'plain'), plain);
    writeFileSync(join(root, 'core.bz2'), output('bzip2', '-c', 'plain'));
    const { code, stderr } = await dumpsieve(['redact', 'core.bz2', 'refused']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/bzip2 is not among the containers/);
    expect(existsSync(join(root, 'refused'))).toBe(false);
  });
});

describe('redact: the command', () => {
  it('replaces the input only when asked to, and leaves no draft', async () => {
    const path = join(root, 'own');
    writeFileSync(path, rsaPem, { mode: 0o640 });
    symlinkSync('own', join(root, 'link'));
    expect((await dumpsieve(['redact', 'own', 'own'])).code).toBe(2);
    expect((await dumpsieve(['redact', 'own', 'link'])).code).toBe(2);
    expect((await dumpsieve(['redact', 'own'])).code).toBe(2);
    expect(readFileSync(path, 'utf8')).toBe(rsaPem);
    expect((await dumpsieve(['redact', 'link', '--in-place'])).code).toBe(0);
    expect(findLeaks(readFileSync(path))).toEqual([]);
    expect(statSync(path).mode & 0o777).toBe(0o640);
    expect(statSync(path).size).toBe(rsaPem.length);
    expect(readdirSync(root).filter((name) => name.includes('dumpsieve'))).toEqual([]);
  });

  it('takes standard input and output', async () => {
    const { code, stdout, stdoutBytes } = await dumpsieve(['redact', '-', '-'], ascii(`log\n${rsaPem}`));
    expect(code).toBe(0);
    expect(stdout).toMatch(/^log\n\*+/);
    expect(findLeaks(stdoutBytes)).toEqual([]);
  });

  it('refuses gaps unless they are allowed', async () => {
    writeFileSync(join(root, 'cut.gz'), gzipSync(make.bytes(5000)).subarray(0, 3000));
    const refused = await dumpsieve(['redact', 'cut.gz', 'cut.out']);
    expect(refused).toMatchObject({ code: 3 });
    expect(refused.stderr).toMatch(/truncated/);
    expect(existsSync(join(root, 'cut.out'))).toBe(false);
    expect((await dumpsieve(['redact', 'cut.gz', 'cut.out', '--allow-gaps', 'truncated'])).code).toBe(0);
  });

  it('removes whole regions', async () => {
    const [dump] = elfCores();
    writeFileSync(join(root, 'core'), dump!.bytes);
    expect((await dumpsieve(['redact', 'core', 'core.out', '--also', 'stacks,environ'])).code).toBe(0);
    const out = readFileSync(join(root, 'core.out'));
    for (const { start, end, kind } of dump!.expected) {
      if (kind === 'stack') expect(out.subarray(start, end).every((byte) => byte === 0)).toBe(true);
      if (kind === 'heap') expect(out.subarray(start, end).equals(dump!.bytes.subarray(start, end))).toBe(true);
    }
  });

  it('says what it overwrote, and nothing of it', async () => {
    writeFileSync(join(root, 'said'), rsaPem);
    const { stderr } = await dumpsieve(['redact', 'said', 'said.out']);
    expect(stderr).toMatch(
      /overwrote 1 place of 1 finding\n.*RSA 2048-bit private key, public key [0-9a-f]{16}: 1 pem/,
    );
    expect(findLeaks(Buffer.from(stderr))).toEqual([]);
  });
});

describe('gate --redact', () => {
  const COPY = [process.execPath, '-e', 'process.stdout.write(require("fs").readFileSync(process.argv[1]))', '{}'];

  it('hands the command a redacted copy, which is gone afterwards, and says so in the verdict', async () => {
    writeFileSync(join(root, 'gated'), `log\n${rsaPem}`);
    const args = ['gate', 'gated', '--redact', '--verdict', 'verdict.json', '--', ...COPY];
    const { code, stdout, stdoutBytes, stderr } = await dumpsieve(args);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stdout).toMatch(/^log\n\*+/);
    expect(findLeaks(stdoutBytes)).toEqual([]);
    expect(stderr).toMatch(/open, for a redacted copy/);
    writeFileSync(join(root, 'copy'), stdoutBytes);
    const verdict = JSON.parse(readFileSync(join(root, 'verdict.json'), 'utf8')) as Record<string, unknown>;
    expect(verdict).toMatchObject({ verdict: 'clean', open: true, redactedFrom: [{ name: 'gated' }] });
    expect((await dumpsieve(['verify', 'copy', '--verdict', 'verdict.json'])).code).toBe(0);
    expect((await dumpsieve(['verify', 'gated', '--verdict', 'verdict.json'])).code).toBe(1);
  });

  it('hands on standard input redacted', async () => {
    const { code, stdout } = await dumpsieve(['gate', '-', '--redact'], ascii(`log\n${rsaPem}`));
    expect(code).toBe(0);
    expect(stdout).toMatch(/^log\n\*+/);
  });

  it('stays closed where something was not searched, and without a place for the copy', async () => {
    writeFileSync(join(root, 'cut2.gz'), gzipSync(make.bytes(5000)).subarray(0, 3000));
    const closed = await dumpsieve(['gate', 'cut2.gz', '--redact', '--', ...COPY]);
    expect({ code: closed.code, written: closed.stdoutBytes.length }).toEqual({ code: 3, written: 0 });
    expect((await dumpsieve(['gate', 'gated', '--redact', '--', 'cat'])).code).toBe(2);
  });
});
