/** Writes Report.wer files: UTF-16LE with a byte-order mark. */
import type { DumpSample } from '../dump-sample.ts';
import { concat, utf16le } from '../encode/text.ts';

export function samples(): readonly DumpSample[] {
  const lines = [
    'Version=1',
    'EventType=APPCRASH',
    'EventTime=132000000000000000',
    'Sig[0].Name=Application Name',
    'Sig[0].Value=demo.exe',
    'UI[2]=C:\\demo\\demo.exe',
    // U+0A41 holds a byte 0x0a that ends no line.
    'LoadedModule[0]=C:\\demo\\\u0a41\u410a.exe',
    'LoadedModule[1]=C:\\Windows\\SYSTEM32\\ntdll.dll',
    'AppName=Demo',
    'AppPath=C:\\demo\\demo.exe',
    '',
  ];
  const text = lines.join('\r\n');
  const span = (from: string, to: string) => ({ start: 2 + 2 * text.indexOf(from), end: 2 + 2 * text.indexOf(to) });
  return [
    {
      name: 'an APPCRASH',
      format: 'wer',
      bytes: concat(Uint8Array.of(0xff, 0xfe), utf16le(text)),
      expected: [
        { ...span('LoadedModule[0]', 'AppName'), kind: 'stream', label: 'LoadedModule' },
        { ...span('Sig[0].N', 'UI'), kind: 'stream', label: 'Sig' },
      ],
      counts: [],
      headerBytes: 100,
      process: { name: 'demo.exe' },
    },
  ];
}
