/** Hundreds of rules at once, and regexes that hang other engines. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMake } from '../corpus/make.ts';
import { loadRules } from '../src/index.ts';
import { generateGitleaksConfig } from './support/gitleaks-config.ts';
import { createScanner } from './support/scan-bytes.ts';

const RULES = 600;
const MIB = 1024 * 1024;

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'dumpsieve-'));
});
afterAll(() => rmSync(root, { recursive: true }));

async function load(name: string, text: string) {
  const path = join(root, name);
  writeFileSync(path, text);
  return loadRules([path]);
}

describe(`a configuration of ${RULES} rules`, () => {
  it('loads, says what it leaves out, and finds one secret for each rule in both widths', async () => {
    const make = createMake('gitleaks-config');
    const { toml, examples, rejected } = generateGitleaksConfig(make, RULES);
    const loaded = await load('generated.toml', toml);
    expect(loaded.rules.map(({ id }) => id)).toEqual([...examples.keys()]);
    expect(loaded.rejected.map(({ id }) => id)).toEqual([...rejected.keys()]);
    for (const { id, reason } of loaded.rejected) expect(reason).toContain(rejected.get(id)!);

    const scanner = await createScanner([], { rules: loaded.rules, chunkBytes: MIB });
    for (const encode of [make.ascii, make.utf16le, make.utf16be]) {
      const parts = [...examples.values()].map(({ text }) =>
        make.concat(make.bytes(301), '\0\0', encode(text), '\0\0'),
      );
      const { findings, gaps } = await scanner.scan(make.concat(...parts));
      expect(gaps).toEqual([]);
      expect(findings.map(({ detector }) => detector).sort()).toEqual([...examples.keys()].sort());
    }
  });
});

describe('a regex that makes other engines hang', () => {
  const REGEXES = [
    'acme(a+)+$',
    'acme(?:a|a)*b',
    'acme(?:.*)*x',
    'acme(?:[a-z]+)*[0-9]',
    '(?:a*)*acme(?:a?){30}a{30}b',
    '(?:[a-z]|acme){0,200}1',
  ];

  it.each([
    ['few keywords', 4096],
    ['keywords everywhere', 16],
  ])('takes time in proportion to one long line, with %s', async (_, distance) => {
    const toml = REGEXES.map((regex, i) => `[[rules]]\nid = "r${i}"\nregex = '${regex}'\nkeywords = ["acme"]`).join(
      '\n',
    );
    const { rules, rejected } = await load('redos.toml', toml);
    expect(rejected).toEqual([]);
    const scanner = await createScanner([], { rules, chunkBytes: MIB });
    const seconds: number[] = [];
    for (const bytes of [4 * MIB, 16 * MIB, 64 * MIB]) {
      const line = new Uint8Array(bytes).fill(0x61);
      const keyword = new TextEncoder().encode('acme');
      for (let at = 0; at + 4 < bytes; at += distance) line.set(keyword, at);
      const started = process.cpuUsage();
      const { findings } = await scanner.scan(line);
      const { user, system } = process.cpuUsage(started);
      expect(findings).toEqual([]);
      seconds.push((user + system) / 1e6);
    }
    // Four times the bytes: four times as long, give or take what the machine does besides.
    expect(seconds[2]! / seconds[1]!).toBeLessThan(8);
    expect(seconds[2]!, `${seconds.join(', ')} s`).toBeLessThan(120);
  });
});
