import { describe, expect, it } from 'vitest';
import { parseArguments } from './arguments.ts';
import { createBaselineConfig, createGateConfig, createScanConfig } from './config.ts';
import { createServeConfig, createWatchConfig } from './config-pipelines.ts';
import { createRedactConfig } from './config-redact.ts';
import type { Options } from './option-values.ts';

/** Names of options that `read` never looks at. */
async function unread(options: Options, read: (options: Options) => Promise<unknown>): Promise<string[]> {
  const seen = new Set<string>();
  const watched = new Proxy(options, {
    get(target, name) {
      seen.add(String(name));
      return target[String(name)];
    },
  });
  await read(watched);
  return Object.keys(options).filter((name) => !seen.has(name));
}

describe('every option that a command lists is read', () => {
  it.each([
    ['scan', 'a'],
    ['gate', 'a'],
    ['baseline', 'write', 'a', '--reason', 'b'],
    ['redact', 'a', 'b'],
    ['serve', '--forward', 'https://collector.example'],
    ['watch', 'a'],
  ])('%s', async (...argv) => {
    const invocation = await parseArguments(argv, '1.2.3');
    if (!('options' in invocation)) throw new Error(invocation.command);
    const left = await unread(invocation.options, async (options) => {
      switch (invocation.command) {
        case 'scan':
          return createScanConfig(invocation.paths, options, {}, true);
        case 'gate':
          return createGateConfig(invocation.paths, [], options, {}, true);
        case 'baseline write':
          return createBaselineConfig(invocation.paths, options, {});
        case 'redact':
          return createRedactConfig(invocation.paths, options);
        case 'serve':
          return createServeConfig(options, {});
        case 'watch':
          return createWatchConfig(invocation.folder, options, {});
        default:
          throw new Error(invocation.command);
      }
    });
    expect(left).toEqual([]);
  });
});
