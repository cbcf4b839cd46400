/**
 * Files that list published keys, to `KnownList`:
 * - badkeys' `blocklist.dat` (docs/BLOCKLISTFORMAT.md in its repository): sorted records of 15 bytes of the SHA-256 of the
 *   key's number and the id of a list, which `badkeysdata.json` beside it names;
 * - badkeys' `lookup.txt`: lines of 16 hex digits, `;` and a path;
 * - our own: lines of 64 hex digits (SHA-256 of the SubjectPublicKeyInfo) and a label.
 * Strict: a list that is half read would let keys count as unknown, and one that is misread as known.
 */
import { hexValue } from '../bytes/ascii.ts';
import { UsageError } from '../model/errors.ts';
import type { KnownList } from '../model/known-list.ts';
import { sanitizeLabel } from '../model/label.ts';

/** The one format that badkeys has had so far. */
const BADKEYS_FORMAT = 0;
const RECORD_BYTES = 16;
const DIGEST_BYTES = 15;
/** Hex digits of a digest in text → bytes of it, and what it is of. */
const TEXT_DIGESTS: Readonly<Record<number, KnownList['of']>> = { 16: 'value', 64: 'spki' };
/** Bytes of the offset of a label. */
const OFFSET_BYTES = 4;
/** Offsets are of 32 bits; badkeys' lookup.txt has 200 MB. */
const MAX_LIST_BYTES = 2 ** 32 - 1;

export interface BadkeysData {
  /** Name of a list by the id in the last byte of a record. */
  readonly names: Readonly<Record<number, string>>;
  /** SHA-256 of the blocklist.dat that it belongs to, hex. */
  readonly blocklistSha256: string;
}

/** badkeysdata.json. Throws UsageError that names the member. */
export function parseBadkeysData(text: string, name: string): BadkeysData {
  const fail = (what: string): UsageError => new UsageError(`known keys "${sanitizeLabel(name)}": ${what}`);
  let document: { bkformat?: unknown; blocklist_sha256?: unknown; blocklists?: unknown };
  try {
    document = (JSON.parse(text) ?? {}) as typeof document;
  } catch {
    throw fail('is no JSON');
  }
  if (document.bkformat !== BADKEYS_FORMAT)
    throw fail(`bkformat must be ${BADKEYS_FORMAT}: another version of badkeys`);
  const sha256 = document.blocklist_sha256;
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) {
    throw fail('blocklist_sha256 must be 64 lower-case hex digits');
  }
  if (!Array.isArray(document.blocklists)) throw fail('blocklists must be a list');
  const names = document.blocklists.map((entry: { id?: unknown; name?: unknown } | null, i): [number, string] => {
    const id = Number(entry?.id);
    if (!Number.isInteger(id) || id < 0 || id > 255) throw fail(`blocklists[${i}].id must be a number from 0 to 255`);
    if (typeof entry?.name !== 'string' || entry.name === '') throw fail(`blocklists[${i}].name must be a text`);
    return [id, sanitizeLabel(entry.name)];
  });
  return { names: Object.fromEntries(names), blocklistSha256: sha256 };
}

/**
 * @param bytes the whole file; a blocklist.dat stays in use, all else is copied
 * @param name for reports and messages
 * @param allocate memory that threads can share
 * @throws UsageError
 */
export function parseKnownList(
  bytes: Uint8Array,
  name: string,
  allocate: (size: number) => Uint8Array,
  data?: BadkeysData,
): KnownList {
  const label = sanitizeLabel(name);
  const fail = (what: string): UsageError => new UsageError(`known keys "${label}" ${what}`);
  if (bytes.length === 0) throw fail('is empty');
  if (bytes.length > MAX_LIST_BYTES) throw fail('is larger than 4 GiB');
  if (isCompressed(bytes)) throw fail('is compressed; unpack it first');
  return isText(bytes) && !data ? parseText(bytes, label, allocate, fail) : parseBlocklist(bytes, label, fail, data);
}

/** xz, gzip, zstd, bzip2. */
function isCompressed(bytes: Uint8Array): boolean {
  return [
    [0xfd, 0x37, 0x7a, 0x58, 0x5a],
    [0x1f, 0x8b, 0x08],
    [0x28, 0xb5, 0x2f, 0xfd],
    [0x42, 0x5a, 0x68],
  ].some((magic) => magic.every((byte, i) => bytes[i] === byte));
}

/** No control characters in the first bytes: digests have them in every few. */
function isText(bytes: Uint8Array): boolean {
  return bytes.subarray(0, 4096).every((byte) => byte >= 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d);
}

type Fail = (what: string) => UsageError;

function parseBlocklist(table: Uint8Array, name: string, fail: Fail, data: BadkeysData | undefined): KnownList {
  if (table.length % RECORD_BYTES !== 0) {
    throw fail(`is neither text nor badkeys' blocklist.dat: its size is no multiple of ${RECORD_BYTES}`);
  }
  const list = {
    name,
    of: 'value',
    digestBytes: DIGEST_BYTES,
    numberBytes: 1,
    table,
    labels: data?.names ?? {},
  } as const;
  const unsorted = findUnsorted(list);
  if (unsorted !== undefined) {
    throw fail(`is neither text nor badkeys' blocklist.dat: record ${unsorted} is out of order`);
  }
  return list;
}

/** Index of the first record that comes before its neighbour. */
function findUnsorted({ table, digestBytes, numberBytes }: KnownList): number | undefined {
  const record = digestBytes + numberBytes;
  for (let at = record; at < table.length; at += record) {
    for (let i = 0; i < digestBytes; i++) {
      const difference = table[at + i]! - table[at - record + i]!;
      if (difference > 0) break;
      if (difference < 0) return at / record;
    }
  }
  return undefined;
}

function parseText(text: Uint8Array, name: string, allocate: (size: number) => Uint8Array, fail: Fail): KnownList {
  let lines = 1;
  for (const byte of text) if (byte === 0x0a) lines++;
  let digestBytes = 0;
  let table = new Uint8Array(0);
  let count = 0;
  for (let at = 0, line = 1; at < text.length; line++) {
    const newline = text.indexOf(0x0a, at);
    const end = newline < 0 ? text.length : newline;
    const digits = countDigits(text, at, end);
    if (digits > 0 || !isRemark(text, at, end)) {
      if (digestBytes === 0) {
        if (!TEXT_DIGESTS[digits]) {
          throw fail(
            `line ${line}: must begin with 64 hex digits (SHA-256 of a SubjectPublicKeyInfo) or, in badkeys' lookup.txt, 16`,
          );
        }
        digestBytes = digits / 2;
        table = allocate(lines * (digestBytes + OFFSET_BYTES)) as Uint8Array<ArrayBuffer>;
      }
      if (digits !== 2 * digestBytes || !isSeparator(text, at + digits, end)) {
        throw fail(`line ${line}: must begin with ${2 * digestBytes} hex digits and a blank, or ";"`);
      }
      writeRecord(table, count++ * (digestBytes + OFFSET_BYTES), text, at, digits);
    }
    at = end + 1;
  }
  if (count === 0) throw fail('lists no key');
  const labels = allocate(text.length);
  labels.set(text);
  const list: KnownList = {
    ...{ name, of: TEXT_DIGESTS[2 * digestBytes]!, digestBytes, numberBytes: OFFSET_BYTES },
    ...{ table: table.subarray(0, count * (digestBytes + OFFSET_BYTES)), labels },
  };
  if (findUnsorted(list) !== undefined) sortRecords(list);
  return list;
}

/** At the beginning of a line. */
function countDigits(text: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && hexValue(text[at]) >= 0) at++;
  return at - start;
}

/** Blank lines, and those that begin with `#`. */
function isRemark(text: Uint8Array, start: number, end: number): boolean {
  return text[start] === 0x23 || text.subarray(start, end).every((byte) => byte <= 0x20);
}

const isSeparator = (text: Uint8Array, at: number, end: number): boolean =>
  at === end || [0x20, 0x09, 0x0d, 0x3b, 0x2c].includes(text[at]!);

/** The digest, and where the label begins. */
function writeRecord(table: Uint8Array, at: number, text: Uint8Array, start: number, digits: number): void {
  for (let i = 0; i < digits; i += 2)
    table[at + i / 2] = hexValue(text[start + i]) * 16 + hexValue(text[start + i + 1]);
  new DataView(table.buffer, table.byteOffset).setUint32(at + digits / 2, Math.min(start + digits + 1, text.length));
}

function sortRecords({ table, digestBytes, numberBytes }: KnownList): void {
  const record = digestBytes + numberBytes;
  const copy = table.slice();
  const compare = (a: number, b: number): number => {
    for (let i = 0; i < digestBytes; i++) {
      const difference = copy[a * record + i]! - copy[b * record + i]!;
      if (difference !== 0) return difference;
    }
    // Of a key that is listed twice, the first label counts.
    return a - b;
  };
  const order = Uint32Array.from({ length: table.length / record }, (_, i) => i).sort(compare);
  for (const [to, from] of order.entries()) table.set(copy.subarray(from * record, (from + 1) * record), to * record);
}
