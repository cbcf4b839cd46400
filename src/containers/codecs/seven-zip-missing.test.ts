/** What users see who have not installed the optional package. */
import { describe, expect, it, vi } from 'vitest';
import { samples } from '../../../corpus/containers/7z.ts';
import { openBytes } from '../../../test/support/containers.ts';
import sevenZip from '../7z.ts';
import rar from '../rar.ts';

vi.mock('node:module', async (original) => ({
  ...(await original<object>()),
  createRequire: () => ({
    resolve() {
      throw new Error('not found');
    },
  }),
}));

describe('without 7z-wasm', () => {
  it('says what to install', async () => {
    const archive = Uint8Array.of(0x52, 0x61, 0x72, 0x21, 0x1a, 7, 0);
    expect(await openBytes(rar, archive)).toEqual({ members: [], gaps: ['not-opened: install 7z-wasm'] });
  });

  it('still reads 7z', async () => {
    const { members, gaps } = await openBytes(sevenZip, samples()[0]!.bytes);
    expect(members.length).toBeGreaterThan(4);
    expect(gaps).toEqual([]);
  });
});
