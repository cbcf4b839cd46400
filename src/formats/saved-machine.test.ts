import { describe, expect, it } from 'vitest';
import { samples } from '../../corpus/formats/saved-machine.ts';
import { layoutOf } from '../../test/support/read-safely.ts';
import { latin1 } from '../bytes/reader.ts';
import savedMachine from './saved-machine.ts';

describe('saved-machine', () => {
  it.each(samples())('reads $name', async (sample) => {
    const layout = (await layoutOf(savedMachine, sample.bytes))!;
    expect(layout.gaps).toMatchObject([{ code: 'not-opened' }]);
    expect(layout.facts).toHaveLength(1);
  });

  it.each(['wake up, said the text, which is long enough to look like a header of some sort', 'HIBR', 'RSTR\n'])(
    'is not %s',
    (text) => {
      expect(savedMachine.recognise(latin1(text))).toBe(false);
    },
  );
});
