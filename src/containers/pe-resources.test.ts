import { expect, it } from 'vitest';
import { samples } from '../../corpus/containers/pe-resources.ts';
import { inputOf, openAll } from '../../test/support/containers.ts';
import container from './pe-resources.ts';

/** Of the headers in the sample's file: the size of section `.rsrc`, in memory and in the file. */
const SECTION = 432;
const RESOURCES_AT = 1024;

it('says that it did not list all of very many resources', async () => {
  const { bytes } = samples().find(({ name }) => name.startsWith('sections, resources'))!;
  const [most, entries] = [0xffff, 2 * 0xffff];
  const end = 16 + entries * 8;
  const image = Buffer.alloc(RESOURCES_AT + end + 16);
  image.set(bytes.subarray(0, RESOURCES_AT));
  for (const at of [SECTION + 8, SECTION + 16]) image.writeUInt32LE(end + 16, at);
  image.writeUInt16LE(most, RESOURCES_AT + 12);
  image.writeUInt16LE(most, RESOURCES_AT + 14);
  for (let i = 0; i < entries; i++) image.writeUInt32LE(end, RESOURCES_AT + 16 + i * 8 + 4);
  image.writeUInt32LE(0x2000, RESOURCES_AT + end);
  const { gaps } = await openAll(container, inputOf(image), { want: () => false });
  expect(gaps).toEqual([{ code: 'over-budget', detail: 'pe.resources' }]);
});
