/**
 * The inventory file: JSON, described in docs/inventory.md. Public values only; sorted, so that two inventories can be
 * compared line by line.
 */
import { UsageError } from '../model/errors.ts';
import { CURVES } from '../model/finding.ts';
import { INVENTORY_SOURCES, type InventoryEntry, OKP_NAMES, type PublicKeyNumbers } from '../model/inventory.ts';
import { sanitizeLabel } from '../model/label.ts';
import { CURVE_BY_NAME, OKP_CURVES } from '../proof/curves.ts';
import { decodeBase64url } from '../proof/public-inventory.ts';

/** Changes when a reader of the old form would go wrong. */
export const INVENTORY_SCHEMA = 'dumpsieve-inventory/1';

/** Loading and using more takes minutes; more is surely a mistake. */
const MAX_ENTRIES = 100_000;

/** By label, then digest. */
export function sortEntries(entries: readonly InventoryEntry[]): InventoryEntry[] {
  const textOf = ({ label, publicKeySha256 }: InventoryEntry): string => `${label}\0${publicKeySha256}`;
  return entries.toSorted((a, b) => (textOf(a) < textOf(b) ? -1 : 1));
}

/** The text of an inventory file. The same entries give the same text, in whatever order they come. */
export function formatInventory(entries: readonly InventoryEntry[]): string {
  const ordered = sortEntries(entries).map(
    ({ label, source, kid, subject, comment, notAfter, publicKeySha256, key }) => ({
      label,
      source,
      kid,
      subject,
      comment,
      notAfter,
      publicKeySha256,
      key: key && orderMembers(key),
    }),
  );
  return `${JSON.stringify({ schema: INVENTORY_SCHEMA, entries: ordered }, null, 2)}\n`;
}

function orderMembers(key: PublicKeyNumbers): PublicKeyNumbers {
  if (key.kty === 'RSA') return { kty: key.kty, n: key.n, e: key.e };
  if (key.kty === 'EC') return { kty: key.kty, crv: key.crv, x: key.x, y: key.y };
  return { kty: key.kty, crv: key.crv, x: key.x };
}

/** Throws UsageError that names the file and the path of the member that is wrong. `label` names the file. */
export function parseInventory(text: string, label: string): InventoryEntry[] {
  const fail = (path: string, what: string): UsageError =>
    new UsageError(`inventory "${sanitizeLabel(label)}": ${path} ${what}`);
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw new UsageError(`inventory "${sanitizeLabel(label)}" is not JSON; "dumpsieve inventory add" makes one`);
  }
  const root = new Reader(document, '', fail);
  root.only(['schema', 'entries']);
  if (root.text('schema') !== INVENTORY_SCHEMA) throw fail('schema', `must be "${INVENTORY_SCHEMA}"`);
  const seen = new Set<string>();
  return root.list('entries', MAX_ENTRIES).map((entry) => {
    const parsed = readEntry(entry);
    if (seen.has(parsed.publicKeySha256)) throw fail(`${entry.path}.publicKeySha256`, 'is there twice');
    seen.add(parsed.publicKeySha256);
    return parsed;
  });
}

function readEntry(entry: Reader): InventoryEntry {
  entry.only(['label', 'source', 'kid', 'subject', 'comment', 'notAfter', 'publicKeySha256', 'key']);
  const notAfter = entry.optionalText('notAfter');
  if (notAfter !== undefined && Number.isNaN(Date.parse(notAfter))) {
    throw entry.fail('notAfter', 'must be a time in ISO 8601');
  }
  const publicKeySha256 = entry.text('publicKeySha256');
  if (!/^[0-9a-f]{64}$/.test(publicKeySha256)) throw entry.fail('publicKeySha256', 'must be 64 lower-case hex digits');
  const texts = { kid: entry.optionalText('kid'), subject: entry.optionalText('subject') };
  const more = { ...texts, comment: entry.optionalText('comment'), notAfter };
  return {
    label: entry.label('label'),
    source: entry.choice('source', INVENTORY_SOURCES),
    publicKeySha256,
    ...Object.fromEntries(Object.entries(more).filter(([, text]) => text !== undefined)),
    ...(entry.has('key') && { key: readKey(entry.object('key')) }),
  };
}

function readKey(key: Reader): PublicKeyNumbers {
  const kty = key.choice('kty', ['RSA', 'EC', 'OKP'] as const);
  if (kty === 'RSA') {
    key.only(['kty', 'n', 'e']);
    const [n, e] = [key.octets('n', 64, 2048), key.octets('e', 1, 2048)];
    if ((n.at(-1)! & 1) === 0 || n[0] === 0) throw key.fail('n', 'must be odd, without leading zeros');
    if ((e.at(-1)! & 1) === 0 || e[0] === 0) throw key.fail('e', 'must be odd, without leading zeros');
    return { kty, n: key.text('n'), e: key.text('e') };
  }
  if (kty === 'OKP') {
    key.only(['kty', 'crv', 'x']);
    const crv = key.choice('crv', OKP_NAMES);
    const { size } = OKP_CURVES.find(({ name }) => name === crv)!;
    key.octets('x', size, size);
    return { kty, crv, x: key.text('x') };
  }
  key.only(['kty', 'crv', 'x', 'y']);
  const crv = key.choice(
    'crv',
    CURVES.filter((name) => CURVE_BY_NAME.has(name)),
  );
  const { size } = CURVE_BY_NAME.get(crv)!;
  for (const member of ['x', 'y']) key.octets(member, size, size);
  return { kty, crv, x: key.text('x'), y: key.text('y') };
}

type Fail = (path: string, what: string) => UsageError;

/** One object of the document, and where it stands. */
class Reader {
  readonly path: string;
  readonly #members: Record<string, unknown>;
  readonly #fail: Fail;

  constructor(value: unknown, path: string, fail: Fail) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw fail(path || 'the document', 'must be an object');
    }
    this.#members = value as Record<string, unknown>;
    this.path = path;
    this.#fail = fail;
  }

  #at(name: string): string {
    return this.path ? `${this.path}.${name}` : name;
  }

  fail(name: string, what: string): UsageError {
    return this.#fail(this.#at(name), what);
  }

  has(name: string): boolean {
    return this.#members[name] !== undefined;
  }

  /** Unknown members are mistakes, or private. */
  only(names: readonly string[]): void {
    const other = Object.keys(this.#members).find((name) => !names.includes(name));
    if (other !== undefined) throw this.fail(sanitizeLabel(other), `is not one of: ${names.join(', ')}`);
  }

  optionalText(name: string): string | undefined {
    return this.has(name) ? this.label(name) : undefined;
  }

  text(name: string): string {
    const value = this.#members[name];
    if (typeof value !== 'string' || value === '') throw this.fail(name, 'must be a text that is not empty');
    return value;
  }

  /** A text that reports may print. */
  label(name: string): string {
    return sanitizeLabel(this.text(name));
  }

  choice<T extends string>(name: string, choices: readonly T[]): T {
    const chosen = choices.find((choice) => choice === this.#members[name]);
    if (chosen === undefined) throw this.fail(name, `must be one of: ${choices.join(', ')}`);
    return chosen;
  }

  object(name: string): Reader {
    return new Reader(this.#members[name], this.#at(name), this.#fail);
  }

  list(name: string, most: number): Reader[] {
    const value = this.#members[name];
    if (!Array.isArray(value) || value.length > most) throw this.fail(name, `must be a list of at most ${most}`);
    return value.map((item, i) => new Reader(item, `${this.#at(name)}[${i}]`, this.#fail));
  }

  octets(name: string, least: number, most: number): Uint8Array {
    const bytes = decodeBase64url(this.text(name));
    if (!bytes) throw this.fail(name, 'must be base64url without padding');
    if (bytes.length < least || bytes.length > most) {
      throw this.fail(name, `must be ${least === most ? least : `${least} to ${most}`} bytes`);
    }
    return bytes;
  }
}
