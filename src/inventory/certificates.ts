/** Public keys in X.509 structures: certificates (RFC 5280), requests (RFC 2986), PKCS#7 bundles (RFC 2315). */
import { X509Certificate } from 'node:crypto';
import { type Element, readElements, readTag, TAG } from '../bytes/der.ts';
import { sanitizeLabel } from '../model/label.ts';
import { hexOf, type PublicKey, readSpki } from './public-key.ts';

/** Constructed, context-specific 0. */
const CONTEXT_0 = 0xa0;
const SIGNED_DATA_OID = '2a864886f70d010702';
const MAX_CERTIFICATES = 10_000;

const children = (der: Uint8Array, element: Element | undefined, most = 16): Element[] =>
  element && !element.cut ? readElements(der, element.start, element.end, most) : [];

/** The certificate at `at`; what follows it (OpenSSL's trust settings) is left alone. */
export function readCertificate(der: Uint8Array, at = 0): PublicKey | undefined {
  const all = readTag(der, at, TAG.SEQUENCE);
  if (!all || all.cut) return undefined;
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(der.subarray(at, all.end));
  } catch {
    return undefined;
  }
  const fields = children(der, children(der, all)[0]);
  // [0] version, serial number, signature, issuer, validity, subject, subjectPublicKeyInfo; the version may be absent.
  const spki = fields[fields[0]?.tag === CONTEXT_0 ? 6 : 5];
  const key = spki && readSpki(der, spki.at);
  if (!key) return undefined;
  const subject = sanitizeLabel(certificate.subject?.replaceAll('\n', ', ') ?? '');
  const name = /^CN=(.+)$/m.exec(certificate.subject ?? '')?.[1];
  const notAfter = new Date(certificate.validTo);
  return {
    source: 'certificate',
    ...key,
    ...(subject && { subject }),
    ...(!Number.isNaN(notAfter.getTime()) && { notAfter: notAfter.toISOString() }),
    ...(name && { name }),
  };
}

/** CertificationRequest: version, subject, key, attributes. */
export function readCertificateRequest(der: Uint8Array): PublicKey | undefined {
  const fields = children(der, children(der, readTag(der, 0, TAG.SEQUENCE))[0]);
  const spki = fields[0]?.tag === TAG.INTEGER ? fields[2] : undefined;
  const key = spki && readSpki(der, spki.at);
  return key && { source: 'public-key', ...key };
}

/** All certificates of a SignedData; undefined when it is none. */
export function readPkcs7(der: Uint8Array): PublicKey[] | undefined {
  const [oid, content] = children(der, readTag(der, 0, TAG.SEQUENCE));
  if (oid?.tag !== TAG.OID || hexOf(der.subarray(oid.start, oid.end)) !== SIGNED_DATA_OID) return undefined;
  const fields = children(der, children(der, content)[0]);
  const certificates = fields.find(({ tag }) => tag === CONTEXT_0);
  return children(der, certificates, MAX_CERTIFICATES).flatMap(({ at }) => readCertificate(der, at) ?? []);
}
