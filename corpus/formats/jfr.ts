/** Writes small flight recordings: chunks as the JDK writes them, events in LEB128, types in a metadata event. */
import type { DumpSample, Expected } from '../dump-sample.ts';
import { Binary } from '../encode/binary.ts';
import { concat } from '../encode/text.ts';

function varint(value: number): Uint8Array {
  const out: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) out.push((rest % 128) | 128);
  return Uint8Array.from([...out, rest]);
}

const text = (value: string): Uint8Array => concat(Uint8Array.of(3), varint(value.length), value);

/** An event: its size counts itself, and is written in four bytes as the JDK reserves them. */
function event(type: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const body = concat(varint(type), ...parts);
  const size = body.length + 4;
  return concat(
    Uint8Array.of((size & 127) | 128, ((size >> 7) & 127) | 128, ((size >> 14) & 127) | 128, size >> 21),
    body,
  );
}

const TYPES = [
  [101, 'jdk.InitialEnvironmentVariable'],
  [102, 'jdk.CPULoad'],
  [103, 'jdk.InitialSystemProperty'],
] as const;

function metadata(): Uint8Array {
  const strings = ['root', 'metadata', 'class', 'id', 'name', ...TYPES.flatMap(([id, name]) => [String(id), name])];
  const at = (value: string): number => strings.indexOf(value);
  const element = (
    name: string,
    attributes: readonly [string, string][],
    children: readonly Uint8Array[],
  ): Uint8Array =>
    concat(
      varint(at(name)),
      varint(attributes.length),
      ...attributes.map(([key, value]) => concat(varint(at(key)), varint(at(value)))),
      varint(children.length),
      ...children,
    );
  const classes = TYPES.map(([id, name]) =>
    element(
      'class',
      [
        ['name', name],
        ['id', String(id)],
      ],
      [],
    ),
  );
  const tree = element('root', [], [element('metadata', [], classes)]);
  return event(0, varint(1), varint(0), varint(1), varint(strings.length), ...strings.map(text), tree);
}

export function writeJfr(major: 1 | 2, chunks: number): DumpSample {
  const out = new Binary('big');
  const expected: Expected[] = [];
  for (let i = 0; i < chunks; i++) {
    const events: [Uint8Array, Partial<Expected>][] = [
      [event(102, varint(5), new Uint8Array(200)), { kind: 'stream', label: 'events' }],
      [
        event(101, varint(5), text('TOKEN'), text('not a real one')),
        { kind: 'environment', label: 'InitialEnvironmentVariable' },
      ],
      [event(103, varint(5), text('user.name'), text('x')), { kind: 'environment', label: 'InitialSystemProperty' }],
      [event(1, varint(5), varint(0), varint(0)), { kind: 'stream', label: 'constant pool' }],
    ];
    const description = metadata();
    const before = events.reduce((sum, [bytes]) => sum + bytes.length, 68);
    const start = out.at;
    out
      .bytes('FLR\0')
      .u16(major, 0)
      .count(8, before + description.length);
    out.count(8, before - events.at(-1)![0].length).count(8, before);
    out.u64(1_700_000_000_000_000_000n, 1_000_000, 0, 1_000_000_000).u32(1);
    let at = start + 68;
    for (const [bytes, meaning] of events) {
      expected.push({ start: at, end: at + bytes.length, kind: 'stream', ...meaning });
      out.bytes(bytes);
      at += bytes.length;
    }
    out.bytes(description);
  }
  return {
    name: `version ${major}, ${chunks} chunk(s)`,
    format: 'jfr',
    bytes: out.done(),
    expected,
    counts: out.counts,
    headerBytes: 90,
  };
}

export function samples(): readonly DumpSample[] {
  return [writeJfr(1, 1), writeJfr(2, 3)];
}
