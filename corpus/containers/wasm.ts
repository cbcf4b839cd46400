/** WebAssembly modules: custom sections, data, code between them. */
import type { ContainerSample } from '../dump-sample.ts';
import { concat } from '../encode/text.ts';
import { createRng } from '../rng.ts';

const leb = (value: number): Uint8Array =>
  value < 128 ? Uint8Array.of(value) : Uint8Array.of(128 | (value & 127), value >> 7);
const section = (id: number, content: Uint8Array): Uint8Array =>
  concat(Uint8Array.of(id), leb(content.length), content);

export function samples(): readonly ContainerSample[] {
  const rng = createRng('containers/wasm');
  const source = rng.bytes(300);
  const data = concat(Uint8Array.of(1, 0, 0x41, 0, 0x0b), leb(200), rng.bytes(200));
  const custom = section(0, concat(leb(9), 'sourceMap', source));
  const bytes = concat('\0asm', Uint8Array.of(1, 0, 0, 0), custom, section(10, rng.bytes(20)), section(11, data));
  const counts = [
    { at: 9, bytes: 2 },
    { at: 11, bytes: 1 },
  ] as const;
  return [
    {
      name: 'custom, code and data sections',
      container: 'wasm',
      bytes,
      members: [
        { name: 'custom sourceMap', content: source },
        { name: 'data', content: data },
      ],
      counts,
      headerBytes: 60,
    },
    {
      name: 'a section that leaves the file',
      container: 'wasm',
      bytes: bytes.subarray(0, -1),
      members: [{ name: 'custom sourceMap', content: source }],
      gaps: ['format-error'],
      counts,
      headerBytes: 20,
    },
    {
      name: 'a component with a core module',
      container: 'wasm',
      bytes: concat('\0asm', Uint8Array.of(13, 0, 1, 0), section(1, bytes)),
      members: [{ name: 'core module', content: bytes }],
      counts,
      headerBytes: 20,
    },
  ];
}
