/** Compiled Python by hand (marshal.c): a code object in a code object, with texts, bytes and a large integer. */
import type { ContainerSample } from '../dump-sample.ts';
import { concat } from '../encode/text.ts';
import { createRng } from '../rng.ts';
import { u16, u32 } from './layout.ts';

const short = (text: string): Uint8Array => concat('z', Uint8Array.of(text.length), text);
const bytesObject = (bytes: Uint8Array): Uint8Array => concat('s', u32(bytes.length), bytes);
const tuple = (...items: readonly Uint8Array[]): Uint8Array => concat(')', Uint8Array.of(items.length), ...items);

function integer(value: bigint): Uint8Array {
  const digits: Uint8Array[] = [];
  for (let left = value; left > 0n; left >>= 15n) digits.push(u16(Number(left & 0x7fffn)));
  return concat('l', u32(digits.length), ...digits);
}

/** Fields of Python 3.11 (`localsPlus`), else of 3.8. */
function codeObject(constants: readonly Uint8Array[], name: string, localsPlus: boolean): Uint8Array {
  const none = tuple();
  const names = localsPlus ? [none, none, bytesObject(new Uint8Array(0))] : [none, none, none, none];
  return concat(
    Uint8Array.of(0xe3), // 'c' with the flag of a reference
    ...new Array<Uint8Array>(localsPlus ? 5 : 6).fill(u32(0)),
    bytesObject(Uint8Array.of(100, 0, 83, 0)),
    tuple(...constants),
    ...names,
    short('m.py'),
    short(name),
    ...(localsPlus ? [short(`q.${name}`)] : []),
    u32(1),
    bytesObject(new Uint8Array(0)),
    ...(localsPlus ? [bytesObject(new Uint8Array(0))] : []),
  );
}

export function samples(): readonly ContainerSample[] {
  const rng = createRng('containers/pyc');
  const blob = rng.bytes(100);
  const value = rng.bigint(255) | (1n << 255n);
  const inner = [
    concat('N'),
    short('inner'),
    concat('g', new Uint8Array(8)),
    concat('{', short('k'), concat('i', u32(7)), '0'),
  ];
  return [true, false].map((localsPlus) => {
    const constants = [
      short('text'),
      bytesObject(blob),
      integer(value),
      integer(99n),
      codeObject(inner, 'f', localsPlus),
    ];
    const code = codeObject(constants, '<module>', localsPlus);
    const own = (name: string): string => (localsPlus ? `m.py\n${name}\nq.${name}\n` : `m.py\n${name}\n`);
    const head = `d\0S\0\ntext\n`;
    const bytes = concat(u16(localsPlus ? 3495 : 3413), Uint8Array.of(13, 10), u32(0), u32(0), u32(0), code);
    return {
      name: localsPlus ? 'Python 3.11' : 'Python 3.8',
      container: 'pyc',
      bytes,
      members: [
        {
          name: 'constants',
          content: concat(head, blob, `\n${value.toString(16)}\nd\0S\0\ninner\nk\n${own('f')}${own('<module>')}`),
        },
      ],
      counts: [
        { at: localsPlus ? 38 : 42, bytes: 4 },
        { at: 52, bytes: 4 },
      ],
      headerBytes: Math.min(250, bytes.length),
    };
  });
}
