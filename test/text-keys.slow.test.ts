/**
 * Keys on curves as wallets, web push and ECDH libraries keep them, texts in hex or base64, in the memory of a real process. Each is
 * proven by its public half, which is a text as well. Needs gdb.
 */
import { createHash, createPublicKey } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { generateKey } from '../corpus/generate-key.ts';
import { coreOf, endAll, start, succeeds } from '../corpus/real/program.ts';
import type { Report } from '../corpus/scan-dump.ts';
import { runCli } from './support/run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'dumpsieve-text-keys-'));
afterAll(() => {
  endAll();
  rmSync(folder, { recursive: true, force: true });
});

type TextEncoding = 'hex' | 'base64' | 'base64url';

/** On which curve, as which text, and whether the public point is compressed. */
const CASES = [
  ...(['P-256', 'P-384', 'P-521', 'secp256k1'] as const).flatMap((curve) => [
    { curve, encoding: 'hex', isCompressed: false } as const,
    { curve, encoding: 'base64', isCompressed: true } as const,
  ]),
  // Web push: VAPID.
  { curve: 'P-256', encoding: 'base64url', isCompressed: false },
  ...(['ed25519', 'x25519'] as const).flatMap((curve) => [
    { curve, encoding: 'hex', isCompressed: false } as const,
    { curve, encoding: 'base64', isCompressed: false } as const,
  ]),
] as const;

function textKey({ curve, encoding, isCompressed }: (typeof CASES)[number]): { texts: string[]; sha256: string } {
  const isEdwards = curve === 'ed25519' || curve === 'x25519';
  const key = isEdwards ? generateKey(curve) : generateKey('ec', { namedCurve: curve });
  const jwk = key.export({ format: 'jwk' }) as Record<'d' | 'x' | 'y', string>;
  const text = (...parts: readonly Buffer[]): string => Buffer.concat(parts).toString(encoding satisfies TextEncoding);
  const bytes = (member: 'd' | 'x' | 'y'): Buffer => Buffer.from(jwk[member], 'base64url');
  const point = (): string =>
    isCompressed
      ? text(Buffer.of(2 + (bytes('y').at(-1)! & 1)), bytes('x'))
      : text(Buffer.of(4), bytes('x'), bytes('y'));
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return {
    texts: [text(bytes('d')), isEdwards ? text(bytes('x')) : point()],
    sha256: createHash('sha256').update(spki).digest('hex'),
  };
}

const SERVICE = `
const { readFileSync } = require('node:fs');
globalThis.kept = JSON.parse(readFileSync('keys.json', 'latin1'));
gc();
process.stdin.resume();
console.log('ready');
`;

describe.runIf(succeeds(['gdb', '--version']))('in a core of Node.js', () => {
  it('proves keys that are texts', async () => {
    const keys = CASES.map(textKey);
    writeFileSync(join(folder, 'keys.json'), JSON.stringify(keys.map(({ texts: [d, q] }) => ({ d, q }))));
    writeFileSync(join(folder, 'service.cjs'), SERVICE);
    const program = await start(process.execPath, ['--expose-gc', 'service.cjs'], { folder, ready: /ready/ });
    const { stdout } = await runCli(
      ['scan', coreOf(program, folder), '--format', 'json', '--fail-on', 'none', '--quiet'],
      {
        cwd: folder,
      },
    );
    const { findings, gaps } = JSON.parse(stdout) as Report;
    expect(gaps).toEqual([]);
    const proven = findings.filter(({ verdict }) => verdict === 'proven').map(({ traits }) => traits.publicKeySha256);
    for (const [i, { sha256 }] of keys.entries()) expect(proven, JSON.stringify(CASES[i])).toContain(sha256);
    expect(new Set(proven).size).toBe(keys.length);
  }, 120_000);
});
