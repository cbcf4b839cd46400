import { expect, it } from 'vitest';
import { numberPhasesOf } from './number-phases.ts';

it.each([
  ['JAVA PROFILE 1.0.2\0\0\0\0\b', 8],
  ['go1.7 heap dump\n\x06\0', 8],
  ['\x7fELF\x02\x01\x01', 1],
  ['JAVA', 1],
  ['', 1],
] as const)('%j', (head, phases) => {
  expect(numberPhasesOf(Uint8Array.from(head, (char) => char.charCodeAt(0)))).toBe(phases);
});
