/** The HTML report as Chromium shows it: the map to scale, filter and sort, dark, narrow and printed, and no network. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { succeeds } from '../corpus/real/program.ts';
import reporter from '../src/report/html.ts';
import { Browser, CHROMIUM } from './support/chromium.ts';
import { gaps, lockedFinding, render, rsaFinding, sampleReport } from './support/sample-report.ts';

/** Whole numbers of percent: where a part of the first map lies. */
const PLACE_ON_MAP = `(selector) => {
  const map = document.querySelector('.map').getBoundingClientRect();
  const part = document.querySelector('.map ' + selector).getBoundingClientRect();
  return [part.left - map.left, part.width].map((pixels) => Math.round((100 * pixels) / map.width));
}`;

/** Texts whose contrast with what lies behind them is below that of WCAG 2.2 (1.4.3): 4.5 to 1. */
const FAINT_TEXTS = `(() => {
  const parse = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => {
    const [R, G, B] = [r, g, b].map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * R + 0.7152 * G + 0.0722 * B;
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const faint = [];
  for (const element of document.body.querySelectorAll('*')) {
    if (element.tagName === 'SCRIPT' || ![...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim())) continue;
    const [a, b] = [light(parse(getComputedStyle(element).color)), light(behind(element))];
    if ((Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) < 4.5) faint.push(element.tagName + '.' + element.className + ' ' + element.textContent);
  }
  return faint;
})()`;

const SHOWN = `[...document.querySelectorAll('.f')].filter((card) => !card.hidden).map((card) => card.id)`;

describe.skipIf(CHROMIUM === undefined)('the HTML report in Chromium', () => {
  let folder = '';
  let url = '';
  let browser: Browser;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'dumpsieve-report-'));
    const path = join(folder, 'report.html');
    const places = Array.from({ length: 30 }, (_, i) => ({ ...lockedFinding.places[0]!, start: i, end: i + 1 }));
    const many = { ...lockedFinding, places };
    const cut = { code: 'truncated', input: 'dumps/app.core', span: { start: 8e9, end: 10e9 } } as const;
    const base = sampleReport();
    const findings = [rsaFinding, many, base.findings[2]!];
    writeFileSync(path, render(reporter, { ...base, findings, gaps: [...gaps, cut] }));
    url = pathToFileURL(path).href;
    browser = await Browser.start();
    await browser.preferColors('light');
    await browser.open(url);
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('asks for nothing but the file, and complains of nothing', async () => {
    await browser.screenshot();
    expect(browser.requests).toEqual([url]);
    expect(browser.complaints).toEqual([]);
  });

  it('draws regions, findings and what a cut dump lacks to scale', async () => {
    const placeOf = (selector: string) => browser.evaluate(`(${PLACE_ON_MAP})('${selector}')`);
    expect(await placeOf('.heap')).toEqual([0, 40]);
    expect(await placeOf('.stack')).toEqual([40, 5]);
    expect(await placeOf('.image')).toEqual([60, 15]);
    expect(await placeOf('.g:nth-of-type(5)')).toEqual([80, 20]);
    expect(await placeOf('.t[title*="0x1000 "]')).toEqual([0, 0]);
  });

  it('filters and sorts', async () => {
    const set = (name: string, value: string) =>
      browser.evaluate(`(() => { const part = document.forms[0].elements['${name}']; part.value = '${value}';
        part.dispatchEvent(new Event('input', { bubbles: true })); return document.querySelector('output').textContent; })()`);
    expect(await browser.evaluate(SHOWN)).toEqual(['f0', 'f1', 'f2']);
    expect(await set('text', 'ODD name')).toBe('1 of 3');
    expect(await browser.evaluate(SHOWN)).toEqual(['f1']);
    expect(await set('text', '')).toBe('3 of 3');
    expect(await set('verdict', 'known')).toBe('1 of 3');
    expect(await set('verdict', '')).toBe('3 of 3');
    await set('sort', 'places');
    expect(await browser.evaluate(SHOWN)).toEqual(['f1', 'f0', 'f2']);
    await set('sort', 'order');
    expect(await browser.evaluate(SHOWN)).toEqual(['f0', 'f1', 'f2']);
  });

  it('can be read in the light and in the dark', async () => {
    const background = () => browser.evaluate('getComputedStyle(document.body).backgroundColor');
    const [light, faintInTheLight] = [await background(), await browser.evaluate(FAINT_TEXTS)];
    await browser.preferColors('dark');
    expect(await background()).not.toBe(light);
    expect([faintInTheLight, await browser.evaluate(FAINT_TEXTS)]).toEqual([[], []]);
    await browser.preferColors('light');
  });

  it('needs no sideways scrolling on a telephone', async () => {
    await browser.open(url, 390);
    expect(await browser.evaluate('document.documentElement.scrollWidth')).toBe(390);
    await browser.open(url);
  });

  it('prints everything, folded places included, in the light', async () => {
    await browser.preferColors('dark');
    const pdf = join(folder, 'report.pdf');
    writeFileSync(pdf, await browser.pdf());
    await browser.preferColors('light');
    const isFolded = await browser.evaluate('document.querySelector("#f1 details").open');
    expect(isFolded).toBe(false);
    if (succeeds(['pdftotext', '-v'])) {
      const { stdout } = spawnSync('pdftotext', ['-layout', pdf, '-'], { encoding: 'utf8' });
      for (const text of ['a'.repeat(64), '0x1d (29)', 'worker-lost', 'Find certificates']) {
        expect(stdout).toContain(text);
      }
      expect(stdout).not.toContain('Filter');
    }
  });
});
