/**
 * Signed tokens (RFC 7515, compact form): what was signed, and with what result, is in the artifact in full. A MAC proves
 * its key or midstates, an ECDSA signature gives away its key when its nonce is there as well.
 */
import { decodeBase64, isBase64 } from '../bytes/base64.ts';
import type { Sha2 } from '../proof/sha2.ts';
import type { ShortCurve } from '../proof/short-curves.ts';
import type { LeadWindow } from './join.ts';

/** Identity providers put certificates into headers now and then. */
const MAX_HEADER_CHARS = 2048;
const DOT = 0x2e;

/** RFC 7518, 3.1; RFC 8812, 3.2. */
const ALGORITHMS = {
  HS256: { hash: 'sha256', curve: undefined, bytes: 32 },
  HS384: { hash: 'sha384', curve: undefined, bytes: 48 },
  HS512: { hash: 'sha512', curve: undefined, bytes: 64 },
  ES256: { hash: 'sha256', curve: 'P-256', bytes: 64 },
  ES384: { hash: 'sha384', curve: 'P-384', bytes: 96 },
  ES512: { hash: 'sha512', curve: 'P-521', bytes: 132 },
  ES256K: { hash: 'sha256', curve: 'secp256k1', bytes: 64 },
} as const;
const ALGORITHM = /"alg"\s*:\s*"((?:HS|ES)(?:256|384|512)K?)"/;

export interface SignedToken {
  readonly hash: Sha2;
  /** Undefined for a MAC. */
  readonly curve: ShortCurve | undefined;
  /** `header.payload`, a view. */
  readonly input: Uint8Array;
  /** The MAC, or r‖s. */
  readonly signature: Uint8Array;
}

/** The token that begins at `at`; undefined when it is none, of another algorithm, or cut off. */
export function readToken(bytes: Uint8Array, at: number): (SignedToken & { readonly end: number }) | undefined {
  const headerEnd = endOfRun(bytes, at);
  if (bytes[headerEnd] !== DOT || headerEnd - at > MAX_HEADER_CHARS) return undefined;
  const header = decodeBase64(bytes, at, headerEnd, { style: 'plain' }).bytes;
  const [, name] = ALGORITHM.exec(String.fromCharCode(...header)) ?? [];
  const algorithm = ALGORITHMS[name as keyof typeof ALGORITHMS];
  if (!algorithm) return undefined;
  const payloadEnd = endOfRun(bytes, headerEnd + 1);
  if (bytes[payloadEnd] !== DOT) return undefined;
  const start = payloadEnd + 1;
  // In the heap of a virtual machine, the next object may begin with a character.
  const end = start + Math.ceil((algorithm.bytes * 4) / 3);
  if (endOfRun(bytes, start) < end || bytes[end] === DOT) return undefined;
  const signature = decodeBase64(bytes, start, end, { style: 'plain' }).bytes;
  if (signature.length !== algorithm.bytes) return undefined;
  return { hash: algorithm.hash, curve: algorithm.curve, input: bytes.subarray(at, payloadEnd), signature, end };
}

function endOfRun(bytes: Uint8Array, at: number): number {
  let end = at;
  while (isBase64(bytes[end])) end++;
  return end;
}

/** Tokens of leads of kind `token`, each signature once, in order of `start`. */
export function readSignedTokens(windows: readonly LeadWindow[]): SignedToken[] {
  const tokens = new Map<string, SignedToken>();
  for (const { lead, bytes } of windows) {
    const token = lead.kind === 'token' ? readToken(bytes, 0) : undefined;
    // Public: it was sent to somebody.
    if (token) tokens.set(String.fromCharCode(...token.signature), token);
  }
  return [...tokens.values()];
}
