/**
 * Public things in the artifact itself that prove what lies in memory, found by their anchors beside the private ones:
 * public keys (leads of kind `public-key`) and signed tokens (`token`); and octets as Node.js prints them (`text-key`). Read like a detector, but nothing is reported.
 */
import { readTag, sequenceHeaderBefore, TAG } from '../bytes/der.ts';
import { hasText, u32be } from '../bytes/reader.ts';
import type { Detector, View } from '../model/detector.ts';
import type { Span } from '../model/place.ts';
import type { LeadKind } from '../model/task.ts';
import { readToken } from './signed-tokens.ts';
import { readOctetList } from './text-keys.ts';

export interface Harvester extends Pick<Detector, 'id' | 'anchors' | 'reach'> {
  readonly kind: Extract<LeadKind, 'public-key' | 'text-key' | 'token'>;
  /** Cheap and total, as a detector's: where the public key, text or token lies, in indexes of the view's bytes. */
  parse(view: View): Span | undefined;
}

/** The largest SubjectPublicKeyInfo: RSA with 16384 bits. */
const MAX_SPKI_BYTES = 2200;
/** Headers of the two SEQUENCEs before the object identifier. */
const MAX_HEADERS_BYTES = 8;
const MAX_SSH_BYTES = 2200;

/** SubjectPublicKeyInfo (RFC 5280, 4.1), also inside certificates. */
const spki: Harvester = {
  id: 'harvest-spki',
  kind: 'public-key',
  anchors: [
    { bytes: '06 09 2A 86 48 86 F7 0D 01 01 01 05 00 03' },
    { bytes: '06 07 2A 86 48 CE 3D 02 01 06' },
    { bytes: '06 03 2B 65 6E 03' },
    { bytes: '06 03 2B 65 6F 03' },
    { bytes: '06 03 2B 65 70 03' },
    { bytes: '06 03 2B 65 71 03' },
    // DSA, whose parameters are longer than 255 bytes.
    { bytes: '06 07 2A 86 48 CE 38 04 01 30 82' },
  ],
  reach: { before: MAX_HEADERS_BYTES, after: MAX_SPKI_BYTES },
  parse({ bytes, at }) {
    const algorithm = readTag(bytes, sequenceHeaderBefore(bytes, at), TAG.SEQUENCE);
    if (!algorithm || algorithm.cut) return undefined;
    const key = readTag(bytes, algorithm.end, TAG.BIT_STRING);
    if (!key || key.cut) return undefined;
    const all = readTag(bytes, sequenceHeaderBefore(bytes, algorithm.at), TAG.SEQUENCE);
    return all?.end === key.end ? { start: all.at, end: key.end } : undefined;
  },
};

/** Public keys of SSH (RFC 4253, 6.6; RFC 5656; RFC 8709): strings and mpints, each behind its length. */
const ssh: Harvester = {
  id: 'harvest-ssh',
  kind: 'public-key',
  anchors: [
    { bytes: '0B 73 73 68 2D 65 64 32 35 35 31 39 00 00 00 20' },
    { bytes: '07 73 73 68 2D 72 73 61 00 00 00' },
    { bytes: '13 65 63 64 73 61 2D 73 68 61 32 2D 6E 69 73 74 70' },
    { bytes: '07 73 73 68 2D 64 73 73 00 00 00' },
  ],
  reach: { before: 3, after: MAX_SSH_BYTES },
  parse({ bytes, at, anchor }) {
    const start = at - 3;
    const fields = [2, 3, 3, 5][anchor]!;
    let end = start;
    for (let i = 0; i < fields; i++) {
      const length = u32be(bytes, end);
      if (length === undefined || length === 0 || length > MAX_SSH_BYTES) return undefined;
      end += 4 + length;
    }
    return end <= bytes.length ? { start, end } : undefined;
  },
};

/** Longest token that is read: what identity providers write fits in a cookie or a header. */
const MAX_TOKEN_BYTES = 8192;

/** JWS in compact form (RFC 7515, 7.1) with a MAC or an ECDSA signature. Headers begin with one of these members. */
const token: Harvester = {
  id: 'harvest-token',
  kind: 'token',
  // The base64 of {"alg":, {"typ":, {"kid":, {"cty":, {"x5t":, {"jku":.
  anchors: ['eyJhbGciOi', 'eyJ0eXAiOi', 'eyJraWQiOi', 'eyJjdHkiOi', 'eyJ4NXQiOi', 'eyJqa3UiOi'].map((text) => ({
    text,
  })),
  reach: { before: 0, after: MAX_TOKEN_BYTES },
  parse({ bytes, at }) {
    const found = readToken(bytes, at);
    return found && { start: at, end: found.end };
  },
};

const BUFFER = '<Buffer ';
/** Node's util.inspect shows so many octets; of a seed and its public key, the seed is among them. */
const SHOWN_OCTETS = 50;
const SEED_OCTETS = 32;

const buffer: Harvester = {
  id: 'harvest-buffer',
  kind: 'text-key',
  anchors: [{ text: BUFFER }],
  reach: { before: 0, after: 512 },
  parse({ bytes, at }) {
    const start = at + BUFFER.length;
    const end = readOctetList(bytes, start, 'hex');
    if (end !== undefined && bytes[end] === 0x3e) return { start, end };
    const shownEnd = start + SHOWN_OCTETS * 3 - 1;
    if (!hasText(bytes, shownEnd, ' ... ')) return undefined;
    const seedEnd = readOctetList(bytes.subarray(0, start + SEED_OCTETS * 3 - 1), start, 'hex');
    return seedEnd === undefined ? undefined : { start, end: seedEnd };
  },
};

export const HARVESTERS: readonly Harvester[] = [spki, ssh, token, buffer];
