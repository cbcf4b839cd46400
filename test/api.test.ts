/** The public API, with the detectors and workers of the build. */
import { createReadStream, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMake } from '../corpus/make.ts';
import { createScanner, decide, type Gap, type Locator, scan, scanStream, UsageError } from '../src/index.ts';

let root: string;
let publicKeySha256: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'dumpsieve-'));
  const make = createMake('api');
  const key = make.rsa();
  publicKeySha256 = make.publicKeySha256(key);
  writeFileSync(join(root, 'dirty.bin'), make.concat(make.bytes(3000), make.pkcs8(key), make.bytes(3000)));
  writeFileSync(join(root, 'clean.bin'), 'clean');
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('scan', () => {
  it('finds, and tells as it goes', async () => {
    const inputs: Locator[] = [];
    const gaps: Gap[] = [];
    let sightings = 0;
    let bytes = 0;
    const result = await scan([root, join(root, 'absent')], {
      onProgress: (done) => {
        bytes += done;
      },
      observer: {
        onInput: (locator) => inputs.push(locator),
        onFinding: () => sightings++,
        onGap: (gap) => gaps.push(gap),
      },
    });
    expect(result.findings).toMatchObject([{ verdict: 'proven', traits: { algorithm: 'RSA', publicKeySha256 } }]);
    expect(result).toMatchObject({ inputs: 2, gapCounts: { 'not-found': 1 }, interrupted: false });
    expect(inputs.map(({ label }) => label.slice(root.length + 1)).sort()).toEqual(['clean.bin', 'dirty.bin']);
    expect(gaps).toEqual(result.gaps);
    expect(sightings).toBeGreaterThan(0);
    expect(bytes).toBeGreaterThanOrEqual(result.stats.bytes);
    expect(decide(result.findings, result.gaps, { failOn: 'high', allowGaps: [] })).toMatchObject({ exitCode: 1 });
  });

  it('gives one key one fingerprint under one project key', async () => {
    const fingerprints = async (fingerprintKey?: Uint8Array) =>
      (await scan(join(root, 'dirty.bin'), { fingerprintKey })).findings.map(({ fingerprint }) => fingerprint);
    const key = new Uint8Array(32).fill(1);
    expect(await fingerprints(key)).toEqual(await fingerprints(key));
    expect(await fingerprints()).not.toEqual(await fingerprints());
  });

  it('ends when its signal does', async () => {
    const path = join(root, 'holes');
    writeFileSync(path, '');
    truncateSync(path, 2 ** 36);
    const result = await scan(path, { signal: AbortSignal.timeout(500), threads: 1 });
    rmSync(path);
    expect(result.interrupted).toBe(true);
    expect(result.gapCounts.interrupted).toBeGreaterThan(0);
  });

  it('starts nothing when its signal has ended', async () => {
    expect(await scan(root, { signal: AbortSignal.abort() })).toMatchObject({ stats: { bytes: 0 }, interrupted: true });
  });

  it.each([
    ['no paths', [], {}],
    ['an empty path', [''], {}],
    ['a short key', ['x'], { fingerprintKey: new Uint8Array(16) }],
    ['no threads', ['x'], { threads: 0 }],
  ])('rejects %s', async (_, paths, options) => {
    await expect(scan(paths, options)).rejects.toBeInstanceOf(UsageError);
  });
});

describe('bytes', () => {
  it.each([
    ['at once', (path: string) => new Uint8Array(readFileSync(path))],
    ['as a stream', (path: string) => createReadStream(path)],
  ])('are scanned like a file: %s', async (_, read) => {
    const result = await scan({ bytes: read(join(root, 'dirty.bin')), label: 'upload\u001b' }, { spoolBytes: 0 });
    expect(result.findings).toMatchObject([{ verdict: 'proven', traits: { publicKeySha256 } }]);
    expect(result.findings[0]!.places[0]!.input).not.toContain('\u001b');
    expect(result.gaps).toEqual([]);
  });

  it('that never come end the scan with their error', async () => {
    const failing = (async function* () {
      yield new Uint8Array(10);
      throw new RangeError('source broke');
    })();
    await expect(scan({ bytes: failing })).rejects.toBeInstanceOf(RangeError);
  });
});

describe('scanStream', () => {
  it('ends with the result', async () => {
    const types: string[] = [];
    for await (const event of scanStream([root, join(root, 'absent')])) types.push(event.type);
    expect(new Set(types)).toEqual(new Set(['finding', 'gap', 'result']));
    expect(types.indexOf('result')).toBe(types.length - 1);
  });

  it('ends the scan when its reader leaves', async () => {
    const path = join(root, 'holes');
    writeFileSync(path, '');
    truncateSync(path, 2 ** 36);
    for await (const event of scanStream([join(root, 'dirty.bin'), path], { threads: 2 })) {
      expect(event.type).toBe('finding');
      break;
    }
    rmSync(path);
  });

  it('throws what a scan rejects with', async () => {
    await expect(scanStream([]).next()).rejects.toBeInstanceOf(UsageError);
  });
});

describe('a scanner that stays', () => {
  it('serves many scans at once, and ends one alone', async () => {
    const scanner = await createScanner({ threads: 2, spoolBytes: 1 << 20 });
    const path = join(root, 'holes');
    writeFileSync(path, '');
    truncateSync(path, 2 ** 36);
    const endless = scanner.scan(path, { signal: AbortSignal.timeout(300) });
    const bytes = new Uint8Array(readFileSync(join(root, 'dirty.bin')));
    const results = await Promise.all(Array.from({ length: 20 }, () => scanner.scan({ bytes })));
    for (const { findings, gaps } of results) {
      expect(findings).toMatchObject([{ traits: { publicKeySha256 } }]);
      expect(gaps).toEqual([]);
    }
    expect((await endless).interrupted).toBe(true);
    const after = await scanner.scan(join(root, 'clean.bin'));
    expect(after).toMatchObject({ findings: [], gaps: [], interrupted: false });
    await expect(scanner.scan('-')).rejects.toBeInstanceOf(UsageError);
    await scanner.close();
    rmSync(path);
  });

  it('refuses a pack that is none', async () => {
    await expect(createScanner({ patternsUrl: 'data:text/javascript,' })).rejects.toBeInstanceOf(UsageError);
  });
});
