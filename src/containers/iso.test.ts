import { expect, it } from 'vitest';
import { place, u32 } from '../../corpus/containers/layout.ts';
import { inputOf, openAll } from '../../test/support/containers.ts';
import iso from './iso.ts';

const SECTOR = 2048;
const RECORD = 34;

it('says that it did not walk all of very many directories', async () => {
  const count = 200_010;
  const perSector = Math.floor(SECTOR / RECORD);
  const rootBytes = Math.ceil(count / perSector) * SECTOR;
  const root = 20;
  // ECMA-119, 8.4 and 9.1. Each directory is an empty one of its own.
  const descriptor = place(SECTOR, [0, Uint8Array.of(1)], [1, Buffer.from('CD001')], [128, Uint8Array.of(0, 8)]);
  descriptor.set(u32(root), 158);
  descriptor.set(u32(rootBytes), 166);
  const image = Buffer.alloc(root * SECTOR + rootBytes);
  image.set(descriptor, 16 * SECTOR);
  for (let i = 0; i < count; i++) {
    const at = root * SECTOR + Math.floor(i / perSector) * SECTOR + (i % perSector) * RECORD;
    image[at] = RECORD;
    image.writeUInt32LE(100_000 + i, at + 2);
    image[at + 25] = 2;
    image[at + 32] = 1;
    image[at + 33] = 0x41;
  }
  // The directories lie far behind what is read of the image.
  const { gaps } = await openAll(iso, { ...inputOf(image), size: 2 ** 40 });
  expect(gaps).toEqual([{ code: 'over-budget', detail: 'iso.directories' }]);
});
