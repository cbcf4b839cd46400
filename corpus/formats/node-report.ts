/** Writes Node.js reports as node_report.cc does: indented JSON. */
import type { DumpSample } from '../dump-sample.ts';
import { ascii } from '../encode/text.ts';

export function writeReport(environment: Readonly<Record<string, string>>, indent: number): DumpSample {
  const report = {
    header: {
      reportVersion: 4,
      event: 'JavaScript API',
      trigger: 'API',
      filename: null,
      dumpEventTime: '2026-01-02T03:04:05Z',
      processId: 4711,
      commandLine: ['/usr/bin/node', 'server.js', '--port=1'],
      nodejsVersion: 'v20.1.0',
      arch: 'x64',
      platform: 'linux',
    },
    javascriptStack: { message: 'Error: { "quoted" } ]', stack: ['at f (x.js:1:1)'] },
    libuv: [{ type: 'tcp', is_active: true }],
    workers: [],
    environmentVariables: environment,
    sharedObjects: ['/lib/libc.so.6'],
  };
  const text = `\n${JSON.stringify(report, undefined, indent)}\n`;
  const at = (what: string): number => text.indexOf(what);
  return {
    name: `indented by ${indent}`,
    format: 'node-report',
    bytes: ascii(text),
    expected: [
      { start: at('PASSWORD'), end: at('"sharedObjects') - 4, kind: 'environment', label: 'environmentVariables' },
      { start: at('"server.js'), end: at('"--port'), kind: 'environment', label: 'header.commandLine' },
      { start: at('Error: {'), end: at('at f ('), kind: 'stream', label: 'javascriptStack' },
      { start: at('linux'), end: at('linux') + 5, kind: 'stream', label: 'header' },
    ],
    counts: [],
    headerBytes: 200,
    process: { name: 'node', pid: 4711 },
  };
}

export function samples(): readonly DumpSample[] {
  const environment = { PASSWORD: 'not \\ a "real" one', PATH: '/bin' };
  return [writeReport(environment, 2), writeReport(environment, 0)];
}
