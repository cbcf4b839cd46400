/**
 * A Node process with a full heap, to be dumped: syntax-tree-like objects, parsed JSON, strings and buffers made from
 * real text, and one throw-away key as PEM, JWK and KeyObject.
 * Usage: node.js <file with one text path a line> <bytes>. Prints `ready`, then waits for its stdin to close.
 */
import { readFileSync } from 'node:fs';
import { generateKey } from '../../corpus/generate-key.ts';

interface Token {
  readonly type: 'word' | 'number' | 'string' | 'punctuation';
  readonly start: number;
  readonly end: number;
  readonly value: string;
  readonly children: Token[];
}

const TOKEN = /(?<word>[A-Za-z_$][\w$]*)|(?<number>\d[\d._]*)|(?<string>"[^"\n]*"|'[^'\n]*')|(?<punctuation>[^\s\w])/g;

/** Tokens nested by brackets, as a parser would hold them. */
function parseTokens(text: string): Token[] {
  const root: Token[] = [];
  const open = [root];
  for (const match of text.matchAll(TOKEN)) {
    const [type = 'word'] = Object.entries(match.groups ?? {}).find(([, value]) => value !== undefined) ?? [];
    const value = match[0];
    const token: Token = {
      type: type as Token['type'],
      start: match.index,
      end: match.index + value.length,
      value,
      children: [],
    };
    if (')]}'.includes(value) && open.length > 1) open.pop();
    open.at(-1)?.push(token);
    if ('([{'.includes(value)) open.push(token.children);
  }
  return root;
}

const [list = '', bytes = '0'] = process.argv.slice(2);
const held: unknown[] = [];
const privateKey = generateKey('rsa', { modulusLength: 2048 });
held.push(privateKey, privateKey.export({ type: 'pkcs8', format: 'pem' }), privateKey.export({ format: 'jwk' }));

const paths = readFileSync(list, 'utf8').split('\n');
for (let i = 0; process.memoryUsage.rss() < Number(bytes); i++) {
  const file = readFileSync(paths[i % paths.length] ?? '');
  const text = file.toString('utf8');
  held.push(parseTokens(text), file, new Map(text.split('\n').map((line, at) => [line, { at, length: line.length }])));
  if (paths[i % paths.length]?.endsWith('.json')) {
    try {
      held.push(JSON.parse(text));
    } catch {
      // A .json file with comments: its tokens are held all the same.
    }
  }
}
process.stdout.write('ready\n');
process.stdin.resume().on('end', () => process.exit(held.length > 0 ? 0 : 1));
