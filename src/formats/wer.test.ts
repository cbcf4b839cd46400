import { describe, expect, it } from 'vitest';
import { samples } from '../../corpus/formats/wer.ts';
import { layoutOf } from '../../test/support/read-safely.ts';
import wer from './wer.ts';

describe('wer', () => {
  it.each(samples())('reads $name', async (sample) => {
    const layout = (await layoutOf(wer, sample.bytes))!;
    expect(layout.facts).toEqual([
      { name: 'EventType', value: 'APPCRASH' },
      { name: 'AppName', value: 'Demo' },
    ]);
  });
});
