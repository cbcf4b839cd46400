/** X.509 certificates (RFC 5280), as far as they name a public key. */

import { readElements, readTag, TAG } from '../bytes/der.ts';
import { toHex } from '../bytes/public-text.ts';
import type { Traits } from '../model/finding.ts';
import { sha256 } from '../proof/hash.ts';

/** SHA-256 of the SubjectPublicKeyInfo of the certificate at `at`; undefined when it isn't one. */
export function certificateKeySha256(bytes: Uint8Array, at: number, limit = bytes.length): Traits['publicKeySha256'] {
  const certificate = readTag(bytes, at, TAG.SEQUENCE, limit);
  const tbs = certificate && readTag(bytes, certificate.start, TAG.SEQUENCE, certificate.end);
  if (!tbs || tbs.cut) return undefined;
  const elements = readElements(bytes, tbs.start, tbs.end, 8);
  // version [0] (left out in v1), serial number, signature, issuer, validity, subject, subjectPublicKeyInfo.
  const spki = elements[elements[0]?.tag === 0xa0 ? 6 : 5];
  if (spki?.tag !== TAG.SEQUENCE) return undefined;
  const hash = sha256(bytes.subarray(spki.at, spki.end));
  return toHex(hash);
}
