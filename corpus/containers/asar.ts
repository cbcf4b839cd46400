/** Writes asar archives by the description in github.com/electron/asar. */
import type { ContainerSample } from '../dump-sample.ts';
import { concat } from '../encode/text.ts';

const ascii = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'utf8'));

function archive(index: string, data: Uint8Array): Uint8Array {
  const text = ascii(index);
  const padding = (4 - (text.length % 4)) % 4;
  const head = new DataView(new ArrayBuffer(16));
  for (const [i, value] of [4, text.length + padding + 8, text.length + padding + 4, text.length].entries())
    head.setUint32(i * 4, value, true);
  return concat(new Uint8Array(head.buffer), text, new Uint8Array(padding), data);
}

export function samples(): readonly ContainerSample[] {
  const words = Uint8Array.from({ length: 700 }, (_, i) => (i * i * 3 + i) & 255);
  const text = ascii('module.exports = 1;\n');
  const data = concat(text, words);
  const file = (offset: number, size: number) => `{"size":${size},"offset":"${offset}"}`;
  const sample = (
    name: string,
    files: string,
    members: readonly (readonly [string, Uint8Array])[],
    gaps?: string[],
  ): ContainerSample => ({
    name,
    container: 'asar',
    bytes: archive(`{"files":{${files}}}`, data),
    members: members.map(([member, content]) => ({ name: member, content })),
    ...(gaps && { gaps }),
    counts: [0, 4, 8, 12].map((at) => ({ at, bytes: 4 as const })),
    headerBytes: 24,
  });
  const both = [
    ['a/b.js', text],
    ['__proto__', words],
  ] as const;
  const tree = `"__proto__":${file(text.length, words.length)},"a":{"files":{"b.js":${file(0, text.length)}}}`;
  return [
    sample('folders', tree, both),
    sample('unpacked files and links', `${tree},"u":{"size":9,"unpacked":true},"l":{"link":"a/b.js"}`, both),
    sample('files over each other', `${tree},"z":${file(5, 10)}`, both, ['format-error']),
    sample('a size that lies', `"a":${file(0, 9999)}`, [['a', data]], ['truncated']),
  ];
}
