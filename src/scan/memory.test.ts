import { expect, it } from 'vitest';
import { couldBeMemory } from './memory.ts';

const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));
const elf = (type: number, big = false): Uint8Array => {
  const head = new Uint8Array(64);
  head.set(latin1('\x7fELF'));
  head[5] = big ? 2 : 1;
  head[big ? 17 : 16] = type;
  return head;
};

it.each([
  ['an ELF core', elf(4), true],
  ['a big-endian ELF core', elf(4, true), true],
  ['an ELF program', elf(2), false],
  ['a library', elf(3), false],
  ['an object file', elf(1, true), false],
  ['a Mach-O core', Uint8Array.of(0xcf, 0xfa, 0xed, 0xfe, 7, 0, 0, 1, 3, 0, 0, 0, 4, 0, 0, 0), true],
  ['a Mach-O program', Uint8Array.of(0xcf, 0xfa, 0xed, 0xfe, 7, 0, 0, 1, 3, 0, 0, 0, 2, 0, 0, 0), false],
  ['a minidump', latin1('MDMP\x93\xa7'), true],
  ['nothing known', latin1('anything at all'), true],
  ['nothing', new Uint8Array(0), true],
  ['a PE program', latin1('MZ\x90\0'), false],
  ['a class', latin1('\xca\xfe\xba\xbe\0\0\0\x3d'), false],
  ['a picture', latin1('\x89PNG\r\n\x1a\n'), false],
] as const)('%s: %s', (_, head, expected) => {
  expect(couldBeMemory(head)).toBe(expected);
});
