/** The built program in a folder of its own, with the files of docs/rules.md, a rule and a dump that it finds something in. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { type Outcome, runCli } from './run-cli.ts';

export const make = createMake('rules-cli');
const LOWER36 = 'abcdefghijklmnopqrstuvwxyz0123456789';

export const rulesDocs = readFileSync(new URL('../../docs/rules.md', import.meta.url), 'utf8');

/** What the rule of docs/rules.md finds in `dump`. */
export const secret = `acme_live_${make.text(24, LOWER36)}`;

let root: string;

/** Path of a file in the folder. */
export const at = (name: string): string => join(root, name);

/** The configuration of docs/rules.md. */
export const config = (): string => at('docs/dumpsieve.config.toml');

/** Makes the folder before the tests of a file, and removes it behind them. */
export function useRulesFolder(): void {
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'dumpsieve-'));
    for (const name of ['docs', 'empty', 'config']) mkdirSync(at(name));
    for (const [, name, text] of rulesDocs.matchAll(/```\w+ file=(\S+)\n([\s\S]*?)```/g))
      writeFileSync(at(`docs/${name}`), text!);
    writeFileSync(at('dump'), make.concat(make.bytes(5000), `\0ACME=${secret}\0`, make.bytes(5000)));
    writeFileSync(at('clean'), 'nothing');
    writeFileSync(
      at('broken.toml'),
      '[[rules]]\nid = "behind"\nregex = \'\'\'(?<=x)abcd\'\'\'\n[[rules]]\nid = "good"\nregex = "abcd"',
    );
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));
}

/** Runs `dumpsieve ...args` in one of the folders. */
export const dumpsieve = (args: readonly string[], folder = 'empty'): Promise<Outcome> =>
  runCli(args, { cwd: at(folder) });
