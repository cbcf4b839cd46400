/** Writes tar archives by POSIX (ustar, pax) and the GNU tar manual. */
import type { ContainerSample } from '../dump-sample.ts';
import { concat } from '../encode/text.ts';

const ascii = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'utf8'));
const BLOCK = 512;

interface Options {
  readonly type?: string;
  /** Of the size field, when it is not that of the content. */
  readonly size?: number;
  readonly magic?: 'ustar' | 'gnu' | 'v7';
  readonly prefix?: string;
  readonly binarySize?: boolean;
  readonly fields?: readonly (readonly [at: number, text: string])[];
}

export function entry(name: string, content: Uint8Array, options: Options = {}): Uint8Array {
  const head = new Uint8Array(BLOCK);
  const put = (at: number, text: string): void => head.set(ascii(text), at);
  const size = options.size ?? content.length;
  put(0, name.slice(0, 100));
  put(100, '0000644\0');
  put(108, '0001750\0');
  put(116, '0001750\0');
  if (options.binarySize) {
    head[124] = 0x80;
    new DataView(head.buffer).setBigUint64(128, BigInt(size));
  } else put(124, `${size.toString(8).padStart(11, '0')}\0`);
  put(136, '14717777777\0');
  put(148, '        ');
  put(156, options.type ?? '0');
  if (options.magic !== 'v7') put(257, options.magic === 'gnu' ? 'ustar  \0' : 'ustar\x0000');
  if (options.prefix) put(345, options.prefix);
  for (const [at, text] of options.fields ?? []) put(at, text);
  const sum = head.reduce((total, byte) => total + byte, 0);
  put(148, `${sum.toString(8).padStart(6, '0')}\0 `);
  return concat(head, content, new Uint8Array((BLOCK - (content.length % BLOCK)) % BLOCK));
}

function pax(records: readonly (readonly [key: string, value: string])[]): Uint8Array {
  const lines = records.map(([key, value]) => {
    const rest = Buffer.byteLength(` ${key}=${value}\n`);
    let length = rest + 1;
    while (String(length).length + rest !== length) length = String(length).length + rest;
    return `${length} ${key}=${value}\n`;
  });
  return entry('PaxHeaders/x', ascii(lines.join('')), { type: 'x' });
}

const END = new Uint8Array(1024);
const octal = (value: number): string => `${value.toString(8).padStart(11, '0')}\0`;

export function samples(): readonly ContainerSample[] {
  const words = Uint8Array.from({ length: 1500 }, (_, i) => (i * i * 11 + i) & 255);
  const text = ascii('plain text\n');
  const long = `${'directory/'.repeat(20)}file`;
  const sample = (
    name: string,
    bytes: Uint8Array,
    members: readonly (readonly [string, Uint8Array])[],
    gaps?: string[],
  ): ContainerSample => ({
    name,
    container: 'tar',
    bytes,
    members: members.map(([member, content]) => ({ name: member, content })),
    ...(gaps && { gaps }),
    counts: [{ at: 124, bytes: 8 }],
    headerBytes: 600,
  });
  const both = [
    ['a', words],
    ['b', text],
  ] as const;
  const two = concat(entry('a', words), entry('b', text));
  const sparse = concat(words.subarray(0, 512), new Uint8Array(3584), words.subarray(512, 1024), new Uint8Array(1024));
  const stored = words.subarray(0, 1024);
  const map = ascii('2\n0\n512\n4096\n512\n');
  const inner = concat(map, new Uint8Array(BLOCK - map.length), stored);
  const gnuMap = [
    [386, octal(0)],
    [398, octal(512)],
    [410, octal(4096)],
    [422, octal(512)],
    [483, octal(sparse.length)],
  ] as const;
  return [
    sample('ustar', concat(two, END), both),
    sample('v7', concat(entry('a', words, { magic: 'v7', type: '\0' }), entry('b', text, { magic: 'v7' }), END), both),
    sample(
      'links, a directory and a device',
      concat(
        entry('d/', new Uint8Array(0), { type: '5' }),
        two,
        entry('l', new Uint8Array(0), { type: '2' }),
        entry('h', new Uint8Array(0), { type: '1', size: 1500 }),
        entry('c', new Uint8Array(0), { type: '3' }),
        END,
      ),
      both,
    ),
    sample('a prefix', concat(entry('name', text, { prefix: 'far/away' }), END), [['far/away/name', text]]),
    sample(
      'pax path and size',
      concat(
        pax([
          ['path', long],
          ['size', '1500'],
        ]),
        entry('short', words, { size: 0 }),
        END,
      ),
      [[long, words]],
    ),
    sample(
      'a long name of GNU',
      concat(
        entry('././@LongLink', ascii(`${long}\0`), { type: 'L', magic: 'gnu' }),
        entry('short', words, { magic: 'gnu' }),
        END,
      ),
      [[long, words]],
    ),
    sample('a binary size', concat(entry('a', words, { binarySize: true, magic: 'gnu' }), END), [['a', words]]),
    sample('two archives', concat(entry('a', words), END, END, entry('b', text), END), both),
    sample('no end', two, both),
    sample(
      'sparse of GNU',
      concat(entry('s', stored, { type: 'S', magic: 'gnu', fields: gnuMap }), entry('b', text), END),
      [
        ['s', sparse],
        ['b', text],
      ],
    ),
    sample(
      'sparse 0.0',
      concat(
        pax([
          ['GNU.sparse.size', String(sparse.length)],
          ['GNU.sparse.numblocks', '2'],
          ['GNU.sparse.offset', '0'],
          ['GNU.sparse.numbytes', '512'],
          ['GNU.sparse.offset', '4096'],
          ['GNU.sparse.numbytes', '512'],
        ]),
        entry('s', stored),
        END,
      ),
      [['s', sparse]],
    ),
    sample(
      'sparse 0.1',
      concat(
        pax([
          ['GNU.sparse.size', String(sparse.length)],
          ['GNU.sparse.map', '0,512,4096,512'],
          ['GNU.sparse.name', 'real'],
        ]),
        entry('s', stored),
        END,
      ),
      [['real', sparse]],
    ),
    sample(
      'sparse 1.0',
      concat(
        pax([
          ['GNU.sparse.major', '1'],
          ['GNU.sparse.minor', '0'],
          ['GNU.sparse.name', 'real'],
          ['GNU.sparse.realsize', String(sparse.length)],
        ]),
        entry('s', inner),
        entry('b', text),
        END,
      ),
      [
        ['real', sparse],
        ['b', text],
      ],
    ),
    sample(
      'a size that lies',
      concat(entry('a', words, { size: 999_999 })),
      [['a', concat(words, new Uint8Array(36))]],
      ['truncated'],
    ),
    sample('a damaged header', concat(entry('a', words), new Uint8Array(BLOCK).fill(7), entry('b', text), END), both, [
      'format-error',
    ]),
  ];
}
