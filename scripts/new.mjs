// Scaffolds a plug-in: `npm run new -- pattern <what-how>`.
import { existsSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { writeIndexes } from './gen.mjs';

const [kind, id] = process.argv.slice(2);
const usage = 'usage: npm run new -- pattern <what-how>   (kebab-case, permanent: `rsa-pkcs1-der`)';
if (kind !== 'pattern' || !/^[a-z0-9]+(-[a-z0-9]+)+$/.test(id ?? '')) {
  console.error(usage);
  process.exit(2);
}
const file = new URL(`../patterns/${id}.ts`, import.meta.url);
if (existsSync(file)) {
  console.error(`patterns/${id}.ts exists already`);
  process.exit(2);
}
writeFileSync(
  file,
  `// What it finds, with its specification and section. The trap, if there is one.
import { defineDetector } from '../src/model/detector.ts';

interface Candidate {
  readonly start: number;
  readonly end: number;
}

export default defineDetector<Candidate>({
  id: '${id}',
  title: 'What it is, in a few words',
  severity: 'high',
  doc: \`
What it is and where it is seen ([source](https://example.org)).

**Proof**: what makes it \\\`proven\\\`.

**What to do**: what the owner should do.
\`,
  anchors: [{ text: 'rare and fixed' }],
  reach: { before: 0, after: 64 },

  parse({ bytes, at, length }) {
    return at + length <= bytes.length ? { start: at, end: at + length } : undefined;
  },

  verify: () => [],

  examples: () => ({ hits: [], misses: [] }),
});
`,
);
writeIndexes();
console.log(
  `${fileURLToPath(file)}\nNext: fill it in, then "npx vitest run test/patterns.test.ts -t ${id}" and "npm run gen".`,
);
