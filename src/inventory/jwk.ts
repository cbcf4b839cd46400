/** Public keys in JSON: a JWK or JWK Set (RFC 7517), alone or anywhere in a document; PEM texts in it go to `onText`. */
import { createPublicKey } from 'node:crypto';
import { sanitizeLabel } from '../model/label.ts';
import { type PublicKey, readSpki } from './public-key.ts';

/** RFC 7518, 6; RFC 8037, 2. `oth` holds further primes, `k` a symmetric key, `priv` that of newer algorithms. */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'];
const MAX_DEPTH = 16;

export interface JsonEvents {
  onKey(key: PublicKey): void;
  /** A string that holds PEM; `name` is its property's (as in maps from key ID to certificate). */
  onText(text: string, name: string | undefined): void;
  /** A key with private members. */
  onPrivate(): void;
  onSkipped(what: string): void;
}

/** Walks a parsed JSON document. */
export function readJson(value: unknown, events: JsonEvents, name?: string, depth = 0): void {
  if (typeof value === 'string') {
    if (value.includes('-----BEGIN ')) events.onText(value, name);
    return;
  }
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return;
  if (!Array.isArray(value) && 'kty' in value) {
    readJwk(value as Record<string, unknown>, events);
    return;
  }
  for (const [key, item] of Object.entries(value)) {
    readJson(item, events, Array.isArray(value) ? name : key, depth + 1);
  }
}

function readJwk(jwk: Record<string, unknown>, events: JsonEvents): void {
  if (PRIVATE_MEMBERS.some((member) => member in jwk)) {
    events.onPrivate();
    return;
  }
  const { kty, n, e, x, y } = jwk;
  const crv = jwk['crv'] === 'P-256K' ? 'secp256k1' : jwk['crv'];
  const kid = typeof jwk['kid'] === 'string' && jwk['kid'] !== '' ? sanitizeLabel(jwk['kid']) : undefined;
  try {
    const members = { kty, n, e, crv, x, y } as Record<string, string>;
    const spki = createPublicKey({ key: members, format: 'jwk' }).export({ format: 'der', type: 'spki' });
    const key = readSpki(new Uint8Array(spki));
    if (!key) throw new TypeError('spki');
    events.onKey({ source: 'jwk', ...key, ...(kid && { kid, name: kid }) });
  } catch {
    const what = sanitizeLabel([kty, crv].filter((part) => typeof part === 'string').join(' '));
    events.onSkipped(`JWK ${kid ?? '(without kid)'}: not a public key that can be read (${what || 'no kty'})`);
  }
}
