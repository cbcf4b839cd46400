#!/usr/bin/env node
/** argv to one command to the exit code. The only place that handles what is thrown. */
import { readFileSync } from 'node:fs';
import { UsageError } from '../src/model/errors.ts';
import { type Invocation, parseArguments } from './arguments.ts';
import { EXIT } from './exit-codes.ts';

/** From package.json, which lies above `cli/` or above `dist/cli/`. */
function readTool(): { name: string; version: string } {
  const base = import.meta.url.endsWith('.ts') ? '../package.json' : '../../package.json';
  return JSON.parse(readFileSync(new URL(base, import.meta.url), 'utf8')) as { name: string; version: string };
}

async function runCommand(invocation: Invocation, tool: { name: string; version: string }): Promise<number> {
  switch (invocation.command) {
    case 'print':
      process.stdout.write(`${invocation.text}\n`);
      return EXIT.clean;
    case 'patterns list':
      return (await import('./commands/patterns.ts')).listPatterns(invocation.json);
    case 'patterns explain':
      return (await import('./commands/patterns.ts')).explainPattern(invocation.id);
    case 'inventory add':
    case 'inventory list':
    case 'inventory remove':
      return (await import('./commands/inventory.ts')).runInventory(invocation);
    case 'scan': {
      const { createScanConfig } = await import('./config.ts');
      const { paths, options } = invocation;
      const config = await createScanConfig(paths, options, process.env, process.stdout.isTTY === true);
      return (await import('./commands/scan.ts')).runScan(config, tool);
    }
  }
}

/** Internal errors may quote their input: message and stack are shown only to those who ask. */
function describeError(error: unknown): string {
  if (error instanceof UsageError) return error.message;
  const debug = process.env['DUMPSIEVE_DEBUG'] ? `\n${error instanceof Error ? error.stack : String(error)}` : '';
  return `internal error, please report it (DUMPSIEVE_DEBUG=1 shows where; it may quote the input)${debug}`;
}

/** Exits once everything is written: a pending read of standard input must not keep the process. */
function exitWhenWritten(code: number): void {
  process.exitCode = code;
  process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
}

// Whoever reads the report may stop reading (`| head`); the scan's verdict is still its exit code.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') process.exit(EXIT.error);
  });
}

try {
  const { name, version } = readTool();
  const invocation = await parseArguments(process.argv.slice(2), version);
  exitWhenWritten(await runCommand(invocation, { name, version }));
} catch (error) {
  process.stderr.write(`dumpsieve: ${describeError(error)}\n`);
  exitWhenWritten(EXIT.error);
}
