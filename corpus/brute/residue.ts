/**
 * What is left of known keys in a file that should hold nothing of them: every private component (CRT parts and Montgomery
 * constants included), cut into runs of 32 bytes, in every form in which programs keep numbers and texts.
 */
import { montgomeryScalar } from '../encode/ecdsa.ts';
import { expandSeed } from '../encode/ed25519.ts';
import { be, hex } from '../encode/text.ts';
import { type Needle, searchFile } from './search.ts';
import type { TrueKey } from './truth.ts';

export interface Residue {
  /** Index into the list of keys. */
  readonly key: number;
  readonly part: string;
  readonly form: string;
  /** Offset in the file. */
  readonly at: number;
}

type Tag = Omit<Residue, 'at'>;

/** Shorter ones agree by accident, or say little: half of a prime's quarter is needed to get at the rest. */
const RUN_BYTES = 32;

/** Enough to see what is wrong. */
const MAX_FOUND = 1000;

/** In the order of the file; at most a thousand. */
export function searchResidue(path: string, keys: readonly TrueKey[]): readonly Residue[] {
  const found: Residue[] = [];
  searchFile(path, needlesOf(keys), (tag, _, at, base) => {
    if (found.length < MAX_FOUND) found.push({ ...tag, at: base + at });
  });
  return found.sort((a, b) => a.at - b.at);
}

function needlesOf(keys: readonly TrueKey[]): readonly Needle<Tag>[] {
  const needles: Needle<Tag>[] = [];
  for (const [index, { key }] of keys.entries()) {
    for (const [part, value] of Object.entries(componentsOf(key))) {
      const isNumber = typeof value === 'bigint';
      const octets = Buffer.from(isNumber ? be(value) : value);
      const forms = isNumber ? { ...octetForms(octets), ...digitForms(value) } : octetForms(octets);
      for (const [form, bytes] of Object.entries(forms)) {
        for (const run of runsOf(bytes)) needles.push({ bytes: run, tag: { key: index, part, form } });
      }
    }
  }
  return needles;
}

/** Numbers, or octets whose length counts. */
function componentsOf(key: TrueKey['key']): Record<string, bigint | Uint8Array> {
  switch (key.type) {
    case 'rsa': {
      const { d, p, q, dp, dq, qi } = key;
      const power = (bits: number, modulus: bigint): bigint => (1n << BigInt(bits)) % modulus;
      const bits = p.toString(2).length;
      return { d, p, q, dp, dq, qi, 'RR mod p': power(2 * bits, p), 'RR mod q': power(2 * bits, q) };
    }
    case 'ec': {
      const d = BigInt(`0x${hex(key.d)}`);
      const residue = montgomeryScalar(key.curve, key.d);
      return { d, ...(residue !== undefined && { d·R: residue }) };
    }
    case 'okp': {
      if (key.curve !== 'Ed25519') return { d: key.d };
      const { scalar, clamped, prefix } = expandSeed(key.d);
      return { seed: key.d, scalar, clamped, prefix };
    }
    case 'dsa':
      return { x: key.x };
    case 'mac':
      return { k: key.key };
  }
}

function octetForms(value: Buffer): Record<string, Buffer> {
  const text = (content: string): Buffer => Buffer.from(content, 'latin1');
  const forms: Record<string, Buffer> = { be: value, le: Buffer.from(value).reverse() };
  const texts: Record<string, Buffer> = {
    hex: text(value.toString('hex')),
    HEX: text(value.toString('hex').toUpperCase()),
    'hex:': text(value.toString('hex').replace(/..(?=.)/g, '$&:')),
  };
  for (const shift of [0, 1, 2]) {
    const shifted = Buffer.concat([Buffer.alloc(shift), value]);
    const cut = (encoded: string): Buffer =>
      text(encoded.slice(Math.ceil((shift * 8) / 6), Math.floor((shifted.length * 8) / 6)));
    texts[`base64+${shift}`] = cut(shifted.toString('base64'));
    texts[`base64url+${shift}`] = cut(shifted.toString('base64url'));
  }
  for (const [name, bytes] of Object.entries(texts)) {
    forms[name] = bytes;
    forms[`${name}, UTF-16`] = Buffer.from(bytes.toString('latin1'), 'utf16le');
    const wide = Buffer.alloc(bytes.length * 4);
    for (const [i, char] of bytes.entries()) wide.writeUInt32LE(char, i * 4);
    forms[`${name}, UTF-32`] = wide;
  }
  return forms;
}

function digitForms(value: bigint): Record<string, Buffer> {
  const octets = Buffer.from(be(value));
  const padded = (word: number): Buffer =>
    Buffer.concat([Buffer.alloc((word - (octets.length % word)) % word), octets]);
  const digits = (bits: number, slotBytes: 4 | 8, shift: number): Buffer => {
    const slots: Buffer[] = [];
    for (let rest = value; rest > 0n; rest >>= BigInt(bits)) {
      const slot = Buffer.alloc(8);
      slot.writeBigUInt64LE((rest & ((1n << BigInt(bits)) - 1n)) << BigInt(shift));
      slots.push(slot.subarray(0, slotBytes));
    }
    return Buffer.concat(slots);
  };
  return {
    'be of le ints': padded(4).swap32(),
    'be of le longs': padded(8).swap64(),
    decimal: Buffer.from(value.toString(), 'latin1'),
    'digits 30/4': digits(30, 4, 0),
    'digits 28/4': digits(28, 4, 0),
    'digits 26/4': digits(26, 4, 0),
    'digits 60/8': digits(60, 8, 0),
    'digits 52/8': digits(52, 8, 0),
    'smi 28/4': digits(28, 4, 1),
    'smi 26/4': digits(26, 4, 1),
    'smi 28/8': digits(28, 8, 32),
    'smi 26/8': digits(26, 8, 32),
  };
}

/** None begins with zero, nor is mostly zeros, as the top of a short number is. What is 40 bytes long holds one of them. */
function runsOf(bytes: Buffer): readonly Buffer[] {
  // Two or four bytes per character or digit say no more than one.
  const width = Math.max(1, Math.ceil(zerosIn(bytes.subarray(0, RUN_BYTES)) / 8));
  const length = Math.min(RUN_BYTES * width, bytes.length);
  const runs: Buffer[] = [];
  for (let at = 0; at + length <= bytes.length; at += 8 * width) {
    const run = bytes.subarray(at, at + length);
    const lead = run.findIndex((byte) => byte !== 0);
    if (lead >= 0 && run.length - zerosIn(run) >= 12) runs.push(run.subarray(lead));
  }
  return runs;
}

const zerosIn = (bytes: Buffer): number => bytes.reduce((sum, byte) => sum + (byte === 0 ? 1 : 0), 0);
