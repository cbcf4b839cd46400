/**
 * One HTML file for people: verdict, a map of each input to scale, coverage, findings with their public key and what to
 * do, gaps. No network (its policy forbids it), readable in print, in the dark and without scripts; the script only
 * filters, sorts, and unfolds everything for print.
 */
import { createHash } from 'node:crypto';
import { type Finding, type Gap, type GapCode, type Place, SEVERITIES, type Severity } from '../model/finding.ts';
import type { Outline } from '../model/outline.ts';
import type { RegionKind, Step } from '../model/place.ts';

import { HTML_SCRIPT, HTML_STYLE } from './html-page.ts';
import type { Report, ReportContext, Reporter } from './reporter.ts';
import { summarize } from './summary.ts';
import { count, formatBytes, formatOffset } from './units.ts';
import {
  adviseOn,
  describeForm,
  describeGap,
  describeInventory,
  describeKey,
  describeProof,
  describeRegion,
  describeSpan,
  describeSuppression,
  describeWhere,
} from './words.ts';
import { escapeXml as text } from './xml.ts';

/** Browsers get slow beyond these. */
const MAX_FINDINGS = 5000;
const MAX_PLACES = 200;
const MAX_MAPS = 100;
const MAX_TICKS = 400;

const REGION_WORDS: Record<RegionKind, string> = {
  heap: 'heap',
  stack: 'stacks',
  image: 'modules',
  mapped: 'mapped files',
  memory: 'other memory',
  environment: 'environment',
  registers: 'registers',
  stream: 'streams and records',
  file: 'headers and tables',
  raw: 'no known layout',
};

const keyOf = ({ input, trail }: { readonly input: string; readonly trail?: readonly Step[] }): string =>
  JSON.stringify([input, trail ?? []]);

function groupBy<T>(items: readonly T[], by: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = by(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

interface Tick extends Place {
  /** Index of its finding. */
  readonly finding: number;
  /** It fails nothing: a published test key, or suppressed. */
  readonly isKnown: boolean;
}

/** Of these nothing was read, so they cover the whole map; any other gap without a span is somewhere in it. */
const UNREAD: readonly GapCode[] = ['not-found', 'unreadable', 'special-file', 'encrypted', 'not-opened', 'too-large'];

/** Percent with enough digits for a pixel of a wide screen. */
const percent = (part: number, whole: number): string => `${((100 * part) / Math.max(1, whole)).toFixed(3)}%`;

function* mapOf(outline: Outline, ticks: readonly Tick[], gaps: readonly Gap[]): Generator<string> {
  const { size, format, regions } = outline;
  // A stream's size is unknown, and what a cut dump lacks lies behind its end: up to the last thing that is known.
  const ends = [...ticks, ...regions, ...gaps.map(({ span }) => span ?? { end: 0 })].map(({ end }) => end);
  const whole = ends.reduce((a, b) => Math.max(a, b), size ?? 1);
  yield `<figure><figcaption><b>${text(describeWhere(outline))}</b> ${size === undefined ? 'stream' : formatBytes(size)}`;
  const unplaced = gaps.filter(({ span, code }) => !span && !UNREAD.includes(code)).length;
  yield `${format ? `, ${text(format)}` : ', searched as raw bytes'}${unplaced > 0 ? `, ${count(unplaced, 'gap')} without an offset` : ''}</figcaption><div class="map" role="img" aria-label="${text(describeMap(outline, ticks, gaps))}">`;
  for (const { kind, start, end } of regions) {
    const title = `${REGION_WORDS[kind]}: ${formatOffset(start)}, ${formatBytes(end - start)}`;
    yield `<i class="r ${kind}" style="left:${percent(start, whole)};width:${percent(end - start, whole)}" title="${text(title)}"></i>`;
  }
  for (const gap of gaps) {
    if (!gap.span && !UNREAD.includes(gap.code)) continue;
    const { start, end } = gap.span ?? { start: 0, end: whole };
    const title = `not scanned: ${gap.code}`;
    yield `<i class="g" style="left:${percent(start, whole)};width:${percent(Math.min(end, whole) - start, whole)}" title="${text(title)}"></i>`;
  }
  for (const { start, finding, form, isKnown } of ticks.slice(0, MAX_TICKS)) {
    const title = `${describeForm(form)} at ${formatOffset(start)}`;
    yield `<a class="t${isKnown ? ' known' : ''}" href="#f${finding}" style="left:${percent(start, whole)}" title="${text(title)}"></a>`;
  }
  yield `</div><div class="scale"><span>0</span><span>${size === undefined ? '' : formatOffset(whole)}</span></div></figure>\n`;
}

function describeMap(outline: Outline, ticks: readonly Tick[], gaps: readonly Gap[]): string {
  const regions = count(outline.regions.length, 'region');
  return `Map of ${describeWhere(outline)}: ${regions}, ${count(ticks.length, 'place')} of findings, ${count(gaps.length, 'gap')}`;
}

function* maps(report: Report): Generator<string> {
  const ticks = groupBy(
    report.findings.slice(0, MAX_FINDINGS).flatMap((finding, index) => {
      const isKnown = toneOf(finding) === 'known';
      return finding.places.map((place) => ({ ...place, finding: index, isKnown }));
    }),
    keyOf,
  );
  const gaps = groupBy(report.gaps, keyOf);
  const weight = (outline: Outline): number =>
    (ticks.get(keyOf(outline))?.length ?? 0) * 2 + (gaps.get(keyOf(outline))?.length ?? 0);
  // Files without a layout, in which nothing is, have nothing to show.
  const shown = report.outlines
    .filter((outline) => outline.regions.length > 0 || weight(outline) > 0)
    .sort((a, b) => weight(b) - weight(a))
    .slice(0, MAX_MAPS);
  if (shown.length === 0) return;
  yield '<section><h2>Where it lies</h2>\n';
  const kinds = new Set(shown.flatMap(({ regions }) => regions.map(({ kind }) => kind)));
  const legend = [...kinds].map((kind) => `<li><i class="r ${kind}"></i>${REGION_WORDS[kind]}</li>`).join('');
  const known = [...ticks.values()].some((group) => group.some(({ isKnown }) => isKnown));
  yield `<ul class="legend">${legend}<li><i class="t"></i>finding</li>${known ? '<li><i class="t known"></i>known or suppressed</li>' : ''}<li><i class="g"></i>not scanned</li></ul>\n`;
  for (const outline of shown) {
    yield* mapOf(outline, ticks.get(keyOf(outline)) ?? [], gaps.get(keyOf(outline)) ?? []);
  }
  const more = report.outlines.length + report.outlinesOmitted - shown.length;
  if (more > 0)
    yield `<p class="more">${count(more, 'more map')} left out: of inputs and members in which nothing is, or beyond the ceiling</p>\n`;
  yield '</section>\n';
}

function coverage({ stats, inputs, gapCounts, gaps }: Report): string {
  const known = gaps.reduce((sum, { span }) => sum + (span ? span.end - span.start : 0), 0);
  const total = Object.values(gapCounts).reduce((sum, number) => sum + number, 0);
  const facts: readonly (readonly [name: string, value: string])[] = [
    ['Inputs', inputs.toLocaleString('en-US')],
    ['Bytes searched', `${formatBytes(stats.bytes)}<small>of these ${formatBytes(stats.zeroBytes)} zero pages</small>`],
    [
      'Gaps',
      total.toLocaleString('en-US') + (known > 0 ? `<small>at least ${formatBytes(known)} not searched</small>` : ''),
    ],
    ['Candidates checked', stats.candidates.toLocaleString('en-US')],
  ];
  const rows = facts.map(([name, value]) => `<div><dt>${name}</dt><dd>${value}</dd></div>`).join('');
  return `<section><h2>Coverage</h2>\n<dl class="facts">${rows}</dl></section>\n`;
}

function placeRow(place: Place): string {
  const { start, end, form, encoding, region, address, thread } = place;
  const what = describeForm(form) + (encoding === 'bytes' ? '' : `, ${encoding.toUpperCase()}`);
  const where = [
    region && region.kind !== 'raw' ? describeRegion(region) : '',
    thread === undefined ? '' : `thread ${thread}`,
  ].filter(Boolean);
  return `<tr><td>${text(describeWhere(place))}</td><td><code>${formatOffset(start)}</code></td><td>${formatBytes(end - start)}</td><td>${text(what)}</td><td>${text(where.join(', '))}</td><td><code>${text(address ?? '')}</code></td></tr>`;
}

function toneOf({ verdict, severity, suppressed }: Finding): Severity | 'known' {
  return verdict === 'known' || suppressed ? 'known' : severity;
}

function* findingCard(finding: Finding, index: number): Generator<string> {
  const { severity, verdict, detector, traits, places, fingerprint } = finding;
  const tone = toneOf(finding);
  yield `<article class="f ${tone}" id="f${index}" data-severity="${severity}" data-verdict="${verdict}" data-order="${index}" data-places="${places.length}">`;
  yield `<h3><span class="tag">${verdict === 'known' ? 'known test key' : severity}${finding.suppressed ? ', suppressed' : ''}</span> ${text(describeKey(traits))}</h3><dl>`;
  const rows: readonly (readonly [name: string, value: string | undefined, look?: 'id'])[] = [
    ['Verdict', `${verdict}: ${describeProof(traits)}`],
    ['Published', verdict === 'known' ? traits.known : undefined],
    ['Inventory', traits.inventory && describeInventory(traits)],
    ['SPKI SHA-256', traits.publicKeySha256, 'id'],
    ['JWK thumbprint', traits.jwkThumbprint, 'id'],
    ['SSH', traits.sshFingerprint, 'id'],
    ['OpenPGP', traits.pgpFingerprint, 'id'],
    ['Suppressed', finding.suppressed && describeSuppression(finding.suppressed)],
    ['Detector', detector, 'id'],
    ['Fingerprint', fingerprint, 'id'],
  ];
  for (const [name, value, look] of rows) {
    if (value) yield `<div><dt>${name}</dt><dd${look ? ` class="${look}"` : ''}>${text(value)}</dd></div>`;
  }
  yield `</dl><p class="do">${text(adviseOn(finding))}</p>`;
  yield `<details${places.length <= 10 && tone !== 'known' ? ' open' : ''}><summary>${count(places.length, 'place')}</summary><div class="wide"><table><thead><tr><th>where</th><th>offset</th><th>size</th><th>form</th><th>region</th><th>address</th></tr></thead><tbody>`;
  for (const place of places.slice(0, MAX_PLACES)) yield placeRow(place);
  yield '</tbody></table></div>';
  if (places.length > MAX_PLACES) yield `<p class="more">and ${count(places.length - MAX_PLACES, 'more place')}</p>`;
  yield '</details></article>\n';
}

function* findings(report: Report): Generator<string> {
  yield '<section><h2>Findings</h2>\n';
  if (report.findings.length === 0) yield '<p>None.</p>';
  else {
    yield '<form class="tools" hidden><label>Filter <input type="search" name="text" placeholder="file, detector, digest …"></label>';
    yield '<label>Verdict <select name="verdict"><option value="">all</option><option>proven</option><option>likely</option><option>known</option></select></label>';
    yield '<label>Sort <select name="sort"><option value="order">severity</option><option value="places">places</option></select></label> <output></output></form>\n<div id="findings">\n';
    for (const [i, finding] of report.findings.slice(0, MAX_FINDINGS).entries()) yield* findingCard(finding, i);
    yield '</div>';
    const more = report.findings.length - MAX_FINDINGS;
    if (more > 0) yield `<p class="more">and ${count(more, 'more finding')}: see the JSON report</p>`;
  }
  yield '</section>\n';
}

function* gapTable({ gaps, gapCounts }: Report): Generator<string> {
  yield '<section><h2>Not scanned</h2>\n';
  if (gaps.length === 0) yield '<p>Nothing: every byte was searched.</p>';
  for (const [code, group] of groupBy(gaps, (gap) => gap.code)) {
    const { means, todo } = describeGap(group[0]!.code);
    yield `<details class="gap" open><summary><b>${code}</b> (${(gapCounts[group[0]!.code] ?? group.length).toLocaleString('en-US')}): ${text(means)}</summary><p class="do">${text(todo)}</p><div class="wide"><table><tbody>`;
    for (const gap of group.slice(0, MAX_PLACES)) {
      const span = gap.span ? describeSpan(gap.span) : '';
      const why = [gap.detector, gap.detail].filter((part) => part !== undefined).join(', ');
      yield `<tr><td>${text(describeWhere(gap))}</td><td><code>${span}</code></td><td>${text(why)}</td></tr>`;
    }
    yield '</tbody></table></div></details>\n';
  }
  yield '</section>\n';
}

const hashOf = (source: string): string => `'sha256-${createHash('sha256').update(source).digest('base64')}'`;

function headline({ verdict, findings, gaps }: Report): string {
  const allowed = gaps.length > 0 ? ' but for gaps that are allowed' : '';
  switch (verdict) {
    case 'findings':
      return 'Findings: do not pass this on.';
    case 'incomplete':
      return 'Incomplete: a part was not scanned, so nobody can say that it is clean.';
    case 'clean':
      return `Clean: everything was scanned${allowed}, and ${findings.length > 0 ? 'nothing that was found fails' : 'nothing was found'}.`;
  }
}

/** How many of each loudness, loudest first. */
function counts(report: Report): string {
  const groups = groupBy(report.findings, toneOf);
  const tags = [...SEVERITIES, 'known' as const].flatMap((tone) => {
    const number = groups.get(tone)?.length ?? 0;
    const name = tone === 'known' ? 'known or suppressed' : tone;
    return number > 0 ? [`<li class="tag ${tone}">${number.toLocaleString('en-US')} ${name}</li>`] : [];
  });
  const gapTotal = Object.values(report.gapCounts).reduce((sum, number) => sum + number, 0);
  if (gapTotal > 0) tags.push(`<li class="tag medium">${count(gapTotal, 'gap')}</li>`);
  return tags.length > 0 ? `<ul class="counts">${tags.join('')}</ul>` : '';
}

const reporter: Reporter = {
  id: 'html',
  *end(report: Report, { tool }: ReportContext) {
    // Styles of single elements (positions on the map) need 'unsafe-inline'; the only script is the one below.
    const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src ${hashOf(HTML_SCRIPT)}; base-uri 'none'; form-action 'none'`;
    yield `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">`;
    yield `<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>${tool.name}: ${report.verdict}</title><style>${HTML_STYLE}</style></head><body>\n`;
    yield `<header class="${report.verdict}"><div><h1>${headline(report)}</h1><p>${text(summarize(report))}</p>${counts(report)}<p class="meta">${text(`${tool.name} ${tool.version}, ${report.startedAt}`)}${report.interrupted ? ', interrupted' : ''}</p></div></header>\n<main>\n`;
    yield* maps(report);
    yield coverage(report);
    yield* findings(report);
    yield* gapTable(report);
    yield `</main><script>${HTML_SCRIPT}</script></body></html>\n`;
  },
};

export default reporter;
