import { expect, it } from 'vitest';
import { inputOf, openAll } from '../../test/support/containers.ts';
import wasm from './wasm.ts';

it('says that it did not list all of very many sections', async () => {
  // Custom sections of one byte, which is the length of their name.
  const image = Buffer.alloc(8 + 3 * 100_001);
  image.set([0, 0x61, 0x73, 0x6d, 1]);
  for (let at = 8; at < image.length; at += 3) image[at + 1] = 1;
  const { members, gaps } = await openAll(wasm, inputOf(image));
  expect([...members, ...gaps]).toEqual([{ code: 'over-budget', detail: 'wasm.sections' }]);
});
