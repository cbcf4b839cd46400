/**
 * Ubuntu's crash reports (apport, problem_report.py): `Key: value` lines, values of several lines indented by a blank.
 * The trap: in `CoreDump: base64` each line is a base64 text of its own; together they are one gzip, zlib or zstd stream.
 */
import { ForwardReader } from '../bytes/forward-reader.ts';
import { hasText } from '../bytes/reader.ts';
import { defineContainer, type Member } from '../model/container.ts';
import type { Input } from '../model/input.ts';
import { decodeBase64Body } from './codecs/base64-body.ts';
import { findLine } from './codecs/text-lines.ts';

const BLANK = 0x20;
const VALUE = ': base64';

async function* open(input: Input): AsyncGenerator<Member> {
  const reader = new ForwardReader(input);
  try {
    for (;;) {
      let name = '';
      const isFound = await findLine(reader, (line) => {
        const keyBytes = line.length - VALUE.length;
        if (line[0] === BLANK || keyBytes < 1 || keyBytes > 256 || !hasText(line, keyBytes, VALUE)) return false;
        name = String.fromCharCode(...line.subarray(0, keyBytes));
        return true;
      });
      if (!isFound) return;
      yield { name, content: () => decodeBase64Body(reader, (first) => first !== BLANK) };
    }
  } finally {
    reader.close();
  }
}

export default defineContainer({
  id: 'apport',
  title: 'Apport crash report',
  doc: `Each value that is marked \`base64\` (CoreDump, and what hooks attach) is a member; it holds gzip, zlib or Zstandard, opened in turn. All
other values are searched as the text they are. Source: problem_report.py of apport.`,
  access: 'sequential',
  recognise: (head) => hasText(head, 0, 'ProblemType: '),
  open,
});
