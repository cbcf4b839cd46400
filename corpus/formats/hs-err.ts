/** Writes HotSpot error logs: the sections of vmError.cpp, shortened. */
import type { DumpSample, Expected } from '../dump-sample.ts';
import { ascii } from '../encode/text.ts';

export const STACK_ADDRESS = 0x7f00_1000;

export function writeHsErr(stack: Uint8Array, lineEnd: string): DumpSample {
  const hexLines = Array.from({ length: stack.length / 16 }, (_, i) => {
    const view = new DataView(stack.buffer, stack.byteOffset + i * 16, 16);
    const words = [0, 8].map((at) => view.getBigUint64(at, true).toString(16).padStart(16, '0'));
    return `0x${(STACK_ADDRESS + i * 16).toString(16).padStart(16, '0')}:   ${words.join(' ')}   `;
  });
  const parts: readonly (readonly [string[], Partial<Expected>?])[] = [
    [
      [
        '#',
        '# A fatal error has been detected by the Java Runtime Environment:',
        '#',
        '#  SIGSEGV (0xb) at pc=0x00007ff4828d27f4, pid=4711, tid=4712',
        '#',
        '# JRE version: OpenJDK Runtime Environment (17.0.1+1) (build 17.0.1+1)',
        '# Java VM: OpenJDK 64-Bit Server VM (17.0.1+1, mixed mode)',
        '',
      ],
      { kind: 'stream', label: 'header' },
    ],
    [['---------------  S U M M A R Y ------------', ''], { kind: 'stream', label: 'summary' }],
    [['Command Line: -Dtoken=x Main', ''], { kind: 'environment', label: 'command line' }],
    [['Host: somewhere', ''], {}],
    [['---------------  T H R E A D  ---------------', '', 'Current thread: main', ''], { label: 'thread' }],
    [['Registers:', 'RAX=0x0000000000000000, RBX=0x1', ''], { kind: 'registers' }],
    [
      [`Top of Stack: (sp=0x${STACK_ADDRESS.toString(16).padStart(16, '0')})`, ...hexLines, ''],
      { kind: 'stack', thread: 4712 },
    ],
    [['---------------  P R O C E S S  ---------------', ''], { label: 'process' }],
    [['VM Arguments:', 'jvm_args: -Dtoken=x ', 'java_command: Main', ''], { kind: 'environment' }],
    [['Environment Variables:', 'PATH=/bin', 'KEY=first line', '', 'last line', ''], { kind: 'environment' }],
    [['Signal Handlers:', '   SIGSEGV: x', '', 'END.', ''], { kind: 'stream' }],
  ];
  let text = '';
  const expected: Expected[] = [];
  for (const [lines, meaning] of parts) {
    const start = text.length;
    text += lines.map((line) => line + lineEnd).join('');
    const end = text.length - (lines.at(-1) === '' ? 2 * lineEnd.length : 0);
    if (meaning?.kind) expected.push({ start, end, kind: meaning.kind, ...meaning });
  }
  return {
    name: lineEnd === '\n' ? 'Linux' : 'Windows',
    format: 'hs-err',
    bytes: ascii(text),
    expected,
    counts: [],
    headerBytes: 300,
    process: { pid: 4711 },
    threads: [4712],
  };
}

export function samples(): readonly DumpSample[] {
  const stack = Uint8Array.from({ length: 64 }, (_, i) => i * 3);
  return [writeHsErr(stack, '\n'), writeHsErr(stack, '\r\n')];
}
