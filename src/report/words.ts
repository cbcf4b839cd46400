/** The closed vocabularies of findings and gaps, in words for people. One wording for all reports. */
import {
  type Finding,
  type Form,
  type Gap,
  type GapCode,
  isLocked,
  type Place,
  type Proof,
  type Protection,
  type Traits,
} from '../model/finding.ts';
import type { Region, Span } from '../model/place.ts';
import { formatOffset } from './units.ts';

const FORM_WORDS: Partial<Record<Form, string>> = {
  pem: 'PEM',
  'pem-base64': 'base64 of a PEM',
  der: 'DER',
  'der-base64': 'base64 of DER, without PEM lines',
  'der-text': 'octets of DER as text',
  printed: 'printed numbers',
  jwk: 'JWK',
  'jwk-members': 'members of a JWK, as separate strings',
  xml: 'XML RSAKeyValue',
  openssh: 'OpenSSH',
  putty: 'PuTTY',
  pgp: 'OpenPGP packet',
  'pgp-armor': 'OpenPGP armour',
  cng: 'Windows CNG blob',
  capi: 'Windows CryptoAPI blob',
  pkcs12: 'PKCS#12',
  jks: 'Java key store',
  jceks: 'Java JCE key store',
  dnssec: 'DNSSEC private-key file',
  token: 'text of the token',
  url: 'URL',
  header: 'HTTP header',
  config: 'configuration file',
  phrase: 'words',
  wif: 'wallet import format',
  bip32: 'BIP-32 extended key',
  json: 'JSON document',
  keytab: 'Kerberos keytab',
  dpapi: 'Windows DPAPI blob',
  ntlm: 'NTLM',
  'key-log': 'TLS key log',
  'keyword-value': 'value of a telling name',
  'base64-run': 'base64 run',
  'hex-run': 'hex run',
  limbs: 'integers in memory',
  schedule: 'cipher key schedule in memory',
  seed: 'seed in memory',
  scalar: 'scalar in memory',
  nonce: 'nonce of an ECDSA signature in memory',
  'mac-key': 'HMAC key',
  midstate: 'midstates of an HMAC key in memory',
};

export function describeForm(form: Form): string {
  return FORM_WORDS[form] ?? form;
}

const PROOF_WORDS: Record<Proof, string> = {
  'p*q=n': 'both primes multiply to the modulus',
  'n%p=0': 'the prime divides the modulus',
  'd*e=1': 'the private exponent undoes the public one, and factors the modulus',
  crt: 'the CRT members agree with both primes',
  'd*G=Q': 'the public key was computed from the private one, and agrees',
  schedule: 'the expanded key was recomputed, and agrees',
  mac: 'the MAC of a token in the dump was recomputed with it',
  checksum: "the format's own checksum agrees",
  document: 'a complete key document: every length and identifier agrees',
  none: 'its shape only',
};

export function describeProof({ proof }: Traits): string {
  return PROOF_WORDS[proof];
}

const PROTECTION_WORDS: Record<Protection, string> = {
  pbes2: 'PKCS#5 PBES2',
  pbes1: 'PKCS#5 PBES1',
  'pkcs12-pbe': 'PKCS#12 password encryption',
  'openssl-pem': "OpenSSL's PEM encryption (one round of MD5)",
  openssh: 'OpenSSH (bcrypt)',
  putty: 'PuTTY',
  'pgp-s2k': 'an OpenPGP passphrase',
  jks: 'a Java key store password',
  jceks: 'a Java JCE key store password',
  keystore: 'a key store password',
  scrypt: 'scrypt',
  bcrypt: 'bcrypt',
  dpapi: 'Windows DPAPI',
  unknown: 'an unknown method',
};

export function describeProtection(protection: Protection): string {
  return PROTECTION_WORDS[protection];
}

function describeAlgorithm(traits: Traits): string {
  const { algorithm, bits, curve } = traits;
  switch (algorithm) {
    case 'RSA':
    case 'DSA':
    case 'DH':
    case 'ElGamal':
      return `${algorithm}${bits ? ` ${bits}-bit` : ''} private key`;
    case 'EC':
      return `${curve ?? 'EC'} private key`;
    case 'symmetric':
      return `Symmetric key${bits ? `, ${bits} bits` : ''}`;
    case 'keystore':
      return 'Key store';
    case 'token':
      return traits.expired ? 'Token, expired' : 'Token';
    case 'password':
      return 'Password or credential';
    case 'mnemonic':
      return `Mnemonic phrase${bits ? `, ${bits} bits` : ''}`;
    case 'recovery':
      return 'Recovery key';
    case 'opaque':
      return 'Value that looks like a secret';
    case 'other':
      return 'Private key of an algorithm that is not known here';
    default:
      return `${algorithm} private key`;
  }
}

/** `RSA 2048-bit private key, encrypted`. */
export function describeKey(traits: Traits): string {
  const opened = traits.openedWithDefaultPassword ? ', opened with a default password' : '';
  const locked = isLocked(traits) ? ', encrypted' : '';
  return `${describeAlgorithm(traits)}${opened}${locked}`;
}

/** `prod-signing-2026, kid 2026-01`. */
export function describeInventory({ inventory, inventoryKid }: Traits): string {
  return [inventory, inventoryKid && inventoryKid !== inventory && `kid ${inventoryKid}`].filter(Boolean).join(', ');
}

/** What the owner of the key should do. */
export function adviseOn({ detector, verdict, traits }: Finding): string {
  if (verdict === 'known') {
    return `Nothing, unless something trusts it: this test key is published (${traits.known ?? 'source unknown'}).`;
  }
  if (traits.algorithm === 'opaque') {
    return 'Look at the place. If it is a credential, revoke it where it was issued.';
  }
  if (traits.protection && !traits.openedWithDefaultPassword) {
    const method = describeProtection(traits.protection);
    return `Protected by ${method}: as strong as its password, which may lie in the same dump. Replace the key if the password is short, shared or found.`;
  }
  switch (traits.algorithm) {
    case 'token':
      return traits.expired
        ? 'Expired. Look for what renewed it: a refresh token or a client secret may lie nearby.'
        : `Revoke it where it was issued and issue a new one: "dumpsieve patterns explain ${detector}" says where.`;
    case 'password':
      return 'Change it where it is checked, and look for its use since the dump was made.';
    case 'mnemonic':
      return 'Move everything that its wallets hold to keys of a new phrase, now.';
    case 'recovery':
      return 'Make a new recovery key and remove the old one from the volume.';
    case 'symmetric':
      return 'Replace the key wherever it is used, and treat what it signed or encrypted since the dump as open.';
    case 'age':
    case 'X25519':
    case 'X448':
    case 'WireGuard':
      return 'Make a new key, replace the public key with every peer, and encrypt again what was meant for it.';
    case 'DH':
    case 'ElGamal':
    case 'ML-KEM-512':
    case 'ML-KEM-768':
    case 'ML-KEM-1024':
      return 'Make a new key, and treat everything that was encrypted to it as open.';
    default:
      return (
        'Find certificates and tokens with this public key; issue a new key, revoke those certificates, take the key ' +
        'out of every JWKS and authorized_keys, then delete or redact this file.'
      );
  }
}

interface GapWords {
  /** What happened. */
  readonly means: string;
  /** What to do about it. */
  readonly todo: string;
}

const GAP_WORDS: Record<GapCode, GapWords> = {
  'not-found': { means: 'does not exist', todo: 'Check the path or the glob.' },
  unreadable: { means: 'could not be read', todo: 'Check permissions and the disk, or leave it out with --exclude.' },
  'special-file': {
    means: 'is a FIFO, socket or device, and was not opened',
    todo: 'Leave it out with --exclude, or pipe its content into "dumpsieve scan -".',
  },
  truncated: { means: 'became shorter while it was scanned', todo: 'Scan again when nothing writes to it.' },
  changed: { means: 'changed while it was scanned', todo: 'Scan again when nothing writes to it.' },
  'not-opened': {
    means: 'is compressed or encoded; only its outer bytes were scanned',
    todo: 'Unpack it and scan the content.',
  },
  encrypted: { means: 'is encrypted', todo: 'Decrypt it and scan the content.' },
  'too-large': { means: 'is above the limit of bytes', todo: 'Scan it in parts, or raise the limit.' },
  'too-deep': { means: 'is nested too deep', todo: 'Unpack it and scan the content.' },
  'over-budget': {
    means: 'holds more candidates than the budget allows to check',
    todo: 'Look at the place: it may be made to exhaust scanners.',
  },
  'not-seekable': {
    means: 'came as a stream, so keys stored in parts were not put together',
    todo: 'Save it to a file and scan that.',
  },
  'format-error': {
    means: 'contradicts its own format; what could be read was scanned',
    todo: 'Check whether the dump is complete.',
  },
  'detector-failed': { means: 'made a detector fail', todo: 'This is a bug of dumpsieve: please report it.' },
  'worker-lost': {
    means: 'made a worker crash or hang, twice',
    todo: 'Scan it alone; if it happens again with more --max-memory, please report it.',
  },
  timeout: { means: 'took too long', todo: 'Scan it alone, or allow more time.' },
  interrupted: { means: 'was not scanned: the scan was interrupted', todo: 'Scan again.' },
};

export function describeGap(code: GapCode): GapWords {
  return GAP_WORDS[code];
}

/** `0x0 (0) to 0x10 (16)`. */
export function describeSpan({ start, end }: Span): string {
  return `${formatOffset(start)} to ${formatOffset(end)}`;
}

/** Where, which bytes and why, in one sentence without its end: `bundle.zip › core is encrypted (aes)`. */
export function sayGap(gap: Gap): string {
  const span = gap.span ? `, ${describeSpan(gap.span)},` : '';
  const detail = gap.detail ? ` (${gap.detail})` : '';
  return `${describeWhere(gap)}${span} ${describeGap(gap.code).means}${detail}`;
}

/** `bundle.zip › core`. */
export function describeWhere({ input, trail = [] }: Pick<Place, 'input' | 'trail'>): string {
  return [input, ...trail.map(({ container, member }) => member || container)].join(' › ');
}

/** `heap [heap]`; a label that begins with its kind stands alone. */
export function describeRegion({ kind, label }: Region): string {
  return label.startsWith(kind) ? label : `${kind} ${label}`.trim();
}

/** `test fixture, until 2027-01-31`. */
export function describeSuppression({ reason, expires }: NonNullable<Finding['suppressed']>): string {
  return expires === undefined ? reason : `${reason}, until ${expires}`;
}
