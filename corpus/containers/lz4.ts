/**
 * Writes lz4 frames by the specification (lz4_Frame_format.md): blocks that are made of literals and of one chosen match,
 * so that what a match must give is known without a compressor.
 */
import type { ContainerSample } from '../dump-sample.ts';
import { concat } from '../encode/text.ts';

const u32 = (value: number): Uint8Array => {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value >>> 0, true);
  return bytes;
};

/** xxHash32 with seed 0 in BigInt, straight from its specification. */
function hash32(bytes: Uint8Array): number {
  const mask = 0xffffffffn;
  const [p1, p2, p3, p4, p5] = [2654435761n, 2246822519n, 3266489917n, 668265263n, 374761393n] as const;
  const rotl = (x: bigint, r: bigint): bigint => ((x << r) | (x >> (32n - r))) & mask;
  const lane = (at: number): bigint => BigInt(new DataView(bytes.buffer, bytes.byteOffset).getUint32(at, true));
  let at = 0;
  let h: bigint = p5;
  if (bytes.length >= 16) {
    const acc = [p1 + p2, p2, 0n, -p1].map((x) => x & mask);
    for (; at + 16 <= bytes.length; at += 16) {
      for (let i = 0; i < 4; i++) acc[i] = (rotl((acc[i]! + lane(at + 4 * i) * p2) & mask, 13n) * p1) & mask;
    }
    h = rotl(acc[0]!, 1n) + rotl(acc[1]!, 7n) + rotl(acc[2]!, 12n) + rotl(acc[3]!, 18n);
  }
  h = (h + BigInt(bytes.length)) & mask;
  for (; at + 4 <= bytes.length; at += 4) h = (rotl((h + lane(at) * p3) & mask, 17n) * p4) & mask;
  for (; at < bytes.length; at++) h = (rotl((h + BigInt(bytes[at]!) * p5) & mask, 11n) * p1) & mask;
  h = ((h ^ (h >> 15n)) * p2) & mask;
  h = ((h ^ (h >> 13n)) * p3) & mask;
  return Number(h ^ (h >> 16n));
}

const extra = (value: number): number[] => [...new Array(Math.floor(value / 255)).fill(255), value % 255];

/** A sequence: literals, then a match (`distance` back, `length` long) unless it is the last. */
function sequence(literals: Uint8Array, match?: { distance: number; length: number }): Uint8Array {
  const high = Math.min(15, literals.length);
  const low = match ? Math.min(15, match.length - 4) : 0;
  return concat(
    Uint8Array.of((high << 4) | low, ...(high === 15 ? extra(literals.length - 15) : [])),
    literals,
    match
      ? Uint8Array.of(match.distance & 255, match.distance >> 8, ...(low === 15 ? extra(match.length - 19) : []))
      : new Uint8Array(0),
  );
}

interface FrameOptions {
  readonly linked?: boolean;
  readonly blockChecksums?: boolean;
  readonly contentChecksum?: boolean;
  readonly size?: boolean;
  readonly dictionary?: number;
}

function frame(
  blocks: readonly { bytes: Uint8Array; stored?: boolean }[],
  content: Uint8Array,
  options: FrameOptions = {},
): Uint8Array {
  const flags =
    0x40 |
    (options.linked ? 0 : 0x20) |
    (options.blockChecksums ? 0x10 : 0) |
    (options.size ? 8 : 0) |
    (options.contentChecksum ? 4 : 0) |
    (options.dictionary ? 1 : 0);
  const descriptor = concat(
    Uint8Array.of(flags, 0x40),
    options.size ? concat(u32(content.length), u32(0)) : new Uint8Array(0),
    options.dictionary ? u32(options.dictionary) : new Uint8Array(0),
  );
  return concat(
    Uint8Array.of(0x04, 0x22, 0x4d, 0x18),
    descriptor,
    Uint8Array.of((hash32(descriptor) >> 8) & 255),
    ...blocks.flatMap(({ bytes, stored }) => [
      u32(bytes.length + (stored ? 2 ** 31 : 0)),
      bytes,
      options.blockChecksums ? u32(hash32(bytes)) : new Uint8Array(0),
    ]),
    u32(0),
    options.contentChecksum ? u32(hash32(content)) : new Uint8Array(0),
  );
}

const words = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * i * 31 + i * 7) & 255);

export function samples(): readonly ContainerSample[] {
  const literal = words(300);
  const tail = words(9);
  const matched = concat(literal, literal.subarray(50, 250), tail);
  const block = concat(sequence(literal, { distance: 250, length: 200 }), sequence(tail));
  const zeros = concat(sequence(Uint8Array.of(0), { distance: 1, length: 40_000 }), sequence(new Uint8Array(5)));
  const zeroBytes = new Uint8Array(40_006);
  const sample = (
    name: string,
    bytes: Uint8Array,
    content: Uint8Array,
    counts: ContainerSample['counts'] = [],
  ): ContainerSample => ({
    name,
    container: 'lz4',
    bytes,
    members: [{ name: '', content }],
    counts,
    headerBytes: 24,
  });
  // A second block that is nothing but a match into the first: only right when they are linked.
  const back = concat(sequence(new Uint8Array(0), { distance: matched.length, length: 100 }), sequence(tail));
  const linked = concat(matched, matched.subarray(0, 100), tail);
  // So many linked blocks that the window is given away several times.
  const far = [
    { bytes: words(65_536), stored: true },
    ...new Array(60).fill({
      bytes: concat(sequence(new Uint8Array(0), { distance: 65_535, length: 65_000 }), sequence(tail)),
    }),
  ];
  const farContent = new Uint8Array(65_536 + 60 * 65_009);
  farContent.set(words(65_536));
  let at = 65_536;
  for (let i = 0; i < 60; i++) {
    for (let k = 0; k < 65_000; k++, at++) farContent[at] = farContent[at - 65_535]!;
    farContent.set(tail, at);
    at += 9;
  }
  const whole = frame([{ bytes: block }], matched);
  const skippable = concat(Uint8Array.of(0x53, 0x2a, 0x4d, 0x18), u32(5), words(5));
  return [
    sample('one block', whole, matched, [{ at: 7, bytes: 4 }]),
    sample(
      'all checksums and a size',
      frame([{ bytes: block }, { bytes: matched, stored: true }], concat(matched, matched), {
        blockChecksums: true,
        contentChecksum: true,
        size: true,
      }),
      concat(matched, matched),
      [
        { at: 6, bytes: 8 },
        { at: 15, bytes: 4 },
      ],
    ),
    sample('zeros', frame([{ bytes: zeros }], zeroBytes, { contentChecksum: true }), zeroBytes),
    sample(
      'linked blocks',
      frame([{ bytes: block }, { bytes: back }], linked, { linked: true, contentChecksum: true }),
      linked,
    ),
    sample('many linked blocks', frame(far, farContent, { linked: true, contentChecksum: true }), farContent),
    sample('two frames and a skippable one', concat(skippable, whole, skippable, whole), concat(matched, matched)),
    sample('no blocks', frame([], new Uint8Array(0), { contentChecksum: true }), new Uint8Array(0)),
    sample(
      'legacy',
      concat(Uint8Array.of(0x02, 0x21, 0x4c, 0x18), u32(block.length), block, u32(zeros.length), zeros),
      concat(matched, zeroBytes),
    ),
    {
      ...sample('a dictionary', frame([{ bytes: block }], matched, { dictionary: 77 }), new Uint8Array(0)),
      gaps: ['not-opened'],
    },
    {
      ...sample(
        'linked content in a frame that says it is not',
        frame([{ bytes: block }, { bytes: back }], linked),
        matched,
      ),
      gaps: ['format-error'],
    },
  ];
}
