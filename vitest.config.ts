import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** `npm test` runs the fast suite; `SUITE=slow` runs the slow one, `SUITE=all` both. The setup script builds dist/ first. */
const suite = process.env['SUITE'] ?? 'fast';
const fast = ['{cli,src,patterns,corpus,bench,test,scripts}/**/*.test.ts'];
const slow = ['{cli,src,patterns,corpus,bench,test,scripts}/**/*.slow.test.ts'];

export default defineConfig({
  test: {
    include: suite === 'slow' ? slow : fast,
    exclude: ['**/node_modules/**', 'dist/**', ...(suite === 'fast' ? slow : [])],
    testTimeout: suite === 'fast' ? 60_000 : 600_000,
    hookTimeout: 180_000,
    // Vitest leaves one processor out: on two that is half of them.
    maxWorkers: availableParallelism(),
  },
});
