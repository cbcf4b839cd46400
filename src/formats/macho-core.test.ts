import { describe, expect, it } from 'vitest';
import { samples } from '../../corpus/formats/macho-core.ts';
import { layoutOf } from '../../test/support/read-safely.ts';
import machoCore from './macho-core.ts';

const all = samples();

const layoutNamed = async (name: string) =>
  (await layoutOf(machoCore, all.find((sample) => sample.name === name)!.bytes))!;

describe('facts', () => {
  it.each(['x86-64, notes of lldb', 'ARM64', 'x86', 'PowerPC, big-endian'])('finds the images: %s', async (name) => {
    const { modules, gaps } = await layoutNamed(name);
    expect(gaps).toEqual([]);
    expect(modules?.map((module) => module.buildId)).toEqual([
      expect.stringMatching(/^[0-9a-f]{32}$/),
      expect.stringMatching(/^[0-9a-f]{32}$/),
    ]);
    expect(modules?.[1]?.name).toBe('/usr/lib/libservice.dylib');
  });

  it.each([
    ['ARM64', 8, false],
    ['x86', 4, false],
    ['PowerPC, big-endian', 4, true],
  ])('says how words lie: %s', async (name, pointerBytes, bigEndian) => {
    expect(await layoutNamed(name)).toMatchObject({ pointerBytes, bigEndian });
  });

  it("reads lldb's notes", async () => {
    const { facts, modules } = await layoutNamed('x86-64, notes of lldb');
    expect(facts).toContainEqual({ name: 'address bits', value: '47' });
    expect(modules?.[0]).toMatchObject({ name: '/opt/service', address: 0x1_0000_0000n });
  });
});

it('says what is cut off', async () => {
  const { gaps } = await layoutNamed('ARM64, cut off');
  expect(gaps).toEqual([
    {
      code: 'truncated',
      span: { start: expect.any(Number), end: expect.any(Number) },
      detail: 'mach.command[5].filesize',
    },
  ]);
});
