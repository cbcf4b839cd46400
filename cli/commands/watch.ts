/** `dumpsieve watch`: scans new files in a directory, and moves or redacts those that are not clean; a line of JSON for each. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { UsageError } from '../../src/model/errors.ts';
import { createSpoolScanner } from '../../src/scanner.ts';
import { openQuarantine } from '../../src/watch/quarantine.ts';
import { type WatchState, watchFolder } from '../../src/watch/watcher.ts';
import { WATCH_STATE_SCHEMA, type WatchConfig } from '../config-pipelines.ts';
import { EXIT, exitCodeOf } from '../exit-codes.ts';
import { listenForInterrupt } from '../interrupt.ts';
import { replaceFile } from '../output.ts';

export async function runWatch(config: WatchConfig): Promise<number> {
  const { folder, quarantine, statePath } = config;
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw new UsageError(`"${folder}" is no directory`);
  if (quarantine !== undefined) {
    if (resolve(quarantine) === resolve(folder)) throw new UsageError('--quarantine must be another directory');
    try {
      openQuarantine(quarantine);
    } catch {
      throw new UsageError(`--quarantine: "${quarantine}" can't be made or closed to others`);
    }
  }
  const save = (files: WatchState): void => {
    if (statePath === undefined) return;
    try {
      replaceFile(statePath, `${JSON.stringify({ schema: WATCH_STATE_SCHEMA, files })}\n`);
    } catch {
      throw new UsageError(`--state: "${statePath}" can't be written`);
    }
  };
  const scanner = await createSpoolScanner({ ...config.scan, spoolBytes: 0 });
  const interrupt = listenForInterrupt(() => undefined);
  try {
    const worst = await watchFolder(scanner, {
      ...config,
      redact: config.redact ? config.scan : undefined,
      save,
      onEvent: (event) => void process.stdout.write(`${JSON.stringify(event)}\n`),
      signal: interrupt.signal,
    });
    return config.once && worst !== undefined ? exitCodeOf(worst) : EXIT.clean;
  } finally {
    interrupt.release();
    await scanner.close();
  }
}
