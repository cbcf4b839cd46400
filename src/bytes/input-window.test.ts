import { describe, expect, it } from 'vitest';
import { inputOf } from '../../test/support/containers.ts';
import { InputWindow } from './input-window.ts';

const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);

describe('InputWindow', () => {
  it.each([false, true])('reads forward, small and large, sequential %s', async (sequential) => {
    const window = new InputWindow(inputOf(bytes, { sequential }), 64);
    for (const [at, length] of [
      [0, 10],
      [5, 3],
      [60, 30],
      [200, 500],
      [690, 10],
      [999, 1],
    ] as const) {
      expect([...(await window.read(at, length))], `${at}`).toEqual([...bytes.subarray(at, at + length)]);
    }
    // What a stream has left behind is gone.
    expect((await window.read(995, 20)).length).toBe(sequential ? 0 : 5);
    expect((await window.read(1000, 1)).length).toBe(0);
    expect(window.end).toBe(1000);
  });

  it('goes back where the input can', async () => {
    const window = new InputWindow(inputOf(bytes), 64);
    await window.read(900, 10);
    expect([...(await window.read(3, 2))]).toEqual([3, 4]);
    expect(window.view(3, 2)).toBeDefined();
    expect(window.view(2, 2)).toBeUndefined();
  });

  it('tells a stream of which less can be read from a file that is cut off', async () => {
    const held = new InputWindow({ ...inputOf(bytes), size: 5000 }, 64);
    expect((await held.read(990, 20)).length).toBe(10);
    expect(held.cutShort).toBe(true);
    const whole = new InputWindow(inputOf(bytes), 64);
    await whole.read(990, 20);
    expect(whole.cutShort).toBe(false);
  });

  it('refuses places that are none', async () => {
    const window = new InputWindow(inputOf(bytes), 64);
    for (const at of [-1, Number.NaN, 2 ** 60]) expect((await window.read(at, 4)).length).toBe(0);
  });
});
