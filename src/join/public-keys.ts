/** Public keys that the scan harvested from the artifact itself: certificates, SubjectPublicKeyInfo, SSH blobs. */
import { looksRandom } from '../bytes/entropy.ts';
import { readSpki } from '../inventory/public-key.ts';
import { readSshBlob } from '../inventory/ssh.ts';
import type { Curve } from '../model/finding.ts';
import type { OkpCurve } from '../proof/curves.ts';
import { okpPublicKeyOf, pointOf, rsaNumbersOf } from '../proof/public-inventory.ts';
import type { LeadWindow } from './join.ts';

/** Distinct keys that are kept: a trust store has some hundred. */
const MAX_KEYS = 4096;
const SEQUENCE = 0x30;

export interface HarvestedKeys {
  readonly rsa: readonly { readonly n: bigint; readonly e: bigint; readonly start: number }[];
  /** Uncompressed points `04‖X‖Y`. */
  readonly ec: readonly { readonly curve: Curve; readonly point: Uint8Array; readonly start: number }[];
  readonly okp: readonly { readonly curve: OkpCurve; readonly publicKey: Uint8Array; readonly start: number }[];
  /** Not all were kept. */
  readonly overflowed: boolean;
}

type KeyMaterial = ReturnType<typeof readSpki>;

/** Several joins read the windows of one task. */
const read = new WeakMap<LeadWindow, KeyMaterial>();

/** Public bytes may be a string. */
const LATIN1 = new TextDecoder('latin1');

/** @param same keys by their bytes: the certificates of a trust store lie in memory again and again */
function readKey(window: LeadWindow, same: Map<string, KeyMaterial>): KeyMaterial {
  if (read.has(window)) return read.get(window);
  const { bytes } = window;
  const text = LATIN1.decode(bytes);
  const key = same.has(text) ? same.get(text) : bytes[0] === SEQUENCE ? readSpki(bytes) : readSshBlob(bytes);
  same.set(text, key);
  read.set(window, key);
  return key;
}

/** Reads leads of kind `public-key`, each key once; other leads are left alone. */
export function readHarvestedKeys(windows: readonly LeadWindow[]): HarvestedKeys {
  const rsa = [];
  const ec = [];
  const okp = [];
  const seen = new Set<string>();
  const same = new Map<string, KeyMaterial>();
  for (const window of windows) {
    const { lead } = window;
    if (lead.kind !== 'public-key') continue;
    if (seen.size >= MAX_KEYS) return { rsa, ec, okp, overflowed: true };
    const found = readKey(window, same);
    if (!found?.key || seen.has(found.publicKeySha256)) continue;
    seen.add(found.publicKeySha256);
    const { key } = found;
    const { start } = lead;
    if (key.kty === 'RSA') rsa.push({ ...rsaNumbersOf(key), start });
    else if (key.kty === 'EC') ec.push({ curve: key.crv, point: pointOf(key), start });
    else {
      const publicKey = okpPublicKeyOf(key);
      // Of libraries that put documents together (Bouncy Castle), the heap holds what comes before the key, and zeros.
      if (looksRandom(publicKey)) okp.push({ curve: key.crv, publicKey, start });
    }
  }
  return { rsa, ec, okp, overflowed: false };
}
