/** SSH public keys: lines of authorized_keys, known_hosts and *.pub files (sshd(8)), and RFC 4716 files. */
import { SshReader } from '../keys/ssh-wire.ts';
import type { Curve } from '../model/finding.ts';
import { sanitizeLabel } from '../model/label.ts';
import { dsaPublicIds } from '../proof/public-key.ts';
import { ecKey, okpKey, type PublicKey, rsaKey } from './public-key.ts';

const CURVES: Readonly<Record<string, Curve>> = { nistp256: 'P-256', nistp384: 'P-384', nistp521: 'P-521' };
const CERTIFICATE = /-cert-v0[01]@openssh\.com$/;
/** Keys of FIDO tokens: their private half is not in any memory that could be dumped. */
const TOKEN = /^sk-/;

/** Options or hosts, type, blob, comment. The type is repeated inside the blob, whose base64 begins with a length: AAAA. */
const LINE =
  /^(?<before>.*?)(?<type>[a-z][\w@.-]{4,63})[ \t]+(?<blob>AAAA[A-Za-z0-9+/]{20,})={0,2}(?:[ \t]+(?<comment>.*))?$/;

type Read = { readonly key: PublicKey } | { readonly skipped: string };

/** What a line says; undefined when it holds no SSH key. */
export function readSshLine(line: string): Read | undefined {
  const { before = '', type, blob, comment } = LINE.exec(line.trim())?.groups ?? {};
  if (!type || !blob) return undefined;
  if (TOKEN.test(type)) return { skipped: `${type}: its private key never leaves the token` };
  const key = readSshBlob(new Uint8Array(Buffer.from(blob, 'base64')), type);
  if (!key) return { skipped: `${sanitizeLabel(type)}: not an SSH key that can be read` };
  const host = /^(?:@\S+[ \t]+)?([^\s,|"=]+)(?:,\S*)?[ \t]*$/.exec(before)?.[1];
  const text = sanitizeLabel(comment?.trim() || host || '');
  return { key: { source: 'ssh', ...key, ...(text && { comment: text, name: text }) } };
}

/** RFC 4253, 6.6; RFC 5656; RFC 8709; OpenSSH's PROTOCOL.certkeys: the type, in certificates a nonce, the numbers. */
export function readSshBlob(blob: Uint8Array, expectedType?: string): Omit<PublicKey, 'source'> | undefined {
  const reader = new SshReader(blob);
  const type = reader.name();
  if (expectedType !== undefined && type !== expectedType) return undefined;
  if (CERTIFICATE.test(type)) reader.string();
  const plain = type.replace(CERTIFICATE, '');
  const key = readFields(reader, plain);
  return reader.ok ? key : undefined;
}

function readFields(reader: SshReader, type: string): Omit<PublicKey, 'source'> | undefined {
  if (type === 'ssh-rsa') {
    const e = reader.mpint();
    return rsaKey(reader.mpint(), e);
  }
  if (type === 'ssh-dss') {
    const [p, q, g, y] = [reader.mpint(), reader.mpint(), reader.mpint(), reader.mpint()];
    const { publicKeySha256 } = dsaPublicIds(p, q, g, y);
    return publicKeySha256 === undefined ? undefined : { publicKeySha256 };
  }
  if (type === 'ssh-ed25519') return okpKey('Ed25519', reader.string());
  if (type === 'ssh-ed448') return okpKey('Ed448', reader.string());
  const curve = CURVES[type.replace('ecdsa-sha2-', '')];
  if (!curve || `ecdsa-sha2-${reader.name()}` !== type) return undefined;
  return ecKey(curve, reader.string());
}

/** `---- BEGIN SSH2 PUBLIC KEY ----` (RFC 4716): headers, which may be continued with a backslash, and the blob. */
export function* readSsh2Blocks(text: string): Generator<Read> {
  for (const [, body] of text.matchAll(
    /---- BEGIN SSH2 PUBLIC KEY ----\r?\n([\s\S]*?)---- END SSH2 PUBLIC KEY ----/g,
  )) {
    const lines = body!.replace(/\\\r?\n/g, '').split(/\r?\n/);
    const comment = lines.map((line) => /^Comment: *"?(.*?)"? *$/i.exec(line)?.[1]).find((found) => found);
    const blob = lines.filter((line) => !line.includes(':')).join('');
    const key = readSshBlob(new Uint8Array(Buffer.from(blob, 'base64')));
    if (!key) yield { skipped: 'SSH2 PUBLIC KEY: not an SSH key that can be read' };
    else yield { key: { source: 'ssh', ...key, ...(comment && { comment: sanitizeLabel(comment), name: comment }) } };
  }
}
