#!/usr/bin/env node
/** argv to one command to the exit code. The only place that handles what is thrown. */
import { readFileSync, writeSync } from 'node:fs';
import module from 'node:module';
import { fileURLToPath } from 'node:url';
import { UsageError } from '../src/model/errors.ts';
import { type Invocation, parseArguments } from './arguments.ts';
import { EXIT } from './exit-codes.ts';

/** From package.json, which lies above `cli/` or above `dist/cli/`. */
function readTool(): { name: string; version: string } {
  const base = import.meta.url.endsWith('.ts') ? '../package.json' : '../../package.json';
  return JSON.parse(readFileSync(new URL(base, import.meta.url), 'utf8')) as { name: string; version: string };
}

/**
 * From Node 22.1 on: compiled code is kept beside the program, where only those can write who can change the program itself;
 * elsewhere nothing is kept.
 */
function keepCompiledCode(): void {
  const { enableCompileCache } = module as { enableCompileCache?: (folder: string) => unknown };
  if (!import.meta.url.endsWith('.ts'))
    enableCompileCache?.(fileURLToPath(new URL('../.compile-cache', import.meta.url)));
}

/** Node's exit code when the event loop runs empty under a top-level await. */
const UNSETTLED = 13;

/** Says what a configuration leaves out, whatever else is quiet. */
function warn<C extends { readonly warnings: readonly string[] }>(config: C): C {
  for (const line of config.warnings) process.stderr.write(`dumpsieve: ${line}\n`);
  return config;
}

async function runCommand(invocation: Invocation, tool: { name: string; version: string }): Promise<number> {
  switch (invocation.command) {
    case 'print':
      process.stdout.write(`${invocation.text}\n`);
      return EXIT.clean;
    case 'patterns list':
    case 'patterns explain':
    case 'patterns check':
    case 'patterns test':
      return (await import('./commands/patterns.ts')).runPatterns(invocation);
    case 'inventory add':
    case 'inventory list':
    case 'inventory remove':
      return (await import('./commands/inventory.ts')).runInventory(invocation);
    case 'schema':
      return (await import('./commands/schema.ts')).printSchema();
    case 'verify':
      return (await import('./commands/verify.ts')).runVerify(invocation.paths, invocation.options);
    case 'redact': {
      const { createRedactConfig } = await import('./config-redact.ts');
      const config = await createRedactConfig(invocation.paths, invocation.options);
      return (await import('./commands/redact.ts')).runRedact(warn(config));
    }
    case 'baseline write': {
      const { createBaselineConfig } = await import('./config.ts');
      const config = await createBaselineConfig(invocation.paths, invocation.options, process.env);
      return (await import('./commands/baseline.ts')).writeBaseline(warn(config));
    }
    case 'gate': {
      const { createGateConfig } = await import('./config.ts');
      const { paths, run, options } = invocation;
      const config = await createGateConfig(paths, run, options, process.env, process.stderr.isTTY === true);
      return (await import('./commands/gate.ts')).runGate(warn(config), tool);
    }
    case 'serve': {
      const { createServeConfig } = await import('./config-pipelines.ts');
      const config = await createServeConfig(invocation.options, process.env);
      return (await import('./commands/serve.ts')).runServe(warn(config), tool);
    }
    case 'watch': {
      const { createWatchConfig } = await import('./config-pipelines.ts');
      const config = await createWatchConfig(invocation.folder, invocation.options, process.env);
      return (await import('./commands/watch.ts')).runWatch(warn(config));
    }
    case 'inspect':
      return (await import('./commands/inspect.ts')).runInspect(invocation.paths, invocation.options);
    case 'explain':
      return (await import('./commands/explain.ts')).runExplain(invocation);
    case 'scan': {
      const { createScanConfig } = await import('./config.ts');
      const { paths, options } = invocation;
      const config = await createScanConfig(paths, options, process.env, process.stdout.isTTY === true);
      return (await import('./commands/scan.ts')).runScan(warn(config), tool);
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

keepCompiledCode();

// Whoever reads the report may stop reading (`| head`); the scan's verdict is still its exit code.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') process.exit(EXIT.error);
  });
}

// Nothing is left that could settle what is waited for: Node would end without a word.
process.on('exit', (code) => {
  if (code !== UNSETTLED) return;
  writeSync(process.stderr.fd, 'dumpsieve: internal error, please report it: it ended before its work was done\n');
  process.exitCode = EXIT.error;
});

try {
  const { name, version } = readTool();
  const invocation = await parseArguments(process.argv.slice(2), version);
  exitWhenWritten(await runCommand(invocation, { name, version }));
} catch (error) {
  process.stderr.write(`dumpsieve: ${describeError(error)}\n`);
  exitWhenWritten(EXIT.error);
}
