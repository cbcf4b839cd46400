/** Writes Apple crash reports: `.ips` with JSON and with text, and `.crash`. */
import type { DumpSample, Expected } from '../dump-sample.ts';
import { ascii } from '../encode/text.ts';

const header = (type: string): string =>
  JSON.stringify({
    app_name: 'Demo',
    timestamp: '2026-01-01',
    bug_type: type,
    os_version: 'iPhone OS 15',
    incident_id: '4904A8AF',
  });

const thread = (id: number, crashed: boolean) => ({
  ...(crashed && { triggered: true }),
  id,
  name: `worker ${id}`,
  threadState: { x: [{ value: 1 }], pc: { value: 4_300_000_000 } },
  frames: [{ imageOffset: 1, imageIndex: 0 }],
});

function writeJson(indent: number): DumpSample {
  const body = {
    captureTime: '2026-01-01 00:00:00',
    pid: 4711,
    procName: 'Demo',
    procPath: '/private/Demo.app/Demo',
    osVersion: { train: 'iPhone OS 15.2.1', build: '19C63' },
    threads: [thread(901, false), thread(902, true)],
    usedImages: [{ base: 4_370_000_000, size: 16_384, uuid: 'db2fd9ec-8dd1-3021-98df-93db16cf4863', name: 'Demo' }],
    asi: { 'libsystem_c.dylib': ['abort() called: not a real secret'] },
  };
  const text = `${header('309')}\n${JSON.stringify(body, undefined, indent)}\n`;
  const at = (what: string, from = 0): number => text.indexOf(what, from);
  const second = at('902');
  const state = at('{', at('threadState', second));
  const expected: Expected[] = [
    { start: 0, end: 20, kind: 'stream', label: 'header' },
    { start: state, end: at('frames', state) - 20, kind: 'registers', label: 'thread 1', thread: 902 },
    { start: at('abort()'), end: at('abort()') + 20, kind: 'stream', label: 'asi' },
  ];
  return {
    name: `JSON, indented by ${indent}`,
    format: 'apple-ips',
    bytes: ascii(text),
    expected,
    counts: [],
    headerBytes: 300,
    process: { name: 'Demo', pid: 4711 },
    threads: [901, 902],
  };
}

function writeText(withHeader: boolean): DumpSample {
  const lines = [
    'Incident Identifier: 4904A8AF',
    'Hardware Model:      iPhone9,2',
    'Process:             Demo [4711]',
    'Identifier:          com.example.demo',
    'OS Version:          iPhone OS 10.1.1',
    'Exception Type:  EXC_CRASH (SIGABRT)',
    '',
    'Application Specific Information:',
    'abort() called: not a real secret',
    '',
    'Thread 0 name:  Dispatch queue',
    'Thread 0 Crashed:',
    '0   libsystem_kernel.dylib  0x1 0x0 + 1',
    '',
    'Thread 1:',
    '0   libsystem_kernel.dylib  0x1 0x0 + 1',
    '',
    'Thread 0 crashed with ARM Thread State (64-bit):',
    '    x0: 0x0   x1: 0x1',
    '',
    'Binary Images:',
    '0x1000a8000 - 0x1000affff Demo arm64  <5425b875> /Demo',
    '',
  ];
  const text = `${withHeader ? `${header('109')}\n` : ''}${lines.join('\n')}`;
  const at = (what: string): number => text.indexOf(what);
  return {
    name: withHeader ? 'text after a header' : 'text',
    format: 'apple-ips',
    bytes: ascii(text),
    expected: [
      { start: at('abort()'), end: at('Thread 0 name'), kind: 'stream', label: 'application specific' },
      { start: at('    x0:'), end: at('Binary'), kind: 'registers', label: 'thread 0', thread: 0 },
      { start: at('Thread 1:'), end: at('Thread 0 crashed'), kind: 'stream', label: 'thread 1', thread: 1 },
      { start: at('0x1000a8'), end: text.length, kind: 'stream', label: 'binary images' },
    ],
    counts: [],
    headerBytes: 300,
    process: { name: 'Demo', pid: 4711 },
    threads: [0, 1],
  };
}

export function samples(): readonly DumpSample[] {
  return [writeJson(2), writeText(false), writeText(true)];
}
