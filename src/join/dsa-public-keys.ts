/** DSA public keys that the scan harvested: SubjectPublicKeyInfo with parameters (RFC 3279, 2.3.2) and blobs of SSH (RFC 4253, 6.6). */
import { readElements, TAG } from '../bytes/der.ts';
import { bigintFromBe, bitLength } from '../bytes/limbs.ts';
import { spkiParts } from '../inventory/public-key.ts';
import { DSA_OID, isOid } from '../keys/asn1.ts';
import { SshReader } from '../keys/ssh-wire.ts';
import type { DsaNumbers } from '../proof/dsa.ts';
import type { LeadWindow } from './join.ts';

/** FIPS 186-4, 4.2, has p of 1024, 2048 and 3072 bits; longer ones take too long. */
const MIN_BITS = 512;
const MAX_BITS = 4096;
/** Distinct keys that are kept: more are test data. */
const MAX_KEYS = 64;

/** FIPS 186-4, 4.1: the domain parameters. */
export type DsaParameters = Pick<DsaNumbers, 'p' | 'q' | 'g'>;

export interface DsaPublicKey extends DsaParameters {
  readonly y: bigint;
  /** Offset in the input. */
  readonly start: number;
}

/** Reads leads of kind `public-key`, each key once; all but those of DSA are left alone. */
export function readDsaPublicKeys(windows: readonly LeadWindow[]): {
  readonly keys: readonly DsaPublicKey[];
  readonly overflowed: boolean;
} {
  const keys = new Map<string, DsaPublicKey>();
  for (const { lead, bytes } of windows) {
    if (lead.kind !== 'public-key') continue;
    const numbers = bytes[0] === TAG.SEQUENCE ? readSpki(bytes) : readSshBlob(bytes);
    const [p = 0n, q = 0n, g = 0n, y = 0n] = numbers ?? [];
    if (bitLength(p) < MIN_BITS || bitLength(p) > MAX_BITS) continue;
    if (keys.size >= MAX_KEYS) return { keys: [...keys.values()], overflowed: true };
    const name = [p, q, g, y].join();
    if (!keys.has(name)) keys.set(name, { p, q, g, y, start: lead.start });
  }
  return { keys: [...keys.values()], overflowed: false };
}

/** p, q, g and y. */
function readSpki(der: Uint8Array): readonly bigint[] | undefined {
  const [algorithm, bits] = spkiParts(der, 0)?.parts ?? [];
  if (!algorithm || !bits) return undefined;
  const [oid, parameters] = readElements(der, algorithm.start, algorithm.end, 2);
  if (oid?.tag !== TAG.OID || !isOid(der, oid, DSA_OID)) return undefined;
  if (parameters?.tag !== TAG.SEQUENCE || parameters.cut) return undefined;
  // The first byte of the BIT STRING counts unused bits.
  const integers = [
    ...readElements(der, parameters.start, parameters.end, 3),
    ...readElements(der, bits.start + 1, bits.end, 1),
  ];
  if (integers.length !== 4 || integers.some(({ tag, cut }) => tag !== TAG.INTEGER || cut)) return undefined;
  return integers.map(({ start, end }) => bigintFromBe(der, start, end));
}

function readSshBlob(blob: Uint8Array): readonly bigint[] | undefined {
  const reader = new SshReader(blob);
  if (reader.name() !== 'ssh-dss') return undefined;
  const numbers = [reader.mpint(), reader.mpint(), reader.mpint(), reader.mpint()];
  return reader.ok ? numbers : undefined;
}
