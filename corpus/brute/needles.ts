/** What a key looks like in memory, whole or in pieces, for the brute-force search. */

import type { Curve } from '../../src/model/finding.ts';
import type { AnyKey } from '../../src/model/make.ts';
import { montgomeryScalar } from '../encode/ecdsa.ts';
import { expandSeed } from '../encode/ed25519.ts';
import { base64, be, hex } from '../encode/text.ts';
import type { Needle } from './search.ts';
import type { MacKey, TrueForm, TrueKey } from './truth.ts';

/** `number`: the needle is the whole value; `text`: a piece of a text that has to be read around the hit. */
export type Tag = {
  readonly key: number;
  readonly part: string;
  /** The part, big-endian. */
  readonly value: Buffer;
} & (
  | { readonly kind: 'number'; readonly form: TrueForm; readonly lead: number }
  | { readonly kind: 'text'; readonly unit: 1 | 2 | 4 }
  | { readonly kind: 'base64-of-text' }
);

/** 12 bytes are 15 or 16 base64 characters: enough to be unique, few enough to fit in a line. */
const PIECE_BYTES = 12;

export function needlesOf(keys: readonly TrueKey[]): readonly Needle<Tag>[] {
  const needles: Needle<Tag>[] = [];
  for (const [index, { key, nonce }] of keys.entries()) {
    for (const [part, value] of Object.entries(nonce ?? {})) {
      if (key.type !== 'mac') needles.push(...numberNeedles({ key: index, part, value: Buffer.from(value) }, key));
    }
    if (key.type === 'mac') {
      needles.push(...macNeedles(index, key));
      continue;
    }
    for (const [part, value] of Object.entries(privateParts(key))) {
      const common = { key: index, part, value: Buffer.from(value) };
      needles.push(...numberNeedles(common, key));
      for (const text of textPieces(value)) {
        for (const { bytes, unit } of encodings(text)) {
          needles.push({ bytes, tag: { ...common, kind: 'text', unit } });
        }
        for (const again of base64Alignments(Buffer.from(text, 'latin1'))) {
          needles.push({ bytes: Buffer.from(again, 'latin1'), tag: { ...common, kind: 'base64-of-text' } });
        }
      }
    }
    // Of public parts only numbers and separate JWK members matter.
    for (const [part, value] of Object.entries(publicParts(key))) {
      needles.push(...numberNeedles({ key: index, part, value: Buffer.from(value) }, key));
      for (const { bytes, unit } of encodings(Buffer.from(value).toString('base64url').slice(0, 32))) {
        needles.push({ bytes, tag: { key: index, part, value: Buffer.from(value), kind: 'text', unit } });
      }
    }
  }
  return needles;
}

function numberNeedles(common: Pick<Tag, 'key' | 'part' | 'value'>, key: AnyKey): readonly Needle<Tag>[] {
  const isPublic = common.part in publicParts(key);
  const forms = { ...numberForms(key, common.value, isPublic), ...(isPublic ? montgomery(key) : {}) };
  return (Object.entries(forms) as [TrueForm, Uint8Array][]).map(([form, bytes]) => {
    const lead = bytes.findIndex((byte) => byte !== 0);
    return { bytes: bytes.slice(lead), tag: { ...common, kind: 'number', form, lead } };
  });
}

/** SP 800-186 section 3.2.1: the primes of the fields that libraries compute in Montgomery form. */
const FIELD_PRIMES: Partial<Record<Curve, bigint>> = {
  'P-256': 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
  'P-384': 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
  'P-521': 2n ** 521n - 1n,
};

function montgomery(key: AnyKey): Partial<Record<TrueForm, Uint8Array>> {
  const prime = key.type === 'ec' ? FIELD_PRIMES[key.curve] : undefined;
  if (key.type !== 'ec' || !prime) return {};
  const bytes = Math.ceil(key.x.length / 8) * 8;
  const residue = (bits: number): Buffer => {
    const number = (BigInt(`0x${hex(key.x)}`) << BigInt(bits)) % prime;
    return Buffer.from(number.toString(16).padStart(bytes * 2, '0'), 'hex');
  };
  const bits = prime.toString(2).length;
  const { 'smi-26': digits } = numberForms(key, residue(Math.ceil(bits / 26) * 26), true);
  return {
    'montgomery-le': new Uint8Array(residue(bytes * 8).reverse()),
    ...(digits && { 'montgomery-smi-26': digits }),
  };
}

/** A key as octets and in base64, its states in the machine's words, and the token. */
function macNeedles(index: number, { hash, key, inner, outer, token }: MacKey): Needle<Tag>[] {
  const word = hash === 'sha256' ? 4 : 8;
  const turned = (state: Uint8Array): Buffer =>
    word === 4 ? Buffer.from(state).swap32() : Buffer.from(state).swap64();
  const text = (value: string): Buffer => Buffer.from(value, 'latin1');
  const all: readonly (readonly [string, TrueForm, Buffer])[] = [
    ['k', 'mac-key', Buffer.from(key)],
    ['k', 'mac-base64', text(base64(key))],
    ['k', 'mac-base64', text(Buffer.from(key).toString('base64url'))],
    ['inner', 'midstate', turned(inner)],
    ['outer', 'midstate', turned(outer)],
    ['token', 'bytes-be', text(token)],
  ];
  return all.map(([part, form, value]) => {
    const lead = value.findIndex((byte) => byte !== 0);
    return { bytes: value.subarray(lead), tag: { key: index, part, value, kind: 'number', form, lead } };
  });
}

/** Private numbers, and the nonce of a signature. */
function privateParts(key: TrueKey['key']): Record<string, Uint8Array> {
  switch (key.type) {
    case 'mac':
      return { k: key.key, inner: key.inner, outer: key.outer };
    case 'rsa':
      return { d: be(key.d), p: be(key.p), q: be(key.q) };
    case 'dsa':
      return { x: be(key.x) };
    case 'ec': {
      const residue = montgomeryScalar(key.curve, key.d);
      return { d: key.d, ...(residue !== undefined && { residue: be(residue, key.d.length) }) };
    }
    case 'okp':
      return { d: key.d, ...(key.curve === 'Ed25519' && { clamped: expandSeed(key.d).clamped }) };
  }
}

/** With those of a signature. */
export function publicParts(key: TrueKey['key']): Record<string, Uint8Array> {
  switch (key.type) {
    case 'mac':
      return { token: Buffer.from(key.token, 'latin1') };
    case 'rsa':
      return { n: be(key.n) };
    case 'dsa':
      return { y: be(key.y) };
    default:
      return { x: key.x };
  }
}

function numberForms(key: AnyKey, value: Buffer, isPublic: boolean): Partial<Record<TrueForm, Uint8Array>> {
  if (key.type === 'okp') return isPublic ? { 'bytes-be': value } : { seed: value };
  const number = BigInt(`0x0${hex(value)}`);
  const digits = (bits: number, slotBytes: number, shift: number): Uint8Array => {
    const out: Buffer[] = [];
    for (let rest = number; rest > 0n; rest >>= BigInt(bits)) {
      const slot = Buffer.alloc(8);
      slot.writeBigUInt64LE((rest & ((1n << BigInt(bits)) - 1n)) << BigInt(shift));
      out.push(slot.subarray(0, slotBytes));
    }
    return new Uint8Array(Buffer.concat(out));
  };
  const words = Buffer.concat([Buffer.alloc((4 - (value.length % 4)) % 4), value]);
  return {
    'bytes-be': value,
    'limbs-le': Buffer.from(value).reverse(),
    'java-ints': new Uint8Array(words.swap32()),
    'digits-30': digits(30, 4, 0),
    'limbs-60': digits(60, 8, 0),
    'smi-28': digits(28, 8, 32),
    'smi-26': digits(26, 8, 32),
  };
}

/** Pieces of the base64 (and base64url), hex and decimal text of a value. */
function textPieces(value: Uint8Array): readonly string[] {
  const pieces = new Set<string>();
  for (const at of [0, 10, 20, Math.floor(value.length / 2), value.length - PIECE_BYTES]) {
    if (at < 0 || at + PIECE_BYTES > value.length) continue;
    for (const text of base64Alignments(value.subarray(at, at + PIECE_BYTES))) {
      pieces.add(text).add(text.replaceAll('+', '-').replaceAll('/', '_'));
    }
  }
  const digits = hex(value.subarray(0, 16));
  pieces.add(digits).add(digits.toUpperCase());
  pieces.add(
    BigInt(`0x0${hex(value)}`)
      .toString()
      .slice(0, 32),
  );
  return [...pieces];
}

function base64Alignments(bytes: Uint8Array): readonly string[] {
  return [0, 1, 2].map((shift) => {
    const text = base64(Buffer.concat([Buffer.alloc(shift), bytes])).replaceAll('=', '');
    return text.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6));
  });
}

/** Big-endian UTF-16 reads as little-endian from its second byte on, so it needs no needle of its own. */
function encodings(text: string) {
  const utf32 = Buffer.alloc(text.length * 4);
  for (let i = 0; i < text.length; i++) utf32.writeUInt32LE(text.charCodeAt(i), i * 4);
  return [
    { bytes: Buffer.from(text, 'latin1'), unit: 1 },
    { bytes: Buffer.from(text, 'utf16le'), unit: 2 },
    { bytes: utf32, unit: 4 },
  ] as const;
}
