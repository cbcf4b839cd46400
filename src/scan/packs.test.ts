import { describe, expect, it } from 'vitest';
import { UsageError } from '../model/errors.ts';
import { loadDetectors } from './packs.ts';

const module = (code: string): string => `data:text/javascript,${encodeURIComponent(code)}`;
const detector = (id: string): string => `{ id: '${id}', title: '', doc: '', severity: 'low', anchors: [],
  reach: { before: 0, after: 0 }, parse: () => undefined, verify: () => [], examples: () => ({ hits: [], misses: [] }) }`;

describe('loadDetectors', () => {
  it('unites packs', async () => {
    const urls = [`[${detector('one')}, ${detector('two')}]`, `[${detector('three')}]`].map((list) =>
      module(`export default ${list}`),
    );
    expect((await loadDetectors(urls)).map(({ id }) => id)).toEqual(['one', 'two', 'three']);
  });

  it.each([
    ['has no list', 'export default 1', /no list of detectors/],
    ['holds something else', 'export default [{ id: "a" }]', /entry 0 is no detector/],
    ['holds an odd id', `export default [${detector('rule:a')}]`, /entry 0 is no detector/],
    ['throws', 'throw new Error("on purpose")', /can't be loaded: on purpose/],
    ['holds one id twice', `export default [${detector('a')}, ${detector('a')}]`, /two detectors are called "a"/],
  ])('fails when one %s', async (_, code, message) => {
    const loading = loadDetectors([module(code)]);
    await expect(loading).rejects.toThrow(message);
    await expect(loading).rejects.toBeInstanceOf(UsageError);
  });
});
