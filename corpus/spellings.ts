/**
 * All the ways in which secret bytes could slip into an output. The secret is cut into pieces, so that a part of it
 * (a "redacted" prefix, the first kilobyte of a buffer) is found like the whole.
 */

/** Any run of `2 * PIECE_BYTES - 1` secret bytes holds a whole piece; 12 bytes never match by chance. */
const PIECE_BYTES = 12;

export interface Spelling {
  readonly name: string;
  readonly bytes: Buffer;
}

export interface Leak {
  readonly spelling: string;
  /** Index in the output, or in its normalised text. */
  readonly at: number;
  /** Index of the secret in the list that was searched for. */
  readonly secret: number;
}

/** Spellings of the pieces of `secret` (the whole, when it is shorter than a piece) and of it as a number. */
function spellings(secret: Uint8Array): readonly Spelling[] {
  const found: Spelling[] = [];
  for (const piece of pieces(secret)) found.push(...spell(piece));
  for (const [name, bytes] of [
    ['decimal', secret],
    ['decimal-le', secret.slice().reverse()],
  ] as const) {
    const digits = BigInt(`0x0${Buffer.from(bytes).toString('hex')}`).toString();
    if (digits.length >= 2 * PIECE_BYTES) found.push(...texts(name, digits));
  }
  return found;
}

/** Where any spelling of any secret occurs in `output`. Empty when nothing leaked. */
export function findLeaks(output: Uint8Array, secrets: readonly Uint8Array[]): readonly Leak[] {
  return createLeakSearch(secrets)(output);
}

/** The shortest spelling is a piece itself; spellings are looked up by their first bytes, so many cost no more than one. */
const KEY_BYTES = 8;

/** A search for all spellings of all secrets at once, for several outputs. */
export function createLeakSearch(secrets: readonly Uint8Array[]): (output: Uint8Array) => readonly Leak[] {
  const index = new Map<string, { secret: number; spelling: Spelling }[]>();
  const short: { secret: number; spelling: Spelling }[] = [];
  for (const [secret, bytes] of secrets.entries()) {
    for (const spelling of spellings(bytes)) {
      const key = spelling.bytes.toString('latin1', 0, KEY_BYTES);
      const entry = { secret, spelling };
      if (key.length < KEY_BYTES) short.push(entry);
      else if (!index.get(key)?.push(entry)) index.set(key, [entry]);
    }
  }
  return (output) => {
    const raw = Buffer.from(output.buffer, output.byteOffset, output.byteLength);
    const normalised = Buffer.from(normalise(raw.toString('latin1')), 'latin1');
    const leaks: Leak[] = [];
    for (const haystack of normalised.equals(raw) ? [raw] : [raw, normalised]) {
      const text = haystack.toString('latin1');
      for (let at = 0; at + KEY_BYTES <= text.length; at++) {
        for (const { secret, spelling } of index.get(text.slice(at, at + KEY_BYTES)) ?? []) {
          const there = haystack.subarray(at, at + spelling.bytes.length);
          if (there.equals(spelling.bytes)) leaks.push({ spelling: spelling.name, at, secret });
        }
      }
      for (const { secret, spelling } of short) {
        const at = haystack.indexOf(spelling.bytes);
        if (at >= 0) leaks.push({ spelling: spelling.name, at, secret });
      }
    }
    return leaks;
  };
}

function pieces(secret: Uint8Array): readonly Buffer[] {
  if (secret.length <= PIECE_BYTES) return [Buffer.from(secret)];
  const all: Buffer[] = [];
  for (let at = 0; at + PIECE_BYTES <= secret.length; at += PIECE_BYTES) {
    all.push(Buffer.from(secret.subarray(at, at + PIECE_BYTES)));
  }
  all.push(Buffer.from(secret.subarray(secret.length - PIECE_BYTES)));
  return all;
}

function spell(piece: Buffer): readonly Spelling[] {
  const found: Spelling[] = [];
  for (const [order, bytes] of [
    ['', piece],
    ['-reversed', Buffer.from(piece).reverse()],
  ] as const) {
    const pairs = bytes.toString('hex').match(/../g) ?? [];
    const numbers = [...bytes].map(String);
    found.push(
      { name: `bytes${order}`, bytes },
      // Latin-1 text written as UTF-8, and text of one code unit per byte.
      { name: `latin1-utf8${order}`, bytes: Buffer.from(bytes.toString('latin1'), 'utf8') },
      { name: `latin1-utf16${order}`, bytes: Buffer.from(bytes.toString('latin1'), 'utf16le') },
      ...['', ':', ' ', ', 0x', ',0x', '-', '%', '\\x', '\\u00'].flatMap((separator) => [
        ...texts(`hex${order}[${separator}]`, pairs.join(separator)),
        ...texts(`HEX${order}[${separator}]`, pairs.map((pair) => pair.toUpperCase()).join(separator)),
      ]),
      ...[',', ', ', ' ', '\n'].flatMap((separator) => texts(`numbers${order}`, numbers.join(separator))),
    );
    for (const [shift, text] of base64Alignments(bytes).entries()) {
      found.push(...texts(`base64${order}+${shift}`, text));
      const url = text.replaceAll('+', '-').replaceAll('/', '_');
      if (url !== text) found.push(...texts(`base64url${order}+${shift}`, url));
      if (/[+/]/.test(text)) {
        found.push(...texts(`base64-escaped${order}+${shift}`, text.replaceAll('/', '\\/')));
        found.push(...texts(`base64-percent${order}+${shift}`, encodeURIComponent(text)));
      }
    }
  }
  return found;
}

/** The characters that the bytes alone determine, when they begin at 0, 1 and 2 modulo 3 of what was encoded. */
function base64Alignments(bytes: Buffer): readonly string[] {
  return [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replaceAll('=', '');
    const whole = Math.floor(((shift + bytes.length) * 8) / 6);
    return text.slice(Math.ceil((shift * 8) / 6), whole);
  });
}

function texts(name: string, text: string): readonly Spelling[] {
  const reversed = Array.from(text).reverse().join('');
  return [
    { name, bytes: Buffer.from(text, 'latin1') },
    { name: `${name}/utf-16`, bytes: Buffer.from(text, 'utf16le') },
    { name: `${name}/backwards`, bytes: Buffer.from(reversed, 'latin1') },
  ];
}

/** Undoes what printers of arrays and wrapped text put between the parts. */
function normalise(text: string): string {
  return text
    .replace(/"\d+":\s*(?=\d)/g, '') // JSON of a typed array: {"0":1,"1":2}
    .replace(/(?<=\d),\s+(?=\d)/g, ',') // util.inspect of a typed array, in columns
    .replace(/(?<=[A-Za-z0-9+/]{8})(?:\r?\n|\\r|\\n)+\s*(?=[A-Za-z0-9+/]{8})/g, ''); // base64 and hex in lines
}
