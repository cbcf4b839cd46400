// Private keys in PEM text: RFC 7468 labels, RFC 1421 headers, OpenSSH's armour. The trap: in a dump the text is
// escaped, indented, quoted, cut off or stored in wide characters; the engine narrows wide text before parse sees it.
import { type PemBody, readBody, readBodyBefore, readMarker } from '../src/bytes/pem.ts';
import { claimKey } from '../src/keys/claims.ts';
import { readPemDocument } from '../src/keys/document.ts';
import { defineDetector, type Hit } from '../src/model/detector.ts';

/** Shortest body that can hold a key: bare octets of X25519. */
const MIN_BODY_BYTES = 32;

const QUOTES = ['"', "'"].map((text) => text.charCodeAt(0));

interface Candidate {
  readonly label: string;
  readonly body: PemBody;
  /** A quote lies within: the body may be of two strings. */
  readonly quoted: boolean;
}

export default defineDetector<Candidate>({
  id: 'private-key-pem',
  title: 'Private key in PEM',
  severity: 'critical',
  doc: `
A private key as text between \`-----BEGIN … PRIVATE KEY-----\` and its END line ([RFC 7468](https://www.rfc-editor.org/rfc/rfc7468),
OpenSSH's PROTOCOL.key): PKCS#1, PKCS#8, SEC1, DSA and OpenSSH, clear or encrypted. Found with any line ends (also escaped
as \`\\n\` or \`\\\\n\`), indented, on one line, quoted and concatenated, in UTF-8, UTF-16 and UTF-32, and cut off at either end as
long as the numbers that are left prove the key.

**Proof**: the numbers inside fit each other (n = p·q, 2^(ed) = 2 mod n, d·G = Q). A marker without a key behind it is no finding; a complete PKCS#8
document of an algorithm that isn't known here is *likely* one.

**What to do**: replace the key pair, revoke its certificates, and find out who could read the dump. An encrypted key is as
safe as its password.
`,
  // SSH.COM has a blank before the dashes; URL encoders write blanks as + or %20.
  anchors: ['PRIVATE KEY-----', 'PRIVATE KEY ----', 'PRIVATE+KEY-----', 'PRIVATE%20KEY-----'].map((text) => ({
    text,
    wide: true,
  })),
  // An RSA-8192 document is 6.4 KB of base64, with one escape per line.
  reach: { before: 12_288, after: 12_288 },

  parse({ bytes, at }) {
    const marker = readMarker(bytes, at);
    if (!marker) return undefined;
    const body = marker.kind === 'begin' ? readBody(bytes, marker) : readBodyBefore(bytes, marker);
    if (!body || body.bytes.length < MIN_BODY_BYTES) return undefined;
    const quoted = bytes.subarray(body.start, body.end).some((byte) => QUOTES.includes(byte));
    return { label: marker.label, body, quoted };
  },

  verify({ label, body, quoted }) {
    const span = { start: body.start, end: body.end };
    const form = label.startsWith('OPENSSH') ? 'openssh' : 'pem';
    const parts = readPemDocument(label, body);
    const claims = parts ? claimKey(parts, form, span) : [];
    body.bytes.fill(0);
    if (body.cut !== 'tail') return claims;
    // A seed fits any octets: without an END line they may be those of the next text, and beyond a quote they are.
    return claims.flatMap((claim) => {
      if (claim.traits.proof !== 'document') return [claim];
      return quoted ? [] : [{ ...claim, verdict: 'likely' as const }];
    });
  },

  examples(make) {
    const rsa = make.rsa(2048);
    const ec = make.ec('P-256');
    const ed = make.okp('Ed25519');
    const text = make.pem('PRIVATE KEY', make.pkcs8(rsa));
    const traits = { algorithm: 'RSA', bits: 2048, form: 'pem', publicKeySha256: make.publicKeySha256(rsa) } as const;
    const lines = text.trimEnd().split('\n');
    const hit = (name: string, body: string, more: Partial<Hit> = {}): Hit => {
      const bytes = make.ascii(body);
      // The END line closes the span: what follows it (a quote, a line end) is not part of the key.
      const end = body.lastIndexOf('-----') + 5;
      const start = body.indexOf('-----BEGIN');
      return { name, bytes, span: { start, end }, verdict: 'proven', traits, secrets: make.secrets(rsa), ...more };
    };
    const other = (name: string, body: string, key: typeof ec | typeof ed, more: object): Hit =>
      hit(name, body, {
        traits: { form: 'pem', publicKeySha256: make.publicKeySha256(key), ...more },
        secrets: make.secrets(key),
      });
    const cutTail = lines.slice(0, Math.ceil(lines.length * 0.8)).join('\n');
    const cutHead = lines.slice(Math.floor(lines.length * 0.4)).join('\n');
    // V8 cuts strings in heap snapshots at 1,024 characters, of which line ends take one each.
    const snapshot = text.slice(0, 1024).replaceAll('\n', '\\n');
    const ciphertext = make.bytes(1200);
    const locked = make.pem('RSA PRIVATE KEY', ciphertext, {
      headers: `Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,${make.hex(make.bytes(16)).toUpperCase()}`,
    });
    const encrypted = (name: string, body: string): Hit =>
      hit(name, body, {
        traits: { form: 'pem', protection: 'openssl-pem', proof: 'document' },
        secrets: [ciphertext],
      });
    const seed = make.pem('PRIVATE KEY', make.pkcs8(ed)).trimEnd();
    const cutSeed = seed.slice(0, seed.lastIndexOf('\n'));
    const nebula = make.pem('NEBULA ED25519 PRIVATE KEY', make.concat(ed.d, ed.x));
    const damaged = make.pkcs8(rsa).slice();
    damaged[60]! ^= 0x40; // a bit of n
    const { der } = make;
    const strange = make.bytes(40);
    const gost = der.seq(der.int(0), der.seq(der.oid('1.2.643.7.1.1.1.1')), der.oct(strange));
    const text40 = make.ascii('forty bytes of text that is no secret!!!');
    const plain = der.seq(der.int(0), der.seq(der.oid('1.2.643.7.1.1.1.1')), der.oct(text40));
    return {
      hits: [
        hit('PKCS#8 RSA', text),
        hit('PKCS#1 RSA', make.pem('RSA PRIVATE KEY', make.pkcs1(rsa))),
        hit('CRLF', make.pem('PRIVATE KEY', make.pkcs8(rsa), { eol: '\r\n' })),
        hit('escaped line ends', `"${lines.join('\\n')}\\n"`),
        hit('doubly escaped line ends', `"${lines.join('\\\\n')}\\\\n"`),
        hit('escaped CRLF', `"${lines.join('\\r\\n')}\\r\\n"`),
        hit('one line', make.pem('PRIVATE KEY', make.pkcs8(rsa), { width: 0, eol: ' ' })),
        hit('indented', lines.map((line) => `      ${line}\n`).join('')),
        hit('quoted and concatenated', lines.map((line) => `  "${line}\\n"`).join(' +\n')),
        hit('escaped slashes', `{"key":"${lines.join('\\n').replaceAll('/', '\\/')}"}`),
        hit('list of lines', `[${lines.map((line) => `"${line}"`).join(',\n ')}]`),
        hit('XML attribute', lines.join('&#xA;')),
        hit('URL-encoded form', `key=${encodeURIComponent(text.trimEnd()).replaceAll('%20', '+')}&x=1`),
        hit('in an environment block', `TLS_KEY=${lines.join('\\\\n')}\0PATH=/bin\0`),
        hit('followed by a certificate', `${text}${make.pem('CERTIFICATE', make.bytes(90))}`, {
          span: { start: 0, end: text.length - 1 },
        }),
        hit('cut off by a heap snapshot', `"${snapshot}",\n"another string",\n`, {
          span: { start: 1, end: 1 + snapshot.length },
        }),
        hit('cut off after d', cutTail, { span: { start: 0, end: cutTail.length } }),
        hit('head cut off', cutHead, { span: { start: 0, end: cutHead.length } }),
        other('SEC1 P-256', make.pem('EC PRIVATE KEY', make.sec1(ec)), ec, {
          algorithm: 'EC',
          curve: 'P-256',
          proof: 'd*G=Q',
        }),
        other('PKCS#8 P-256 without point', make.pem('PRIVATE KEY', make.pkcs8(ec, { publicKey: false })), ec, {
          proof: 'document',
        }),
        encrypted("OpenSSL's own encryption", locked),
        encrypted("OpenSSL's own encryption, escaped", `"${locked.trimEnd().replaceAll('\n', '\\n')}"`),
        other('bare octets', nebula, ed, { algorithm: 'Ed25519', proof: 'd*G=Q' }),
        other('PKCS#8 Ed25519', seed, ed, { algorithm: 'Ed25519' }),
        {
          ...hit('PKCS#8 of another algorithm', make.pem('PRIVATE KEY', gost)),
          verdict: 'likely',
          traits: { form: 'pem', algorithm: 'other', proof: 'none' },
          secrets: [strange],
        },
        {
          ...other('PKCS#8 Ed25519 without its END line', cutSeed, ed, { algorithm: 'Ed25519', proof: 'document' }),
          span: { start: 0, end: cutSeed.length },
          verdict: 'likely',
        },
      ],
      misses: [
        { name: 'marker without body', bytes: make.ascii('-----BEGIN PRIVATE KEY-----\0\0'), reaches: 'anchor' },
        {
          name: 'markers only',
          bytes: make.ascii('-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----'),
          reaches: 'anchor',
        },
        {
          name: 'public key under the wrong label',
          bytes: make.ascii(make.pem('PRIVATE KEY', make.spki(rsa))),
          reaches: 'verify',
        },
        {
          name: 'encrypted by its header only',
          bytes: make.ascii(make.pem('RSA PRIVATE KEY', new Uint8Array(640), { headers: 'Proc-Type: 4,ENCRYPTED' })),
          reaches: 'verify',
        },
        { name: 'random body', bytes: make.ascii(make.pem('PRIVATE KEY', make.bytes(1200))), reaches: 'verify' },
        {
          name: 'a seed of a cut string and the next one',
          bytes: make.ascii(`"${seed.slice(0, 70).replaceAll('\n', '\\n')}",\n"${make.text(40, 'abcdefghijklmnop')}",`),
          reaches: 'verify',
        },
        {
          name: 'PKCS#8 of another algorithm, with text',
          bytes: make.ascii(make.pem('PRIVATE KEY', plain)),
          reaches: 'verify',
        },
        { name: 'modulus damaged', bytes: make.ascii(make.pem('PRIVATE KEY', damaged)), reaches: 'verify' },
      ],
    };
  },
});
