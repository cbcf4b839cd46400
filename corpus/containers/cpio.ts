/** Writes cpio archives by cpio(5). */
import type { ContainerSample } from '../dump-sample.ts';
import { concat } from '../encode/text.ts';

type Form = 'newc' | 'crc' | 'odc' | 'little' | 'big';
const ascii = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));
const padTo = (bytes: Uint8Array, unit: number): Uint8Array =>
  concat(bytes, new Uint8Array((unit - (bytes.length % unit)) % unit));

function entry(form: Form, name: string, content: Uint8Array, sum?: number): Uint8Array {
  const label = ascii(`${name}\0`);
  const hex = (value: number): string => value.toString(16).padStart(8, '0');
  const octal = (value: number, width: number): string => value.toString(8).padStart(width, '0');
  if (form === 'newc' || form === 'crc') {
    const total = form === 'crc' ? (sum ?? content.reduce((a, b) => a + b, 0)) : 0;
    const numbers = [1, 0o100644, 0, 0, 1, 0, content.length, 0, 0, 0, 0, label.length, total];
    return concat(
      padTo(concat(ascii((form === 'crc' ? '070702' : '070701') + numbers.map(hex).join('')), label), 4),
      padTo(content, 4),
    );
  }
  if (form === 'odc') {
    const head = `070707${[1, 1, 0o100644, 0, 0, 1, 0].map((value) => octal(value, 6)).join('')}${octal(0, 11)}${octal(label.length, 6)}${octal(content.length, 11)}`;
    return concat(ascii(head), label, content);
  }
  const head = new Uint8Array(26);
  const view = new DataView(head.buffer);
  const words = [
    0o070707,
    1,
    1,
    0o100644,
    0,
    0,
    1,
    0,
    0,
    0,
    label.length,
    content.length >> 16,
    content.length & 0xffff,
  ];
  for (const [i, word] of words.entries()) view.setUint16(i * 2, word, form === 'little');
  return concat(padTo(concat(head, label), 2), padTo(content, 2));
}

export function samples(): readonly ContainerSample[] {
  const words = Uint8Array.from({ length: 1501 }, (_, i) => (i * i * 11 + i) & 255);
  const text = ascii('plain text\n');
  const archive = (form: Form, sum?: number): Uint8Array =>
    concat(entry(form, 'words', words, sum), entry(form, 'a/text', text), entry(form, 'TRAILER!!!', new Uint8Array(0)));
  const both = [
    { name: 'words', content: words },
    { name: 'a/text', content: text },
  ];
  const sample = (name: string, bytes: Uint8Array, members = both, gaps?: string[]): ContainerSample => ({
    name,
    container: 'cpio',
    bytes,
    members,
    ...(gaps && { gaps }),
    counts: [
      { at: 54, bytes: 8 },
      { at: 94, bytes: 8 },
    ],
    headerBytes: 120,
  });
  const rest = Uint8Array.of(0x1f, 0x8b, 8, 0, 1, 2, 3);
  return [
    sample('newc', concat(archive('newc'), new Uint8Array(300))),
    sample('crc', archive('crc')),
    sample('odc', archive('odc')),
    sample('binary, little-endian', archive('little')),
    sample('binary, big-endian', archive('big')),
    sample('a wrong sum', archive('crc', 5), both, ['format-error']),
    sample('two archives', concat(archive('newc'), new Uint8Array(8), archive('newc')), [...both, ...both]),
    sample('an initial RAM disk', concat(padTo(archive('newc'), 512), rest), [
      ...both,
      { name: 'rest', content: rest },
    ]),
    sample(
      'a cut content',
      archive('newc').subarray(0, 700),
      [{ name: 'words', content: words.subarray(0, 700 - 116) }],
      ['truncated', 'truncated'],
    ),
  ];
}
