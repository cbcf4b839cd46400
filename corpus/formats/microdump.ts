/** Writes microdumps as microdump_writer.cc of Breakpad does, in Android's log format. */
import type { DumpSample, Expected } from '../dump-sample.ts';
import { ascii, hex } from '../encode/text.ts';

export function microdumpText(stack: Uint8Array, address: number): string {
  const at = (value: number): string => value.toString(16).padStart(16, '0').toUpperCase();
  const rows = [];
  for (let i = 0; i < stack.length; i += 384) {
    rows.push(`S ${at(address + i)} ${hex(stack.subarray(i, i + 384)).toUpperCase()}`);
  }
  const lines = [
    '-----BEGIN BREAKPAD MICRODUMP-----',
    'V WebView:48.0.1',
    'O A arm64 08 armv8l vendor/device',
    `S 0 ${at(address + 32)} ${at(address)} ${at(stack.length)}`,
    ...rows,
    'C 0E000800000000000000000000000000',
    'M 00000000F6F86000 00000000 00032000 9475E844ABDBBE3B512F5232E393E5590 libbinder.so',
    '-----END BREAKPAD MICRODUMP-----',
  ];
  return lines.map((line) => `02-25 07:54:01.688 F/google-breakpad( 4711): ${line}\n`).join('');
}

export function samples(): readonly DumpSample[] {
  const text = microdumpText(
    Uint8Array.from({ length: 800 }, (_, i) => i * 7),
    0xffff_0000,
  );
  const whole = `02-25 07:54:00.000 I/other( 1): first\n${text}02-25 07:54:02.000 I/other( 1): last\n`;
  const expected: Expected[] = [
    { start: whole.indexOf('S 0 '), end: whole.indexOf('C 0E') - 60, kind: 'stack', label: 'stack of microdump 1' },
    { start: whole.indexOf('C 0E'), end: whole.indexOf('-----END') - 60, kind: 'stream', label: 'microdump 1' },
  ];
  return [
    {
      name: 'one in a log',
      format: 'microdump',
      bytes: ascii(whole),
      expected,
      counts: [],
      headerBytes: 200,
      process: { pid: 4711 },
    },
  ];
}
