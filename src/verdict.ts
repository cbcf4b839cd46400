/**
 * The verdict of a gate: which exact bytes were scanned, by which version with which detectors, under which policy, with
 * what outcome; signed when a key is given, so that a later stage needs to trust neither the file system nor the one who
 * hands it over. Signed are the bytes of the verdict's canonical JSON (RFC 8785; it holds no fractions).
 */
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import type { GatePolicy } from './gate.ts';
import { UsageError } from './model/errors.ts';
import type { GapCode } from './model/finding.ts';
import type { Decision } from './model/result.ts';

export const VERDICT_SCHEMA = 'dumpsieve-verdict/1';

export type VerdictFile = { readonly name: string; readonly size: number; readonly sha256: string };

export type Verdict = {
  readonly schema: typeof VERDICT_SCHEMA;
  readonly verdict: Decision['verdict'] | 'timeout' | 'changed';
  readonly open: boolean;
  /** What was handed on. */
  readonly files: readonly VerdictFile[];
  /** What `files` are redacted copies of. */
  readonly redactedFrom?: readonly VerdictFile[];
  /** Findings by verdict: all, also those below the policy. */
  readonly findings: { readonly proven: number; readonly likely: number; readonly known: number };
  readonly failing: number;
  /** Of the findings, those that a suppression lets stay. */
  readonly suppressed: number;
  readonly gaps: { readonly [code in GapCode]?: number };
  readonly policy: GatePolicy;
  readonly tool: { readonly name: string; readonly version: string };
  /** SHA-256 over the ids of all detectors, packs and rules, the latter two with digests; sorted, one a line. */
  readonly patternsSha256: string;
  /** ISO 8601, UTC: when the scan began and ended. */
  readonly startedAt: string;
  readonly endedAt: string;
};

export type SignedVerdict = Verdict & {
  readonly signature?: {
    readonly algorithm: 'Ed25519' | 'RSASSA-PKCS1-v1_5-SHA256' | 'ECDSA-SHA256';
    /** SHA-256 of the signer's SubjectPublicKeyInfo. */
    readonly publicKeySha256: string;
    readonly value: string;
  };
};

/** RFC 8785 for what a verdict holds: objects sorted by UTF-16 code units, whole numbers, strings. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`);
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value);
}

const bytesOf = (verdict: Verdict): Uint8Array => new TextEncoder().encode(canonical(verdict));

function algorithmOf(key: KeyObject): NonNullable<SignedVerdict['signature']>['algorithm'] {
  switch (key.asymmetricKeyType) {
    case 'ed25519':
      return 'Ed25519';
    case 'rsa':
      return 'RSASSA-PKCS1-v1_5-SHA256';
    case 'ec':
      return 'ECDSA-SHA256';
    default:
      throw new UsageError('a verdict is signed with an Ed25519, RSA or EC key');
  }
}

const digestOf = (key: KeyObject): string | null => (key.asymmetricKeyType === 'ed25519' ? null : 'sha256');

function publicKeySha256(key: KeyObject): string {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}

/** @param pem private key, not encrypted. Throws UsageError, which never quotes it. */
export function signVerdict(verdict: Verdict, pem: string): SignedVerdict {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    throw new UsageError('the verdict key is no private key in PEM, or it is encrypted');
  }
  const value = sign(digestOf(key), bytesOf(verdict), key).toString('base64');
  const signer = createPublicKey(key);
  return { ...verdict, signature: { algorithm: algorithmOf(key), publicKeySha256: publicKeySha256(signer), value } };
}

export type Verification =
  | { readonly ok: true; readonly verdict: Verdict }
  | { readonly ok: false; readonly reason: string };

/**
 * Whether `text` is a verdict that says "open" for exactly these files, signed by `publicKeyPem` when one is given.
 * @param files SHA-256 of each, hex
 */
export function verifyVerdict(text: string, files: readonly string[], publicKeyPem?: string): Verification {
  let parsed: SignedVerdict;
  try {
    parsed = JSON.parse(text) as SignedVerdict;
  } catch {
    return { ok: false, reason: 'the verdict is no JSON' };
  }
  if (typeof parsed !== 'object' || parsed?.schema !== VERDICT_SCHEMA || !Array.isArray(parsed.files)) {
    return { ok: false, reason: `the verdict is not of the kind ${VERDICT_SCHEMA}` };
  }
  const { signature, ...verdict } = parsed;
  if (publicKeyPem !== undefined) {
    if (!signature) return { ok: false, reason: 'the verdict is not signed' };
    let isGood = false;
    try {
      const key = createPublicKey(publicKeyPem);
      isGood = verify(digestOf(key), bytesOf(verdict), key, Buffer.from(String(signature.value), 'base64'));
    } catch {
      throw new UsageError('the public key is no public key in PEM');
    }
    if (!isGood) return { ok: false, reason: 'the signature does not belong to this verdict and this public key' };
  }
  if (verdict.open !== true) return { ok: false, reason: `the gate was closed: ${String(verdict.verdict)}` };
  const passed = new Set(verdict.files.map(({ sha256 }) => sha256));
  const stranger = files.findIndex((sha256) => !passed.has(sha256));
  if (stranger >= 0) return { ok: false, reason: `file ${stranger + 1} is not one of those that passed` };
  return { ok: true, verdict };
}

/** Identity of a set of patterns, from what tells each from others (`identifyPatterns`). */
export function patternsSha256(ids: readonly string[]): string {
  const hash = createHash('sha256');
  for (const id of [...ids].sort()) hash.update(`${id}\n`);
  return hash.digest('hex');
}
