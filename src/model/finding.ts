/**
 * Findings, gaps and their closed vocabularies. There is no free text in a finding: each trait is one of a list,
 * a number, or the hex/base64 of a digest of *public* data. Wire types.
 */
import type { Encoding, Region, Span, Step } from './place.ts';
import { assertPlain } from './plain.ts';

/** From loudest to quietest. */
export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];

/**
 * - `proven`: arithmetic, a checksum, or a complete self-consistent key document says so (see `PROOFS`).
 * - `likely`: the shape says so and nothing contradicts it.
 * - `known`: a published key or value; closes no gate, unless the policy says so.
 */
export const VERDICTS = ['proven', 'likely', 'known'] as const;
export type Verdict = (typeof VERDICTS)[number];

export const ALGORITHMS = [
  'RSA',
  'EC',
  'DSA',
  'DH',
  'ElGamal',
  'Ed25519',
  'Ed448',
  'X25519',
  'X448',
  'ML-DSA-44', // FIPS 204
  'ML-DSA-65',
  'ML-DSA-87',
  'ML-KEM-512', // FIPS 203
  'ML-KEM-768',
  'ML-KEM-1024',
  'SLH-DSA-SHA2-128s', // FIPS 205
  'SLH-DSA-SHA2-128f',
  'SLH-DSA-SHA2-192s',
  'SLH-DSA-SHA2-192f',
  'SLH-DSA-SHA2-256s',
  'SLH-DSA-SHA2-256f',
  'SLH-DSA-SHAKE-128s',
  'SLH-DSA-SHAKE-128f',
  'SLH-DSA-SHAKE-192s',
  'SLH-DSA-SHAKE-192f',
  'SLH-DSA-SHAKE-256s',
  'SLH-DSA-SHAKE-256f',
  'other', // a private key of an algorithm that is not known here
  'symmetric', // an octet-string key (JWK oct)
  'age',
  'WireGuard',
  'minisign',
  'cosign',
  'keystore', // an encrypted store whose entries can't be read
  'token', // issued by a service or a program: the detector says which
  'password', // a credential in a place where one belongs: a URL, a header, a configuration file
  'mnemonic', // words that a wallet's keys are derived from
  'recovery', // opens an encrypted disk
  'opaque', // a value that looks random: password, token, base64 run
] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

/**
 * What a policy takes seriously, from the least:
 * - `proven`: nothing but what is proven;
 * - `format`: also what has a format of its own, such as a vendor's token without a checksum;
 * - `likely`: also values that only look random (`RANDOM_FORMS`).
 */
export const LEVELS = ['proven', 'format', 'likely'] as const;
export type Level = (typeof LEVELS)[number];

/** Curve names as in RFC 7518, RFC 5639, SEC 2, ANSI X9.62 and GB/T 32918 (SM2). */
export const CURVES = [
  'P-192',
  'P-224',
  'P-256',
  'P-384',
  'P-521',
  'secp256k1',
  'brainpoolP256r1',
  'brainpoolP384r1',
  'brainpoolP512r1',
  'SM2',
  'brainpoolP160r1',
  'brainpoolP160t1',
  'brainpoolP192r1',
  'brainpoolP192t1',
  'brainpoolP224r1',
  'brainpoolP224t1',
  'brainpoolP256t1',
  'brainpoolP320r1',
  'brainpoolP320t1',
  'brainpoolP384t1',
  'brainpoolP512t1',
  'secp160k1',
  'secp160r1',
  'secp160r2',
  'secp192k1',
  'secp224k1',
  'prime192v2',
  'prime192v3',
  'prime239v1',
  'prime239v2',
  'prime239v3',
  'sect163k1',
  'sect163r1',
  'sect163r2',
  'sect193r1',
  'sect193r2',
  'sect233k1',
  'sect233r1',
  'sect239k1',
  'sect283k1',
  'sect283r1',
  'sect409k1',
  'sect409r1',
  'sect571k1',
  'sect571r1',
  'Curve25519',
  'Curve448',
] as const;
export type Curve = (typeof CURVES)[number];

/** The form in which a key lies at one place. */
export const FORMS = [
  'pem',
  'pem-base64',
  'der',
  'der-base64',
  'der-text', // octets of DER, printed one by one
  'printed', // numbers of a key, printed for people or debuggers
  'jwk',
  'jwk-members',
  'xml',
  'openssh',
  'putty',
  'pgp',
  'pgp-armor',
  'cng',
  'capi',
  'pkcs12',
  'jks',
  'jceks',
  'age',
  'wireguard',
  'dnssec',
  'dropbear',
  'minisign',
  'signify',
  'cosign',
  'sexp',
  'token',
  'url',
  'header',
  'config',
  'phrase',
  'wif',
  'bip32',
  'json',
  'keytab',
  'dpapi',
  'ntlm',
  'key-log',
  'keyword-value',
  'base64-run',
  'hex-run',
  'limbs',
  'schedule',
  'generator', // the schedule of a random generator: nobody's key, so none of its sightings becomes a finding
  'seed',
  'scalar', // in memory: the join finds these
  'expanded', // a private key of ML-DSA or ML-KEM as FIPS 204 and 203 encode it
  'nonce', // of an ECDSA signature: with the signature it gives the key
  'mac-key', // octets or text of an HMAC key
  'midstate', // what is left of an HMAC key in a hash context: as good as the key
] as const;
export type Form = (typeof FORMS)[number];

/** Values without a format of their own: the name before them or their randomness is all that speaks for them. */
export const RANDOM_FORMS: ReadonlySet<Form> = new Set<Form>(['keyword-value', 'base64-run', 'hex-run']);

/** What the proof rests on. */
export const PROOFS = [
  'p*q=n', // both factors multiply to the modulus
  'n%p=0', // one factor divides the modulus
  'd*e=1', // 2^(e*d) = 2 mod n, and the modulus was factored with d
  'crt', // the CRT members agree with p and q; n itself was computed
  'd*G=Q', // the public point or value was recomputed from the private one
  'schedule', // the expansion of the key was recomputed, and agrees with the bytes
  'mac', // the MAC of a token was recomputed
  'checksum', // the format's own checksum or MAC
  'document', // a complete self-delimiting key document: all lengths and identifiers agree; the public key was derived
  'none', // shape only
] as const;
export type Proof = (typeof PROOFS)[number];

/** How an encrypted key is protected; its plain value was not seen. */
export const PROTECTIONS = [
  'pbes2',
  'pbes1',
  'pkcs12-pbe',
  'openssl-pem',
  'openssh',
  'putty',
  'pgp-s2k',
  'jks',
  'jceks',
  'keystore',
  'scrypt',
  'bcrypt',
  'dpapi',
  'unknown',
] as const;
export type Protection = (typeof PROTECTIONS)[number];

export type Traits = {
  readonly algorithm: Algorithm;
  readonly form: Form;
  readonly proof: Proof;
  /** Size of the modulus, the field or the key, in bits. */
  readonly bits?: number;
  readonly curve?: Curve;
  /** Set when the key is encrypted; the finding is then about a protected key. */
  readonly protection?: Protection;
  /** Set when a well-known or empty password opened it. */
  readonly openedWithDefaultPassword?: boolean;
  /** SHA-256 of the DER SubjectPublicKeyInfo (RFC 5280), 64 lower-case hex digits. */
  readonly publicKeySha256?: string;
  /** RFC 7638 thumbprint, SHA-256, base64url without padding. */
  readonly jwkThumbprint?: string;
  /** `SHA256:` and base64 without padding, as `ssh-keygen -l` prints it. */
  readonly sshFingerprint?: string;
  /** OpenPGP v4 (40 hex digits) or v6 (64) fingerprint. */
  readonly pgpFingerprint?: string;
  /** Set when the token says that its time is over. */
  readonly expired?: boolean;
  /** Name of the published test key (`known-keys`) or example value (`known-values`) it is. */
  readonly known?: string;
  /** Label of the inventory entry it belongs to. */
  readonly inventory?: string;
  /** Key ID of that entry. */
  readonly inventoryKid?: string;
};

/** Encrypted, and no known password opened it: the finding is about the ciphertext. */
export function isLocked({ protection, openedWithDefaultPassword }: Traits): boolean {
  return protection !== undefined && !openedWithDefaultPassword;
}

/** One occurrence of a key. */
export type Place = Span & {
  /** Label of the input (sanitised). */
  readonly input: string;
  readonly trail?: readonly Step[];
  readonly detector: string;
  readonly form: Form;
  readonly encoding: Encoding;
  readonly region?: Region;
  /** Where the bytes lie when they are neighbours in memory and not in the file: `start` and `end` are then those of the first. */
  readonly pieces?: readonly Span[];
  /** Virtual (or physical) address of `start`, 0x text. */
  readonly address?: string;
  readonly thread?: number;
};

/** One key, at one or more places. Made only by `seal()`; merged by `fingerprint`. */
export type Finding = {
  readonly detector: string;
  readonly severity: Severity;
  readonly verdict: Verdict;
  /** HMAC-SHA-256 of the canonical secret under the project key, 64 hex digits. */
  readonly fingerprint: string;
  readonly traits: Traits;
  readonly places: readonly Place[];
  /** Somebody has looked at it (src/suppress.ts): it doesn't close a gate. `reason` is the user's own text. */
  readonly suppressed?: { readonly reason: string; readonly expires?: string };
};

/** Why bytes were not (wholly) scanned. Stable codes: policies and scripts name them. */
export const GAP_CODES = [
  'not-found', // the path does not exist
  'unreadable', // permission or I/O error
  'special-file', // FIFO, socket, device: no content of its own
  'truncated', // the input ended before its listed size
  'changed', // the input changed while it was read
  'not-opened', // compressed, archived or encrypted content that was only scanned as raw bytes
  'encrypted', // needs a password
  'too-large', // above a byte ceiling
  'too-deep', // nesting above the limit
  'over-budget', // leads, candidates or joins above their budget
  'not-seekable', // a join needs a second read of a stream
  'format-error', // the dump or container contradicts itself
  'detector-failed', // a bug of ours: the detector threw
  'worker-lost', // the worker crashed or hung, twice
  'timeout',
  'interrupted', // Ctrl-C or abort: what was left
] as const;
export type GapCode = (typeof GAP_CODES)[number];

export type Gap = {
  readonly code: GapCode;
  readonly input: string;
  readonly trail?: readonly Step[];
  readonly span?: Span;
  readonly detector?: string;
  /** From a closed list in `model/errors.ts` (system error code, format field path); never input text. */
  readonly detail?: string;
};

assertPlain<Finding>();
assertPlain<Gap>();
