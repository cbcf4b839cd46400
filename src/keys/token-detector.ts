/**
 * Detectors of tokens whose own text tells them: `defineToken` makes one of a declaration. The examples are written from
 * the declaration too, but by `make` and not by what reads them; a checksum's writer is the declaration's own.
 */
import { indexOfText } from '../bytes/reader.ts';
import {
  BASE62,
  BASE64,
  BASE64URL,
  BEFORE_TOKEN,
  beginsClean,
  endsClean,
  HEX,
  looksIssued,
  matchParts,
  partsLength,
  type TokenMatch,
  type TokenPart,
} from '../bytes/token.ts';
import { type Anchor, type Claim, type Detector, defineDetector, type Hit, type Miss } from '../model/detector.ts';
import type { Form, Severity } from '../model/finding.ts';
import type { Make } from '../model/make.ts';
import { knownValue } from '../proof/known-values.ts';

export interface TokenShape {
  readonly parts: readonly TokenPart[];
  /** Index of the literal that is searched for; by default the first part. All parts before it have one length. */
  readonly anchor?: number;
  readonly severity?: Severity;
}

export interface TokenCheck {
  /** For people: what agrees. */
  readonly what: string;
  /** Whether the checksum of the whole token agrees. Total. */
  verify(token: Uint8Array): boolean;
  /** A token of the shape with that index, with its right checksum. */
  write(make: Make, shape: number): string;
}

export interface TokenDeclaration {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  /** What it is and where it is seen, with the vendor's documentation as source. Markdown. */
  readonly about: string;
  /** What the owner should do. Markdown. */
  readonly revoke: string;
  readonly shapes: readonly (TokenShape | readonly TokenPart[])[];
  /** What all shapes begin with, and is searched for instead of each beginning: every pattern costs the kernel. */
  readonly search?: string;
  /** Also in UTF-16: for what .NET, Java and Windows environments hold. Costs the kernel two more patterns for each literal. */
  readonly wide?: boolean;
  readonly check?: TokenCheck;
}

interface Candidate {
  readonly token: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly severity: Severity;
}

const isParts = (shape: TokenShape | readonly TokenPart[]): shape is readonly TokenPart[] => Array.isArray(shape);

/** What every claim of a token says. */
export function claimToken(
  token: Uint8Array,
  span: Claim['span'],
  severity: Severity,
  proven: boolean,
  form: Form = 'token',
): Claim {
  const known = knownValue(token);
  const proof = proven ? 'checksum' : 'none';
  return {
    verdict: proven ? 'proven' : 'likely',
    span,
    traits: { algorithm: 'token', form, proof, ...(known && { known }) },
    secret: token,
    severity,
  };
}

/** Whether all runs of a match look drawn. */
export function looksDrawn(bytes: Uint8Array, { runs }: TokenMatch): boolean {
  return runs.every((run) => looksIssued(bytes, run));
}

/** `**Proof**` and `**What to do**` after what it is. */
export function tokenDoc(about: string, revoke: string, proof?: string): string {
  const proven = proof
    ? `${proof}.`
    : 'none. Length, alphabet and what stands around it fit, and it looks drawn at random.';
  return `\n${about.trim()}\n\n**Proof**: ${proven}\n\n**What to do**: ${revoke.trim()}\n`;
}

/** Text of the parts, drawn by `make`. */
export function writeParts(make: Make, parts: readonly TokenPart[]): string {
  return parts
    .map((part) => {
      if (typeof part === 'string') return part;
      const [alphabet, least, most = least] = part;
      return make.text(least + make.int(most - least + 1), alphabet);
    })
    .join('');
}

/** The last run shorter than it may be: of a token that was cut off. */
export function writeShort(make: Make, parts: readonly TokenPart[]): string {
  const last = parts.findLastIndex((part) => typeof part !== 'string');
  return writeParts(
    make,
    parts.slice(0, last + 1).map((part, i) => (i === last ? [part[0]!, (part[1] as number) - 1] : part)),
  );
}

/** Each run one character over and over. */
export function writePlaceholder(make: Make, parts: readonly TokenPart[]): string {
  return writeParts(
    make,
    parts.map((part) => (typeof part === 'string' ? part : [part[0].charAt(part[0].length >> 1), part[1]])),
  );
}

/** Places where tokens lie: what stands before and after. */
const PLACES: readonly (readonly [name: string, before: string, after: string])[] = [
  ['environment', 'HOME=/root\0TOKEN=', '\0PATH=/bin'],
  ['JSON', '{"token":"', '","more":1}'],
  ['header', 'Authorization: Bearer ', '\r\n'],
  ['escaped text', 'log: first\\n', '\\tand more'],
  ['URL', 'https://host.test/?t%3D', '&x=1'],
];

/** Shortest run that the kernel's dense test finds, in characters. */
const BASE64_RUN = 40;
const HEX_RUN = 32;

type Search = Exclude<Anchor, { dense: unknown } | { bytes: string } | { assigned: string }>;

/**
 * What finds the shape: its literal, or for nothing, when its characters are a run that the kernel finds anyway. Runs are
 * found in plain text only.
 */
function searchOf(parts: readonly TokenPart[], literal: string, wide: boolean): Search {
  if (wide) return { text: literal, wide: 'utf-16' };
  const [first, second] = parts;
  if (first !== literal || second === undefined || typeof second === 'string') return { text: literal };
  const [alphabet, least] = second;
  if (alphabet === HEX && least >= HEX_RUN && !HEX.includes(first.at(-1)!)) return { run: 'hex-run', begins: first };
  const mixed = alphabet === BASE62 || alphabet === BASE64 || alphabet === BASE64URL;
  const whole = first.length + least >= BASE64_RUN && /^[\w+/-]+$/.test(first);
  return mixed && whole && least >= 30 && first.length <= 12 ? { run: 'base64-run', begins: first } : { text: literal };
}

/** Where the shape's token may begin around a match at `at`. */
function startsAt(bytes: Uint8Array, at: number, search: Search, before: number): number {
  if ('text' in search) return at - before;
  if (search.run === 'hex-run') return at - search.begins.length;
  const start = indexOfText(bytes, search.begins, at, at + BEFORE_TOKEN + search.begins.length);
  return start < 0 ? at : start;
}

export function defineToken(declaration: TokenDeclaration): Detector {
  const { id, title, severity, about, revoke, check, wide = false } = declaration;
  const shapes = declaration.shapes.map((shape) => {
    const { parts, anchor = 0, severity: own = severity } = isParts(shape) ? { parts: shape } : (shape as TokenShape);
    const search = searchOf(parts, declaration.search ?? String(parts[anchor]), wide);
    return {
      parts,
      search,
      key: JSON.stringify(search),
      before: partsLength(parts.slice(0, anchor)).least,
      severity: own,
    };
  });
  const keys = [...new Set(shapes.map(({ key }) => key))];
  const anchors = keys.map((key) => shapes.find((shape) => shape.key === key)!.search);
  const longest = Math.max(...shapes.map(({ parts }) => partsLength(parts).most));
  const furthest = Math.max(...shapes.map(({ before, search }) => ('text' in search ? before : search.begins.length)));

  return defineDetector<Candidate>({
    id,
    title,
    severity,
    doc: tokenDoc(about, revoke, check?.what),
    anchors,
    reach: { before: BEFORE_TOKEN + furthest, after: BEFORE_TOKEN + longest + 1 },

    parse({ bytes, at, anchor }) {
      for (const shape of shapes) {
        if (shape.key !== keys[anchor]) continue;
        const start = startsAt(bytes, at, shape.search, shape.before);
        const match = start < 0 ? undefined : matchParts(bytes, start, shape.parts);
        if (!match) continue;
        // A checksum says more than what stands around the token, or how it looks.
        const { end } = match;
        const clean = check || (beginsClean(bytes, start, end - start) && endsClean(bytes, end));
        if (!clean || (!check && !looksDrawn(bytes, match))) continue;
        return { token: bytes.slice(start, end), start, end, severity: shape.severity };
      }
      return undefined;
    },

    verify({ token, start, end, severity: own }) {
      if (check && !check.verify(token)) return [];
      return [claimToken(token, { start, end }, own, check !== undefined)];
    },

    examples(make) {
      const write = (shape: number): string => check?.write(make, shape) ?? writeParts(make, shapes[shape]!.parts);
      const hits = shapes.map((_, i): Hit => {
        const [name, before, after] = PLACES[i % PLACES.length]!;
        const text = write(i);
        return {
          name: i < PLACES.length ? name : `${name}, shape ${i + 1}`,
          bytes: make.ascii(before + text + after),
          span: { start: before.length, end: before.length + text.length },
          verdict: check ? 'proven' : 'likely',
          traits: { algorithm: 'token', form: 'token', proof: check ? 'checksum' : 'none' },
          // Without the public beginning, which reports may well hold: it is in names of detectors.
          secrets: [make.ascii(text.slice(typeof shapes[i]!.parts[0] === 'string' ? shapes[i]!.parts[0].length : 0))],
        };
      });
      const { parts } = shapes[0]!;
      const miss = (name: string, text: string, reaches: Miss['reaches'] = 'anchor'): Miss => ({
        name,
        bytes: make.ascii(`"${text}"`),
        reaches,
      });
      const misses = [miss('cut off', writeShort(make, parts)), miss('placeholder', writePlaceholder(make, parts))];
      if (check) {
        misses.push(miss('wrong checksum', writeParts(make, parts), 'verify'));
      } else {
        misses.push(miss('inside a word', `Q${write(0)}`));
        misses.push(miss('with more behind it', `${writeParts(make, longestOf(parts))}7-q`));
      }
      return { hits, misses };
    },
  });
}

/** The parts with each run as long as it may be. */
function longestOf(parts: readonly TokenPart[]): readonly TokenPart[] {
  return parts.map((part) => (typeof part === 'string' ? part : [part[0], part[2] ?? part[1]]));
}
