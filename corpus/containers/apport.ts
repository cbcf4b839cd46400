/** Writes Apport reports as problem_report.py does: each line of a binary value is a base64 text of its own. */
import { gzipSync } from 'node:zlib';
import type { ContainerSample } from '../dump-sample.ts';

export function samples(): readonly ContainerSample[] {
  const dump = Uint8Array.from(gzipSync(Uint8Array.from({ length: 9000 }, (_, i) => (i * i * 3 + i) & 255)));
  const log = Uint8Array.from(Buffer.from('a log\n'.repeat(30)));
  const lines = (bytes: Uint8Array, size: number): string => {
    let text = '';
    for (let at = 0; at < bytes.length; at += size)
      text += ` ${Buffer.from(bytes.subarray(at, at + size)).toString('base64')}\n`;
    return text;
  };
  const report = (coreDump: string): Uint8Array =>
    Uint8Array.from(
      Buffer.from(
        `ProblemType: Crash\nArchitecture: amd64\nCoreDump: base64\n${coreDump}Extra: base64\n${lines(log, 50)}ProcEnviron:\n PATH=(custom)\n base64: no\nUname: Linux\n`,
      ),
    );
  const gzipHead = lines(dump.subarray(0, 10), 10);
  const sample = (name: string, bytes: Uint8Array, content: Uint8Array, gaps?: string[]): ContainerSample => ({
    name,
    container: 'apport',
    bytes,
    members: [
      { name: 'CoreDump', content },
      { name: 'Extra', content: log },
    ],
    ...(gaps && { gaps }),
    counts: [],
    headerBytes: 80,
  });
  return [
    sample('short lines', report(gzipHead + lines(dump.subarray(10), 57)), dump),
    sample('one long line', report(gzipHead + lines(dump.subarray(10), 1_048_576)), dump),
    sample('what is no base64', report(`${gzipHead} ####\n`), dump.subarray(0, 10), ['format-error']),
  ];
}
