/** Writes small Java heap dumps, as hprof_io.c of JDK 8 and Android's hprof.cc order their records. */
import type { DumpSample, Expected } from '../dump-sample.ts';
import { Binary } from '../encode/binary.ts';
import { utf16be } from '../encode/text.ts';

export interface PlacedObject {
  readonly what: string;
  /** Where its values lie, and what `describe` must say of them. */
  readonly at: number;
  readonly names: readonly string[];
}

interface Options {
  readonly version: '1.0.1' | '1.0.2' | '1.0.3';
  readonly idBytes: 4 | 8;
  /** One HEAP_DUMP record, or segments and an end. */
  readonly segments: boolean;
  readonly android: boolean;
  readonly password: string;
}

const NAMES = ['java/lang/Object', 'java/lang/String', 'value', 'hash', 'app/Vault', 'password', 'mag', 'signum'];
const MORE = ['java/math/BigInteger', 'modulus', '[Ljava/lang/String;', 'all', 'app/Key', 'count'];

export function writeHprof(options: Options): { sample: DumpSample; objects: readonly PlacedObject[] } {
  const { idBytes } = options;
  const out = new Binary('big');
  const expected: Expected[] = [];
  const objects: PlacedObject[] = [];
  const id = (to: Binary, ...values: readonly number[]): Binary => to.number(idBytes, ...values);
  const names = [...NAMES, ...MORE];
  const nameId = (name: string): number => 0x1000 + names.indexOf(name);
  const classId = (name: string): number => 0x70_0000 + names.indexOf(name) * 16;

  out.bytes(`JAVA PROFILE ${options.version}\0`).count(4, idBytes).u64(1_700_000_000_000);
  const headerBytes = out.at + 40;
  const record = (tag: number, body: Binary): { start: number; end: number } => {
    const start = out.at;
    out.u8(tag).u32(0).count(4, body.at).append(body);
    return { start, end: out.at };
  };
  const firstName = out.at;
  for (const name of names) record(1, id(new Binary('big'), nameId(name)).bytes(name));
  expected.push({ start: firstName, end: out.at, kind: 'stream', label: 'names' });
  for (const [i, name] of ['java/lang/Object', 'java/lang/String', 'app/Vault', 'java/math/BigInteger'].entries()) {
    const body = new Binary('big').u32(i + 1);
    id(body, classId(name)).u32(0);
    record(2, id(body, nameId(name)));
  }
  for (const name of ['[Ljava/lang/String;', 'app/Key']) {
    const body = new Binary('big').u32(9);
    id(body, classId(name)).u32(0);
    record(2, id(body, nameId(name)));
  }

  const classes = new Binary('big');
  const heap = new Binary('big');
  type FieldOf = readonly [name: string, type: number];
  const classDump = (name: string, fields: readonly FieldOf[], statics: readonly [string, number][] = []): void => {
    id(classes.u8(0x20), classId(name)).u32(0);
    id(classes, name === 'java/lang/Object' ? 0 : classId('java/lang/Object'), 0, 0, 0, 0, 0);
    classes.u32(16).count(2, 0).count(2, statics.length);
    for (const [field, value] of statics) id(id(classes, nameId(field)).u8(2), value);
    classes.count(2, fields.length);
    for (const [field, type] of fields) id(classes, nameId(field)).u8(type);
  };
  const [password, text, magnitude, number, vault, key, array] = [1, 2, 3, 4, 5, 6, 7].map((n) => 0x80_0000 + n * 32);
  classDump('java/lang/Object', []);
  classDump('java/lang/String', [
    ['value', 2],
    ['hash', 10],
  ]);
  classDump('app/Vault', [
    ['count', 9],
    ['password', 2],
  ]);
  classDump('java/math/BigInteger', [
    ['signum', 10],
    ['mag', 2],
  ]);
  classDump('app/Key', [['modulus', 2]], [['all', array!]]);

  const place = (what: string, from: number, list: readonly string[]): void => {
    objects.push({ what, at: from, names: list });
  };
  const primitives = (object: number, type: number, count: number, data: Uint8Array): number => {
    id(heap.u8(0x23), object).u32(0).count(4, count).u8(type);
    heap.bytes(data);
    return heap.at - data.length;
  };
  const instance = (object: number, of: string, fields: Binary): number => {
    id(heap.u8(0x21), object).u32(0);
    id(heap, classId(of)).count(4, fields.at).append(fields);
    return heap.at - fields.at;
  };

  id(heap.u8(0x05), vault!);
  id(id(heap.u8(0x01), key!), 0x99);
  if (options.android) {
    heap.u8(0xfe).u32(65);
    id(heap, nameId('all'));
    id(heap.u8(0x89), text!);
    id(heap.u8(0x8e), vault!).u32(1, 2);
    id(heap.u8(0xc3), 0x44).u32(0, 1000).u8(8);
  }
  const at = {
    password: primitives(password!, 5, options.password.length, utf16be(options.password)),
    text: instance(text!, 'java/lang/String', id(new Binary('big'), password!).u32(0)),
    magnitude: primitives(magnitude!, 10, 4, new Uint8Array(16).fill(7)),
    number: instance(number!, 'java/math/BigInteger', id(new Binary('big').u32(1), magnitude!)),
    vault: instance(vault!, 'app/Vault', id(new Binary('big').u16(3), text!)),
    key: instance(key!, 'app/Key', id(new Binary('big'), number!)),
  };
  id(heap.u8(0x22), array!).u32(0).count(4, 1);
  id(heap, classId('[Ljava/lang/String;'));
  id(heap, key!);

  const tag = options.segments ? 0x1c : 0x0c;
  const bodies = options.segments ? [classes, heap] : [classes.append(heap)];
  const shift = options.segments ? 0 : classes.at - heap.at;
  let heapAt = 0;
  const from = out.at;
  for (const body of bodies) heapAt = record(tag, body).start + 9 + shift;
  if (options.segments) record(0x2c, new Binary('big'));
  expected.push({ start: from, end: heapAt + heap.at, kind: 'heap', label: 'Java heap' });

  const vaultNames = ['app.Vault.password', 'java.lang.String.value'];
  const keyNames = ['static app.Key.all', 'java.lang.String[]', 'app.Key.modulus', 'java.math.BigInteger.mag'];
  place('char[]', heapAt + at.password + 2, [...vaultNames, 'char[]']);
  place('field of a String', heapAt + at.text, vaultNames);
  place('int[] of a BigInteger', heapAt + at.magnitude + 15, [...keyNames.slice(1), 'int[]']);
  place('field after a short', heapAt + at.vault + 2, vaultNames.slice(0, 1));
  place('reference in an array', heapAt + at.key + 1, keyNames.slice(0, 3));
  const bytes = out.done();
  return {
    sample: {
      name: `${options.version}, ${idBytes}-byte ids, ${options.segments ? 'segments' : 'one record'}${options.android ? ', Android' : ''}`,
      format: 'hprof',
      bytes,
      expected,
      counts: out.counts,
      headerBytes,
    },
    objects,
  };
}

export function writeAll(): readonly ReturnType<typeof writeHprof>[] {
  const password = 'not a real one';
  return [
    writeHprof({ version: '1.0.1', idBytes: 4, segments: false, android: false, password }),
    writeHprof({ version: '1.0.2', idBytes: 8, segments: true, android: false, password }),
    writeHprof({ version: '1.0.2', idBytes: 4, segments: true, android: false, password }),
    writeHprof({ version: '1.0.3', idBytes: 4, segments: true, android: true, password }),
  ];
}

export function samples(): readonly DumpSample[] {
  return writeAll().map(({ sample }) => sample);
}
