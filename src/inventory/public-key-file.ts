/**
 * Public keys in the content of a file, whatever its name: certificates, SubjectPublicKeyInfo, JWK, SSH, OpenPGP, XML, bare
 * digests. A file that holds private material is refused as a whole: it has no business in an inventory. Messages
 * name the file and the kind of what it holds, never its content.
 */
import { readElements, readTag, TAG } from '../bytes/der.ts';
import { hasBytes } from '../bytes/reader.ts';
import { UsageError } from '../model/errors.ts';
import { sanitizeLabel } from '../model/label.ts';
import { readCertificate, readCertificateRequest, readPkcs7 } from './certificates.ts';
import { readJson } from './jwk.ts';
import { readOpenPgp } from './openpgp.ts';
import { type PublicKey, readPkcs1PublicKey, readSpki, rsaKey } from './public-key.ts';
import { readSsh2Blocks, readSshLine } from './ssh.ts';

export const MAX_FILE_BYTES = 64 * 1024 * 1024;

export interface PublicKeyFile {
  readonly keys: readonly PublicKey[];
  /** Keys that can't be used, and why, in words. */
  readonly skipped: readonly string[];
}

/** Throws UsageError when the file holds private material, or no public key. `label` names the file in messages. */
export function readPublicKeyFile(bytes: Uint8Array, label: string): PublicKeyFile {
  const collector = new Collector(sanitizeLabel(label));
  if (bytes.length > MAX_FILE_BYTES) throw collector.error('is too large for a file of public keys');
  if (!readBinary(bytes, collector)) readText(decodeText(bytes), collector);
  const { keys, skipped } = collector;
  if (keys.length > 0) return { keys, skipped };
  if (skipped.length > 0) throw collector.error(`holds no key that can be used: ${skipped.join('; ')}`);
  throw collector.error(
    'holds no public key; give a certificate, a public key (PEM, DER, JWK, SSH, OpenPGP), or SHA-256 digests in hex',
  );
}

class Collector {
  readonly keys: PublicKey[] = [];
  readonly skipped: string[] = [];
  readonly #label: string;

  constructor(label: string) {
    this.#label = label;
  }

  add(key: PublicKey | undefined, what: string, name?: string): void {
    if (!key) this.skipped.push(`${what}: can't be read`);
    else this.keys.push(name === undefined ? key : { ...key, kid: sanitizeLabel(name), name: sanitizeLabel(name) });
  }

  error(what: string): UsageError {
    return new UsageError(`"${this.#label}" ${what}`);
  }

  /** The error for private material. */
  refuse(what: string): UsageError {
    return this.error(`holds ${what}: an inventory is for public keys only; give its certificate or public key`);
  }
}

const UTF16LE_BOM = [0xff, 0xfe];

function decodeText(bytes: Uint8Array): string {
  return new TextDecoder(hasBytes(bytes, 0, UTF16LE_BOM) ? 'utf-16le' : 'utf-8').decode(bytes);
}

/** Java key stores, JKS and JCEKS. */
const PRIVATE_MAGICS: readonly (readonly [readonly number[], string])[] = [
  [[0xfe, 0xed, 0xfe, 0xed], 'a Java key store'],
  [[0xce, 0xce, 0xce, 0xce], 'a Java key store'],
];

/** False when the content isn't binary. */
function readBinary(bytes: Uint8Array, collector: Collector): boolean {
  for (const [magic, what] of PRIVATE_MAGICS) if (hasBytes(bytes, 0, magic)) throw collector.refuse(what);
  if (bytes[0] === TAG.SEQUENCE && readTag(bytes, 0, TAG.SEQUENCE)) {
    readDer(bytes, 'DER', collector);
    return true;
  }
  // Packet headers have the top bit set, as no text but a byte order mark has at its start.
  if ((bytes[0] ?? 0) < 0x80 || hasBytes(bytes, 0, [0xef, 0xbb, 0xbf]) || hasBytes(bytes, 0, UTF16LE_BOM)) return false;
  readOpenPgpKeys(bytes, collector);
  return true;
}

function readOpenPgpKeys(bytes: Uint8Array, collector: Collector): void {
  const { keys, hasPrivate } = readOpenPgp(bytes);
  if (hasPrivate) throw collector.refuse('an OpenPGP private key');
  for (const key of keys) collector.add(key, 'OpenPGP key');
}

function readDer(der: Uint8Array, what: string, collector: Collector, name?: string): void {
  const found =
    readPkcs7(der) ?? readCertificate(der) ?? readPublic(readSpki(der)) ?? readPublic(readPkcs1PublicKey(der));
  if (found) {
    for (const key of [found].flat()) collector.add(key, what, name);
    return;
  }
  const secret = privateDer(der);
  if (secret) throw collector.refuse(secret);
  collector.add(readCertificateRequest(der), what, name);
}

const readPublic = (key: Omit<PublicKey, 'source'> | undefined): PublicKey | undefined =>
  key && { source: 'public-key', ...key };

/** What private thing a DER document is. */
function privateDer(der: Uint8Array): string | undefined {
  const all = readTag(der, 0, TAG.SEQUENCE);
  const [first, second, third] = all ? readElements(der, all.start, all.end) : [];
  if (first?.tag === TAG.INTEGER && der[first.start] === 3 && second?.tag === TAG.SEQUENCE)
    return 'a PKCS#12 key store';
  if (first?.tag === TAG.SEQUENCE && second?.tag === TAG.OCTET_STRING) return 'an encrypted private key';
  // PKCS#8, PKCS#1, SEC1 and DSA begin with a version, 0 to 2.
  if (first?.tag === TAG.INTEGER && first.end - first.start === 1 && der[first.start]! <= 2) {
    const isPkcs8 = second?.tag === TAG.SEQUENCE && third?.tag === TAG.OCTET_STRING;
    if (second?.tag === TAG.INTEGER || second?.tag === TAG.OCTET_STRING || isPkcs8) return 'a private key';
  }
  return undefined;
}

/** Marks of private material in text, and what they mean. */
const PRIVATE_TEXTS: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [^-\r\n]{0,64}PRIVATE KEY/, 'a private key'],
  [/BEGIN SSH2 ENCRYPTED PRIVATE KEY/, 'a private key'],
  [/PuTTY-User-Key-File-\d/, 'a PuTTY private key'],
  [/AGE-SECRET-KEY-1/i, 'an age secret key'],
  [/^\s*PrivateKey\s*[:=]/im, 'a private key'],
  [/^\s*Private-key-format:/im, 'a DNSSEC private key'],
  [/<(?:D|P|Q|DP|DQ|InverseQ)>\s*[A-Za-z0-9+/]/, 'a private key'],
];

function readText(text: string, collector: Collector, name?: string): void {
  for (const [mark, what] of PRIVATE_TEXTS) if (mark.test(text)) throw collector.refuse(what);
  const json = parseJson(text);
  if (json !== undefined) {
    readJson(json, {
      onKey: (key) => collector.add(key, 'JWK'),
      onText: (pem, property) => readText(pem, collector, property),
      onPrivate() {
        throw collector.refuse('a private JWK');
      },
      onSkipped: (what) => void collector.skipped.push(what),
    });
    return;
  }
  const count = collector.keys.length + collector.skipped.length;
  readPemBlocks(text, collector, name);
  readXml(text, collector);
  const ssh = [...text.split(/\r?\n/).map(readSshLine), ...readSsh2Blocks(text)];
  for (const read of ssh) {
    if (read && 'key' in read) collector.add(read.key, 'SSH key');
    else if (read) collector.skipped.push(read.skipped);
  }
  if (collector.keys.length + collector.skipped.length === count) readDigests(text, collector);
}

/** `JSON.parse` quotes its input in errors: they end here. */
function parseJson(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const DER_LABELS =
  /^(?:(?:X509 |TRUSTED )?CERTIFICATE|(?:NEW )?CERTIFICATE REQUEST|(?:RSA )?PUBLIC KEY|PKCS7|CMS|PKCS #7 SIGNED DATA)$/;

/** RFC 7468 blocks. Text around them, and blocks of other things, are left alone. */
function readPemBlocks(text: string, collector: Collector, name: string | undefined): void {
  for (const [, label, body] of text.matchAll(/-----BEGIN ([A-Z0-9 #]{1,48})-----([\s\S]*?)-----END \1-----/g)) {
    // Headers of armour, and OpenPGP's checksum, are no base64 of the content.
    const base64 = body!.replace(/^[\s\S]*?\r?\n\r?\n(?=\S)/, '').replace(/^=.{4}\s*$/m, '');
    const bytes = new Uint8Array(Buffer.from(base64, 'base64'));
    if (label === 'PGP PUBLIC KEY BLOCK') readOpenPgpKeys(bytes, collector);
    else if (DER_LABELS.test(label!)) readDer(bytes, label!, collector, name);
  }
}

/** .NET's `RSAKeyValue` (XML Signature, 4.5.2.2). */
function readXml(text: string, collector: Collector): void {
  const block = /<(?:\w+:)?RSAKeyValue>([\s\S]*?)<\/(?:\w+:)?RSAKeyValue>/g;
  for (const [, body] of text.matchAll(block)) {
    const [n, e] = ['Modulus', 'Exponent'].map((member) => {
      const base64 = new RegExp(`<(?:\\w+:)?${member}>\\s*([A-Za-z0-9+/=\\s]+)<`).exec(body!)?.[1] ?? '';
      return BigInt(`0x0${Buffer.from(base64, 'base64').toString('hex')}`);
    });
    collector.add(readPublic(rsaKey(n!, e!)), 'RSAKeyValue');
  }
}

/** Lines of `digest label`, as `sha256sum` writes them; `#` begins a comment. Nothing else may be in the file. */
function readDigests(text: string, collector: Collector): void {
  const lines = text.split(/\r?\n/).filter((line) => !/^\s*(?:#|$)/.test(line));
  const found = lines.map((line) => /^\s*(?:sha256[:/])?([0-9a-f]{64})(?:\s+\*?(\S.*?))?\s*$/i.exec(line));
  if (found.some((match) => !match)) return;
  for (const match of found) {
    const [, digest, label] = match!;
    const name = label === undefined ? undefined : sanitizeLabel(label);
    collector.keys.push({ source: 'sha256', publicKeySha256: digest!.toLowerCase(), ...(name && { name }) });
  }
}
