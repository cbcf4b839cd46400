import { describe, expect, it } from 'vitest';
import { samples } from '../../corpus/formats/wer.ts';
import { expectLayout, expectSurvivesDamage } from '../../test/support/dump-contract.ts';
import wer from './wer.ts';

describe('wer', () => {
  it.each(samples())('reads $name', async (sample) => {
    const layout = await expectLayout(wer, sample);
    expect(layout.facts).toEqual([
      { name: 'EventType', value: 'APPCRASH' },
      { name: 'AppName', value: 'Demo' },
    ]);
  });

  it.each(samples())('survives damage of $name', async (sample) => {
    await expectSurvivesDamage(wer, sample);
  });
});
