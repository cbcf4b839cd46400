/** Decides in which form the bytes around a hit hold a key. */

import { dsaKey, pkcs1, pkcs8, sec1 } from '../encode/documents.ts';
import { publicParts, type Tag } from './needles.ts';
import { AROUND_BYTES } from './search.ts';
import type { Occurrence, TrueForm, TrueKey } from './truth.ts';

type Found = Pick<Occurrence, 'form' | 'start' | 'end' | 'unit'>;
/** A text around a hit, one character per `unit` bytes; `start` is where it begins in the window. */
type Text = { readonly characters: string; readonly at: number; readonly start: number; readonly unit: number };

const OPENSSH_MAGIC = Buffer.from('openssh-key-v1\0', 'latin1');

/** Spans are indexes of the window. Empty when the hit is a piece of nothing that could give the key away. */
export function classify(tag: Tag, truth: TrueKey, window: Buffer, at: number): Found | undefined {
  switch (tag.kind) {
    case 'number':
      return classifyNumber(tag, truth.key, window, at - tag.lead);
    case 'base64-of-text':
      return classifyBase64OfText(tag, textAround(window, at, 1));
    case 'text':
      return classifyText(tag, truth.key, textAround(window, at, tag.unit));
  }
}

function classifyNumber(
  { form, value }: Tag & { kind: 'number' },
  key: TrueKey['key'],
  window: Buffer,
  start: number,
): Found | undefined {
  if (form !== 'bytes-be' && form !== 'seed') return { form, start, end: start + value.length, unit: 1 };
  for (const document of documents(key)) {
    const from = start - document.indexOf(value);
    if (from >= 0 && document.equals(window.subarray(from, from + document.length))) {
      return { form: 'der', start: from, end: from + document.length, unit: 1 };
    }
  }
  const magicAt = window.lastIndexOf(OPENSSH_MAGIC, start);
  if (magicAt >= 0) {
    const length = opensshLength(window, magicAt);
    if (start + value.length <= magicAt + length)
      return { form: 'openssh', start: magicAt, end: magicAt + length, unit: 1 };
  }
  return { form, start, end: start + value.length, unit: 1 };
}

/** Longest first: what lies in another document is reported as that. */
function documents(key: TrueKey['key']): readonly Buffer[] {
  if (key.type === 'mac') return [];
  const all: Uint8Array[] = [pkcs8(key)];
  if (key.type === 'rsa') all.push(pkcs1(key));
  if (key.type === 'dsa') all.push(dsaKey(key));
  if (key.type === 'ec') {
    all.push(pkcs8(key, { publicKey: false }), sec1(key), sec1(key, { parameters: false }));
    all.push(sec1(key, { publicKey: false }), sec1(key, { parameters: false, publicKey: false }));
  }
  return all.map((bytes) => Buffer.from(bytes)).sort((a, b) => b.length - a.length);
}

/** Length of an unencrypted openssh-key-v1 document with one key (OpenSSH's PROTOCOL.key); 0 when it isn't one. */
function opensshLength(window: Buffer, magicAt: number): number {
  let at = magicAt + OPENSSH_MAGIC.length;
  const skipString = (): string => {
    if (at + 4 > window.length) return '';
    const length = window.readUInt32BE(at);
    const text = window.toString('latin1', at + 4, at + 4 + Math.min(length, 16));
    at += 4 + length;
    return text;
  };
  const cipher = skipString();
  skipString(); // kdf
  skipString(); // its options
  at += 4; // number of keys
  skipString(); // public key
  skipString(); // private keys
  return cipher === 'none' && at <= window.length ? at - magicAt : 0;
}

function classifyText(tag: Tag, key: TrueKey['key'], text: Text): Found | undefined {
  const { characters, at } = text;
  const isPublic = tag.part in publicParts(key);

  const run = expand(characters, at, /[A-Za-z0-9_-]/);
  if (run.text === Buffer.from(tag.value).toString('base64url')) {
    const member = /(\\*["'])([a-z]+)\1\s*:\s*\1$/.exec(characters.slice(0, run.start));
    if (isPublic || member?.[2] !== tag.part) return inWindow(text, 'jwk-members', run.start, run.end);
    const form = jwkSpan(characters, run.start, key);
    return form ? inWindow(text, 'jwk', form.start, form.end) : inWindow(text, 'jwk-members', run.start, run.end);
  }
  if (isPublic) return undefined;

  const padded = expand(characters, at, /[A-Za-z0-9+/=]/);
  if (padded.text === Buffer.from(tag.value).toString('base64')) {
    const tagged = /<([A-Z]+)>\s*$/i.exec(characters.slice(0, padded.start));
    const [start, end] = [characters.lastIndexOf('<RSAKeyValue', at), characters.indexOf('</RSAKeyValue>', at)];
    if (tagged?.[1]?.toLowerCase() === tag.part && start >= 0 && end >= 0) return inWindow(text, 'xml', start, end);
  }
  const whole = wholeText(tag.value, expand(characters, at, /[0-9A-Fa-f]/));
  if (whole) return inWindow(text, whole, padded.start, padded.end);
  return classifyBody(tag, text);
}

/** The body of a PEM, PuTTY or base64 document, in whatever way its lines are joined. */
function classifyBody(tag: Tag, text: Text): Found {
  const { characters, at } = text;
  const body = expand(characters, at, /[A-Za-z0-9+/=\s\\"',]/);
  const before = characters.slice(0, body.start);
  const begin = /-----BEGIN ([A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?)-----$/.exec(before);
  if (begin && decodeBody(body.text).includes(tag.value))
    return inWindow(text, formOf(begin[1]), begin.index, body.end);

  const putty = characters.lastIndexOf('PuTTY-User-Key-File-', at);
  const mac = /Private-MAC: [0-9a-f]+/.exec(characters.slice(at));
  if (putty >= 0 && mac) return inWindow(text, 'putty', putty, at + mac.index + mac[0].length);

  // Without a header, the document begins with the line whose first bytes are those of a sequence.
  for (const line of body.text.matchAll(/(?<![A-Za-z0-9+/=])M[A-Za-z0-9+/]{15}/g)) {
    const decoded = decodeBody(body.text.slice(line.index));
    const start = body.start + line.index;
    if (beginsKeyDocument(decoded) && decoded.includes(tag.value) && start <= at) {
      return inWindow(text, 'der-base64', start, body.end);
    }
  }
  return inWindow(text, 'base64-part', body.start, body.end);
}

/** A sequence that begins with a version of one byte, as PKCS#1, PKCS#8 and SEC1 do. */
function beginsKeyDocument(bytes: Buffer): boolean {
  const lengthBytes = bytes[1] !== undefined && bytes[1] > 0x80 ? bytes[1] - 0x80 : 0;
  return bytes[0] === 0x30 && bytes[2 + lengthBytes] === 2 && bytes[3 + lengthBytes] === 1;
}

function decodeBody(text: string): Buffer {
  return Buffer.from(text.replace(/\\+[nrt]/g, '').replace(/[^A-Za-z0-9+/=]/g, ''), 'base64');
}

function formOf(label: string | undefined): TrueForm {
  if (label === 'OPENSSH PRIVATE KEY') return 'openssh';
  return label === 'PGP PRIVATE KEY BLOCK' ? 'pgp-armor' : 'pem';
}

function classifyBase64OfText(tag: Tag, text: Text): Found | undefined {
  const run = expand(text.characters, text.at, /[A-Za-z0-9+/=]/);
  const inner = Buffer.from(run.text, 'base64').toString('latin1');
  const begin = inner.indexOf('-----BEGIN ');
  if (begin < 0) return undefined;
  const bytes = Buffer.from(inner.slice(begin).replace(/-----[A-Z ]*-----/g, ''), 'base64');
  return bytes.includes(tag.value) ? inWindow(text, 'pem-base64', run.start, run.end) : undefined;
}

/** The JSON object around a private member, when it also holds the public ones, whole. */
function jwkSpan(characters: string, at: number, key: TrueKey['key']): { start: number; end: number } | undefined {
  const start = characters.lastIndexOf('{', at);
  const end = characters.indexOf('}', at) + 1;
  if (start < 0 || end === 0) return undefined;
  const object = characters.slice(start, end);
  const complete = Object.values(publicParts(key)).every((value) =>
    object.includes(Buffer.from(value).toString('base64url')),
  );
  return complete ? { start, end } : undefined;
}

function wholeText(value: Uint8Array, run: { readonly text: string }): TrueForm | undefined {
  const digits = Buffer.from(value).toString('hex');
  if (run.text.toLowerCase().includes(digits)) return 'hex';
  return run.text.includes(BigInt(`0x0${digits}`).toString()) ? 'decimal' : undefined;
}

function expand(characters: string, at: number, allowed: RegExp): { text: string; start: number; end: number } {
  let [start, end] = [at, at];
  while (start > 0 && allowed.test(characters.charAt(start - 1))) start--;
  while (end < characters.length && allowed.test(characters.charAt(end))) end++;
  return { text: characters.slice(start, end), start, end };
}

function inWindow({ start: origin, unit }: Text, form: TrueForm, start: number, end: number): Found {
  return { form, start: origin + start * unit, end: origin + end * unit, unit };
}

/** Characters around `at`, as far as they are ASCII in the given width. */
function textAround(window: Buffer, at: number, unit: number): Text {
  const code = (from: number): number => {
    if (from < 0 || from + unit > window.length) return 0;
    if (unit === 1) return window[from]!;
    if (unit === 2) return window.readUInt16LE(from);
    return window.readUInt32LE(from);
  };
  const isText = (value: number): boolean =>
    (value >= 0x20 && value < 0x7f) || value === 9 || value === 10 || value === 13;
  let [start, end] = [at, at];
  while (at - start < AROUND_BYTES / 2 && isText(code(start - unit))) start -= unit;
  while (end - at < AROUND_BYTES / 2 && isText(code(end))) end += unit;
  const codes: number[] = [];
  for (let from = start; from < end; from += unit) codes.push(code(from));
  return { characters: Buffer.from(codes).toString('latin1'), at: (at - start) / unit, start, unit };
}
