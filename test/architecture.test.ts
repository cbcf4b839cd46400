/** Who may import whom (docs/architecture.md), and the things that only some layers may do. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Layer of a file: its folder under src/, or its top folder; files directly in src/ are `src`. */
function layerOf(path: string): string {
  const [top, second] = path.split('/');
  if (top !== 'src') return top!;
  return second!.endsWith('.ts') ? 'src' : second!;
}

/** What each layer may import besides itself: the table of docs/architecture.md. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  [
    ...readFileSync(join(root, 'docs/architecture.md'), 'utf8').matchAll(/^\| (`[^|]+`) \|[^|]+\| ([^|]+) \|$/gm),
  ].flatMap(([, folders, allowed]) =>
    [...folders!.matchAll(/`(?:src\/)?(\w+)`/g)].map(([, layer]) => [
      layer!,
      allowed === 'nothing' ? [] : allowed!.split(', '),
    ]),
  ),
);

interface SourceFile {
  readonly path: string;
  readonly text: string;
  /** Paths, from the root, of the project's files that it imports. */
  readonly imports: readonly string[];
  /** Bare specifiers that it imports. */
  readonly packages: readonly string[];
}

const IMPORT = /(?:^|\n)\s*(?:import|export)\s[^'"]*?from\s*'([^']+)'|import\(\s*'([^']+)'\s*\)/g;

function readSources(): SourceFile[] {
  return ['cli', 'src', 'patterns', 'corpus', 'bench'].flatMap((top) =>
    readdirSync(join(root, top), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.includes('assembly'))
      .map((name) => {
        const path = join(top, name);
        const text = readFileSync(join(root, path), 'utf8');
        const specifiers = [...text.matchAll(IMPORT)].map((match) => (match[1] ?? match[2])!);
        const local = specifiers.filter((specifier) => specifier.startsWith('.'));
        return {
          path,
          text,
          imports: local.map((specifier) => relative(root, join(root, path, '..', specifier))),
          packages: specifiers.filter((specifier) => !specifier.startsWith('.')),
        };
      }),
  );
}

const files = readSources();
const violations = (layers: readonly string[] | undefined, rule: (file: SourceFile) => readonly string[]): string[] =>
  files
    .filter((file) => !layers || layers.includes(layerOf(file.path)))
    .flatMap((file) => rule(file).map((what) => `${file.path}: ${what}`));

describe('imports', () => {
  it('reads the tree', () => {
    expect(files.length).toBeGreaterThan(50);
  });

  it.each(Object.keys(MAY_IMPORT))('%s imports only what it may', (layer) => {
    const allowed = [layer, ...MAY_IMPORT[layer]!];
    expect(violations([layer], ({ imports }) => imports.filter((path) => !allowed.includes(layerOf(path))))).toEqual(
      [],
    );
  });

  it('knows every layer', () => {
    const layers = new Set([...files.map(({ path }) => layerOf(path)), ...Object.values(MAY_IMPORT).flat()]);
    expect([...layers].filter((layer) => !(layer in MAY_IMPORT))).toEqual([]);
  });

  it('has no detector that imports another', () => {
    const inPatterns = ({ path, imports }: SourceFile): string[] =>
      path === 'patterns/index.ts' ? [] : imports.filter((target) => layerOf(target) === 'patterns');
    expect(violations(['patterns'], inPatterns)).toEqual([]);
  });

  it('keeps Node modules out of patterns, model, bytes and keys', () => {
    expect(violations(['patterns', 'model', 'bytes', 'keys'], ({ packages }) => packages)).toEqual([]);
  });
});

/** Source text without comments and plain strings, so that prose and examples don't count. */
const code = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\/|(^|\s)\/\/.*$/gm, '').replace(/'(?:[^'\\\n]|\\.)*'/g, "''");

describe('restraint', () => {
  const library = Object.keys(MAY_IMPORT).filter((layer) => !['cli', 'corpus', 'bench'].includes(layer));

  it('leaves environment, console and exit to cli/', () => {
    const uses = ({ text }: SourceFile): string[] =>
      code(text).match(/(?<!\/)\bconsole\.|process\.(env|exit|argv|std(out|err))\b/g) ?? [];
    expect(violations(library, uses)).toEqual([]);
  });

  it('leaves the network to the HTTP gate, and runs no code from a text', () => {
    const others = library.filter((layer) => layer !== 'serve');
    const network = ({ packages }: SourceFile): string[] =>
      packages.filter((name) => /^node:(?:https?|http2|net|tls|dgram|dns|vm)\b/.test(name));
    expect(violations(others, network)).toEqual([]);
    const uses = ({ text }: SourceFile): string[] => code(text).match(/\b(?:fetch|eval)\(|new Function\b/g) ?? [];
    expect(violations([...library, 'cli'], uses)).toEqual([]);
  });

  it('makes no pooled Buffer and no number from a string where secrets are handled', () => {
    const uses = ({ text }: SourceFile): string[] =>
      code(text).match(/\bBuffer\.(from|concat|allocUnsafe)\b|BigInt\([`']/g) ?? [];
    expect(violations(['bytes', 'proof', 'keys', 'patterns', 'join', 'scan'], uses)).toEqual([]);
  });

  it('makes findings only in seal()', () => {
    const uses = ({ path, text }: SourceFile): string[] =>
      path === 'src/scan/seal.ts' ? [] : (code(text).match(/\bfingerprint(:|\s*=)\s*toHex\(/g) ?? []);
    expect(violations(library, uses)).toEqual([]);
  });

  it('keeps files small enough to read', () => {
    expect(
      violations(undefined, ({ path, text }) =>
        path.includes('generated') || path.endsWith('known-keys.ts') || text.split('\n').length <= 600
          ? []
          : ['over 600 lines'],
      ),
    ).toEqual([]);
  });
});
