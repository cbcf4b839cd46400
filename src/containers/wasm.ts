/** WebAssembly modules (core specification, 5.5): custom sections, and the section of data, each as it lies in the file. */
import { readExactly, readSpan, readUpTo } from '../bytes/input-reader.ts';
import { hasBytes, hasText } from '../bytes/reader.ts';
import { defineContainer } from '../model/container.ts';
import { FormatError } from '../model/errors.ts';

const CUSTOM = 0;
const DATA = 11;
/** In components (layer 1), section 1 is a whole core module. */
const CORE_MODULE = 1;
/** Sections of one file; real modules have fewer than 100. */
const MAX_SECTIONS = 100_000;

export default defineContainer({
  id: 'wasm',
  title: 'WebAssembly module',
  doc: `
[WebAssembly](https://webassembly.github.io/spec/core/binary/modules.html) binaries and components: the data section, custom sections (names, sources, embedded files) and nested modules are members with their
place in the file. Code is searched as bytes of the file.

A gap: a section that leaves the file.`,
  access: 'random',
  recognise: (head) => hasText(head, 0, '\0asm') && (hasBytes(head, 4, [1, 0, 0, 0]) || hasBytes(head, 6, [1, 0])),
  async *open(input) {
    const component = (await readExactly(input, 0, 8, 'wasm.header'))[6] === 1;
    let at = 8;
    for (let i = 0; at < input.size; i++) {
      if (i >= MAX_SECTIONS) {
        yield { code: 'over-budget', detail: 'wasm.sections' };
        return;
      }
      const head = await readUpTo(input, at, 6);
      if (head.length === 0) return;
      const { value: size, next } = readLeb(head, 1);
      let start = at + next;
      const end = start + size;
      if (end > input.size) {
        yield { code: 'format-error', detail: 'wasm.section' };
        return;
      }
      let name: string | undefined;
      if (head[0] === CUSTOM) {
        const text = await readUpTo(input, start, Math.min(size, 261));
        const length = readLeb(text, 0);
        start += Math.min(size, length.next + length.value);
        name = `custom ${new TextDecoder().decode(text.subarray(length.next, length.next + length.value))}`;
      } else if (component) {
        if (head[0] === CORE_MODULE) name = 'core module';
      } else if (head[0] === DATA) name = 'data';
      const from = start;
      if (name !== undefined && end > from) {
        const content = () => readSpan(input, from, end, 'wasm.section');
        yield { name, size: end - from, stored: { start: from, end }, content };
      }
      at = end;
    }
  },
});

/** Unsigned LEB128 of at most 32 bits. */
function readLeb(bytes: Uint8Array, from: number): { value: number; next: number } {
  let value = 0;
  for (let i = 0; i < 5; i++) {
    const byte = bytes[from + i];
    if (byte === undefined) break;
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return { value, next: from + i + 1 };
  }
  throw new FormatError('wasm.leb128');
}
