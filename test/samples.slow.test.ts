/** Every real sample opens as what it is, or is searched as raw bytes with a gap that says why; none fails or hangs. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scan } from '../src/api.ts';
import containers from '../src/containers/index.ts';
import formats from '../src/formats/index.ts';
import { readHead, recognise } from '../src/scan/open.ts';
import { openFile } from '../src/sources/file-input.ts';
import { sampleFiles, samplesFolder } from './support/samples.ts';

/** What the folders of the samples hold, by a part of the path: plug-ins that must take them. */
const EXPECTED: readonly (readonly [path: RegExp, plugins: readonly string[]])[] = [
  [/\.(gz|tgz)$/, ['gzip']],
  // One has bytes before the archive: the engine knows it by its end.
  [/^(?!.*padded3).*\.zip$|\.jar$|\.apk$/, ['zip']],
  [/\.zst$/, ['zstd']],
  [/\.xz$|\.txz$/, ['xz']],
  [/^(?!.*malformed).*\.7z$/, ['7z']],
  [/^minidump\/.*\.dmp$/, ['minidump', 'windows-kernel', 'microdump']],
  [/^elf-core\/[^.]*\.core$/, ['elf-core']],
];

/** No sample needs longer, on a busy machine. */
const MAX_MS = 120_000;

describe.skipIf(!samplesFolder)('samples', () => {
  it.each(sampleFiles(/./))(
    '%s',
    async (name) => {
      const path = join(samplesFolder!, name);
      const input = openFile(path);
      const head = await readHead(input);
      const { container, format } = recognise(head, { formats, containers });
      await input.close();
      const ids: readonly string[] = [container?.id, format?.id].filter((id) => id !== undefined);
      const plugins = EXPECTED.find(([pattern]) => pattern.test(name))?.[1] ?? [];
      const known = plugins.filter((id) => [...formats, ...containers].some((plugin) => plugin.id === id));
      if (head.length > 0 && known.length > 0)
        expect(
          ids.some((id) => known.includes(id)),
          `opens as ${ids.join(', ')}`,
        ).toBe(true);
      const { gaps, stats, inputs } = await scan(path, {
        limits: { maxContainerMs: MAX_MS, maxInflatedBytes: 4 * 2 ** 30 },
      });
      expect(inputs).toBe(1);
      const failed = gaps.filter(({ code }) => ['detector-failed', 'worker-lost', 'timeout'].includes(code));
      expect(failed).toEqual([]);
      expect(stats.bytes).toBeGreaterThanOrEqual(Math.min(input.size, 1));
    },
    2 * MAX_MS,
  );
});
