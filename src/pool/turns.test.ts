import { setImmediate as tick } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createTurns } from './turns.ts';

it('runs so many works at once, the others in the order in which they came, failed ones too', async () => {
  const inTurn = createTurns(2);
  const order: number[] = [];
  let running = 0;
  let most = 0;
  const works = Array.from({ length: 7 }, (_, i) =>
    inTurn(async () => {
      order.push(i);
      most = Math.max(most, ++running);
      await tick();
      running--;
      if (i === 3) throw new Error('third');
      return i;
    }),
  );
  const results = await Promise.allSettled(works);
  expect(order).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(most).toBe(2);
  expect(results.map(({ status }) => status === 'fulfilled')).toEqual([true, true, true, false, true, true, true]);
});
