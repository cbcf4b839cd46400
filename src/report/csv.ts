/**
 * CSV (RFC 4180), a line for each place and each gap: for spreadsheets. Cells that a spreadsheet would run as a formula
 * begin with an apostrophe: names come from the input.
 */
import type { Finding, Gap } from '../model/finding.ts';
import type { Reporter } from './reporter.ts';
import { describeWhere } from './words.ts';

const COLUMNS = [
  'kind',
  'severity',
  'verdict',
  'detector',
  'algorithm',
  'bits',
  'curve',
  'form',
  'encoding',
  'proof',
  'where',
  'start',
  'end',
  'region',
  'address',
  'thread',
  'publicKeySha256',
  'inventory',
  'fingerprint',
  'suppressed',
  'gap',
  'detail',
] as const;

type Row = Partial<Record<(typeof COLUMNS)[number], string | number | undefined>>;

function toCell(value: string | number | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const toLine = (row: Row): string => `${COLUMNS.map((column) => toCell(row[column])).join(',')}\r\n`;

function* findingRows({ severity, verdict, fingerprint, traits, places, suppressed }: Finding): Generator<Row> {
  const { algorithm, bits, curve, proof, publicKeySha256, inventory } = traits;
  for (const place of places) {
    const { detector, form, encoding, start, end, region, address, thread } = place;
    yield {
      ...{ kind: 'finding', severity, verdict, detector, algorithm, bits, curve, form, encoding, proof },
      ...{ where: describeWhere(place), start, end, address, thread, publicKeySha256, inventory, fingerprint },
      region: region && `${region.kind} ${region.label}`.trim(),
      suppressed: suppressed?.reason,
    };
  }
}

function gapRow(gap: Gap): Row {
  const { code, detector, detail, span } = gap;
  return { kind: 'gap', where: describeWhere(gap), start: span?.start, end: span?.end, detector, gap: code, detail };
}

const reporter: Reporter = {
  id: 'csv',
  *end({ findings, gaps }) {
    yield `${COLUMNS.join(',')}\r\n`;
    for (const finding of findings) for (const row of findingRows(finding)) yield toLine(row);
    for (const gap of gaps) yield toLine(gapRow(gap));
  },
};

export default reporter;
