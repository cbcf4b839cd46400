/** Runs the examples of pattern packs and rules through the engine. */

import type { OwnPatterns } from './catalogue.ts';
import { builtModule } from './model/built-module.ts';
import type { Detector } from './model/detector.ts';
import type { Finding } from './model/finding.ts';
import type { Input } from './model/input.ts';
import type { Make } from './model/make.ts';
import type { PreparedRule } from './model/rule.ts';
import { type Context, createContext, DEFAULT_CONTEXT } from './scan/context.ts';
import { memoryInput } from './scan/memory-input.ts';
import { loadDetectors } from './scan/packs.ts';
import { runTask } from './scan/run-task.ts';

export interface ExampleResult {
  /** Of the detector or rule. */
  readonly id: string;
  readonly found: number;
  readonly ignored: number;
  /** What was not as the example says. */
  readonly failures: readonly string[];
}

type Search = (bytes: Uint8Array) => Promise<readonly Finding[]>;

/** Bytes before and behind an example: no text, and no page of zeros. */
const AROUND = Uint8Array.from({ length: 5000 }, (_, i) => 0x80 | ((i * 37) & 0x3f));

const NO_PATTERNS = 'data:text/javascript,export default []';

/** Throws UsageError when a pack can't be loaded. */
export async function runExamples({ packUrls = [], rules = [] }: OwnPatterns): Promise<readonly ExampleResult[]> {
  const detectors = await loadDetectors(packUrls);
  // Of a file that the rule would look at.
  const anywhere = rules.map((rule) => ({ ...rule, path: '' }));
  const options = { patternsUrl: NO_PATTERNS, packUrls, rules: anywhere, fingerprintKey: new Uint8Array(32) };
  let input: Input | undefined;
  const context: Context = {
    ...(await createContext(
      { ...DEFAULT_CONTEXT, ...options, memoryKeys: 'off' },
      { open: async () => input!, onProgress: () => undefined, signal: new AbortController().signal },
    )),
    // The bytes are searched as they are.
    plugins: { formats: [], containers: [] },
  };
  const search: Search = async (bytes) => {
    input = memoryInput(bytes);
    const locator = { source: 'memory', id: 'example', label: 'example' };
    const { findings } = await runTask({ kind: 'scan', id: 0, locator, trail: [] }, context);
    return findings;
  };
  const results: ExampleResult[] = [];
  if (detectors.length > 0) {
    const { createMake } = (await import(builtModule('corpus/make').href)) as { createMake(seed: string): Make };
    for (const detector of detectors) results.push(await testDetector(detector, createMake(detector.id), search));
  }
  for (const rule of rules) results.push(await testRule(rule, search));
  context.kernel.wipe();
  return results;
}

function plant(bytes: Uint8Array): Uint8Array {
  const planted = new Uint8Array(2 * AROUND.length + bytes.length);
  planted.set(AROUND);
  planted.set(bytes, AROUND.length);
  planted.set(AROUND, AROUND.length + bytes.length);
  return planted;
}

async function testDetector({ id, examples }: Detector, make: Make, search: Search): Promise<ExampleResult> {
  const { hits = [], misses = [] } = typeof examples === 'function' ? examples(make) : {};
  const failures: string[] = [];
  for (const { name, bytes, span, verdict, traits } of hits) {
    const findings = (await search(plant(bytes))).filter(({ detector }) => detector === id);
    const start = AROUND.length + span.start;
    const found = findings.find(({ places }) => places.some((place) => place.start === start));
    const problems = found
      ? [
          ...(found.places[0]!.end === AROUND.length + span.end ? [] : ['it ends elsewhere']),
          ...(found.verdict === verdict ? [] : [`it is ${found.verdict}, not ${verdict}`]),
          ...Object.entries(traits)
            .filter(([trait, value]) => found.traits[trait as keyof typeof traits] !== value)
            .map(([trait]) => `its trait ${trait} is another one`),
        ]
      : ['it was not found'];
    failures.push(...problems.map((problem) => `hit "${name}": ${problem}`));
  }
  for (const { name, bytes } of misses) {
    const isFound = (await search(plant(bytes))).some(({ detector }) => detector === id);
    if (isFound) failures.push(`miss "${name}": it was found`);
  }
  return { id, found: hits.length, ignored: misses.length, failures };
}

const widen = (bytes: Uint8Array): Uint8Array =>
  Uint8Array.from({ length: 2 * bytes.length }, (_, i) => (i & 1 ? 0 : bytes[i / 2]!));

async function testRule({ id, examples }: PreparedRule, search: Search): Promise<ExampleResult> {
  const failures: string[] = [];
  const isFound = async (bytes: Uint8Array): Promise<boolean> =>
    (await search(plant(bytes))).some(({ detector }) => detector === id);
  for (const [i, text] of examples.match.entries()) {
    const bytes = new TextEncoder().encode(text);
    if (!(await isFound(bytes))) failures.push(`match ${i + 1}: it was not found`);
    // Of two bytes a character, text is ASCII.
    else if (bytes.every((byte) => byte < 0x80) && !(await isFound(widen(bytes)))) {
      failures.push(`match ${i + 1}: it was not found in UTF-16`);
    }
  }
  for (const [i, text] of examples.noMatch.entries()) {
    if (await isFound(new TextEncoder().encode(text))) failures.push(`noMatch ${i + 1}: it was found`);
  }
  return { id, found: examples.match.length, ignored: examples.noMatch.length, failures };
}
