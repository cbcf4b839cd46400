/** Writes ar archives by ar(5): System V, GNU and BSD names. */
import type { ContainerSample } from '../dump-sample.ts';
import { concat } from '../encode/text.ts';

const ascii = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));

function entry(name: string, content: Uint8Array, size = content.length): Uint8Array {
  const head = `${name.padEnd(16)}${'0'.padEnd(12)}${'0'.padEnd(6)}${'0'.padEnd(6)}${'100644'.padEnd(8)}${String(size).padEnd(10)}\`\n`;
  return concat(ascii(head), content, ascii(content.length % 2 ? '\n' : ''));
}

export function samples(): readonly ContainerSample[] {
  const words = Uint8Array.from({ length: 301 }, (_, i) => (i * i * 3 + i) & 255);
  const text = ascii('2.0\n');
  const magic = ascii('!<arch>\n');
  const sample = (
    name: string,
    bytes: Uint8Array,
    members: readonly (readonly [string, Uint8Array])[],
    gaps?: string[],
  ): ContainerSample => ({
    name,
    container: 'ar',
    bytes,
    members: members.map(([member, content]) => ({ name: member, content })),
    ...(gaps && { gaps }),
    counts: [{ at: 56, bytes: 8 }],
    headerBytes: 70,
  });
  const long = 'a-name-of-more-than-sixteen.o';
  return [
    sample('a package', concat(magic, entry('debian-binary', text), entry('data.tar', words)), [
      ['debian-binary', text],
      ['data.tar', words],
    ]),
    sample(
      'long names of GNU',
      concat(
        magic,
        entry('/', text),
        entry('//', ascii(`${long}/\nother/\n`)),
        entry('/0', words),
        entry('b.o/', text),
      ),
      [
        [long, words],
        ['b.o', text],
      ],
    ),
    sample(
      'long names of BSD',
      concat(magic, entry(`#1/${long.length}`, concat(ascii(long), words)), entry('b.o', text)),
      [
        [long, words],
        ['b.o', text],
      ],
    ),
    sample(
      'a size that lies',
      concat(magic, entry('a.o/', words, 5000)),
      [['a.o', concat(words, ascii('\n'))]],
      ['truncated'],
    ),
    sample('no header', concat(magic, entry('a.o/', words), new Uint8Array(70)), [['a.o', words]], ['format-error']),
  ];
}
