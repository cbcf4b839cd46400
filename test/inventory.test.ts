/** `dumpsieve inventory` and `scan --inventory`: the built program as a child process. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { createMake } from '../corpus/make.ts';
import { cli } from './support/run-cli.ts';

const make = createMake('inventory-cli');
const [rsa, okp] = [make.rsa(2048), make.okp('Ed25519')];
const { n, e } = make.jwk(rsa);
const jwks = JSON.stringify({ keys: [{ kty: 'RSA', n, e, kid: 'k-2026' }] });
const FILE = 'dumpsieve.inventory.json';

const roots: string[] = [];
let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'dumpsieve-'));
  roots.push(root);
  writeFileSync(join(root, 'jwks.json'), jwks);
  writeFileSync(join(root, 'ed25519.pem'), make.pem('PUBLIC KEY', make.spki(okp)));
  writeFileSync(join(root, 'private.pem'), make.pem('PRIVATE KEY', make.pkcs8(okp)));
});
afterAll(() => {
  for (const path of roots) rmSync(path, { recursive: true });
});

function dumpsieve(args: readonly string[], input = '') {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
    cwd: root,
    input,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}
const inventory = (...args: string[]) => dumpsieve(['inventory', ...args]);

describe('inventory', () => {
  it('adds, lists and removes keys', () => {
    expect(inventory('add', 'jwks.json', 'ed25519.pem')).toEqual({
      status: 0,
      stdout: `jwks.json: 1 key added\ned25519.pem: 1 key added\n${FILE}: 2 keys\n`,
      stderr: '',
    });
    const { stdout } = inventory('list');
    expect(stdout.trimEnd().split('\n')).toEqual([
      `${make.publicKeySha256(okp)}  Ed25519   public-key  ed25519.pem`,
      `${make.publicKeySha256(rsa)}  RSA 2048  jwk         k-2026`,
    ]);
    expect(inventory('list', '--json').stdout).toBe(readFileSync(join(root, FILE), 'utf8'));
    expect(inventory('remove', 'ed25519.pem')).toMatchObject({ status: 0, stdout: `${FILE}: 1 key removed, 1 left\n` });
    expect(inventory('remove', make.publicKeySha256(rsa)).status).toBe(0);
    expect(inventory('list').stdout).toBe(`${FILE}: no keys\n`);
    expect(readdirSync(root).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('takes labels, other files, and standard input', () => {
    expect(dumpsieve(['inventory', 'add', '-', '--label', 'prod', '--inventory', 'own.json'], jwks)).toMatchObject({
      status: 0,
    });
    expect(existsSync(join(root, FILE))).toBe(false);
    expect(inventory('list', '--inventory', 'own.json').stdout).toMatch(/ prod, kid k-2026\n$/);
  });

  it('refuses private keys, and changes nothing', () => {
    inventory('add', 'jwks.json');
    const before = readFileSync(join(root, FILE), 'utf8');
    const { status, stdout, stderr } = inventory('add', 'ed25519.pem', 'private.pem');
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toBe(
      'dumpsieve: "private.pem" holds a private key: an inventory is for public keys only; give its certificate or public key\n',
    );
    expect(readFileSync(join(root, FILE), 'utf8')).toBe(before);
  });

  it.each([
    ['nothing', [], 'say what to do with the inventory'],
    ['no file', ['add'], 'name files of public keys'],
    ['a missing file', ['add', 'absent.pem'], '"absent.pem" can\'t be read'],
    ['no inventory', ['list'], 'does not exist'],
    ['an unknown key', ['remove', 'absent'], 'does not exist'],
    ['an unknown action', ['nonsense'], 'nonsense'],
    ['a folder', ['add', 'jwks.json', '--inventory', 'absent/inv.json'], "can't be written"],
  ])('%s: exit 2 and one clear message', (_, args, message) => {
    const { status, stdout, stderr } = inventory(...args);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^dumpsieve: [^\n]+\n$/);
    expect(stderr).toContain(message);
  });
});

describe('scan --inventory', () => {
  interface Report {
    readonly findings: { severity: string; traits: Record<string, string>; places: { start: number; end: number }[] }[];
  }
  const scan = (...args: string[]): Report => {
    const { stdout, stderr } = dumpsieve(['scan', '--format', 'json', ...args]);
    expect(stderr).toBe('');
    return JSON.parse(stdout) as Report;
  };

  it('names the entry of a key that is found', () => {
    inventory('add', 'ed25519.pem', '--label', 'prod-signing-2026');
    const { findings } = scan('private.pem', '--inventory', FILE);
    expect(findings).toMatchObject([{ severity: 'critical', traits: { inventory: 'prod-signing-2026' } }]);
    expect(scan('private.pem').findings[0]!.traits).not.toHaveProperty('inventory');
    const { stdout } = dumpsieve(['scan', 'private.pem', '--inventory', FILE]);
    expect(stdout).toMatch(/inventory +prod-signing-2026\n/);
  });

  it('finds one prime alone, which proves nothing without it', () => {
    inventory('add', 'jwks.json', '--label', 'login');
    const { p } = make.jwk(rsa);
    const noise = () => make.concat(new Uint8Array(3000), make.base64url(make.bytes(128)), new Uint8Array(3000));
    writeFileSync(join(root, 'core'), make.concat(noise(), p!, noise()));
    expect(scan('core').findings).toEqual([]);
    const { findings } = scan('core', '--inventory', FILE);
    const traits = { inventory: 'login', inventoryKid: 'k-2026', proof: 'n%p=0' };
    expect(findings).toMatchObject([
      { severity: 'critical', traits: { ...traits, publicKeySha256: make.publicKeySha256(rsa) } },
    ]);
    const { start, end } = findings[0]!.places[0]!;
    expect([start, end - start]).toEqual([noise().length, p!.length]);
  });

  it('works in workers', () => {
    inventory('add', 'jwks.json', 'ed25519.pem');
    const { p } = make.jwk(rsa);
    writeFileSync(join(root, 'core'), make.concat(new Uint8Array(3000), p!, new Uint8Array(3000)));
    writeFileSync(join(root, 'zeros'), '');
    // Enough to make the work large.
    truncateSync(join(root, 'zeros'), 520 * 1024 * 1024);
    const { findings } = scan('.', '--inventory', FILE, '--threads', '2');
    expect(findings.map(({ traits }) => traits['inventory']).sort()).toEqual(['ed25519.pem', 'k-2026']);
  }, 60_000);

  it('takes several inventories', () => {
    inventory('add', 'jwks.json', '--inventory', 'one.json');
    inventory('add', 'ed25519.pem', '--inventory', 'two.json', '--label', 'second');
    const args = ['private.pem', '--inventory', 'one.json', '--inventory', 'two.json'];
    expect(scan(...args).findings).toMatchObject([{ traits: { inventory: 'second' } }]);
  });

  it('refuses an inventory that is broken or not there', () => {
    writeFileSync(join(root, 'broken.json'), '{"schema":"dumpsieve-inventory/1","entries":[{}]}');
    for (const [file, message] of [
      ['broken.json', 'entries[0].'],
      ['absent.json', 'does not exist'],
    ]) {
      const { status, stderr } = dumpsieve(['scan', 'private.pem', '--inventory', file!]);
      expect(status).toBe(2);
      expect(stderr).toContain(message);
    }
  });
});
