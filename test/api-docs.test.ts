/** The examples of docs/api.md, run as they stand there. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createMake } from '../corpus/make.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const text = readFileSync(join(root, 'docs/api.md'), 'utf8');
const examples = [...text.matchAll(/```js example\n([\s\S]*?)```/g)].map((match) => match[1]!);
const EXPECTED = ['findings false 1\n', /^(found RSA\n)+keys 1\n$/, 'upload\n', '[ 1, 0 ]\n', "[ 'rule:acme' ]\n"];

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dumpsieve-docs-'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules/dumpsieve'), 'dir');
  const make = createMake('api-docs');
  writeFileSync(join(folder, 'rules.toml'), '[[rules]]\nid = "acme"\nregex = "acme-[a-z]{10}"\n');
  writeFileSync(join(folder, 'notes.txt'), `acme-${make.text(10, 'abcdefghijklmnop')}`);
  writeFileSync(join(folder, 'core.1234'), make.concat(make.bytes(3000), make.pkcs8(make.rsa()), make.bytes(3000)));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('has as many examples as this test expects', () => {
  expect(examples).toHaveLength(EXPECTED.length);
});

it.each(examples.map((source, i) => [i + 1, source, EXPECTED[i]!] as const))(
  'example %i',
  async (i, source, expected) => {
    writeFileSync(join(folder, `${i}.mjs`), source);
    const { stdout } = await promisify(execFile)(process.execPath, [`${i}.mjs`], { cwd: folder });
    if (typeof expected === 'string') expect(stdout).toBe(expected);
    else expect(stdout).toMatch(expected);
  },
);
