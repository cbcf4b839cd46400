// Base64 of text that holds a private key in PEM: Kubernetes secrets, kubeconfig, cloud-init, CI variables. The text may
// begin with the PEM, or be JSON or YAML that holds it further on, so its dashes fall on any of the three alignments.
import { base64Core, decodeBase64 } from '../src/bytes/base64.ts';
import { type PemBody, readBody, readMarker } from '../src/bytes/pem.ts';
import { indexOfText, latin1 } from '../src/bytes/reader.ts';
import { claimKey } from '../src/keys/claims.ts';
import { readPemDocument } from '../src/keys/document.ts';
import { defineDetector, type Hit } from '../src/model/detector.ts';
import type { Span } from '../src/model/place.ts';

const PHASES = [0, 1, 2] as const;
/** How far behind the first dashes a key's label ends: `-----BEGIN SSH2 ENCRYPTED PRIVATE KEY-----` and longer ones. */
const MARKER_CHARS = 88;

interface Candidate {
  readonly label: string;
  readonly body: PemBody;
  readonly span: Span;
}

export default defineDetector<Candidate>({
  id: 'private-key-pem-base64',
  title: 'Private key in PEM, in base64',
  severity: 'critical',
  doc: `
Base64 of a text that holds a PEM private key: the \`data\` of a Kubernetes secret (\`tls.key\`), \`client-key-data\` of a
kubeconfig, cloud-init files, CI variables, service-account files that were encoded as a whole. Found at all three alignments of
base64, in one line or wrapped, in UTF-8, UTF-16 and UTF-32.

**Proof**: as for the PEM inside: its numbers fit each other (n = p·q, d·G = Q).

**What to do**: replace the key pair, revoke its certificates, and find out who could read the dump. Base64 protects nothing.
`,
  anchors: PHASES.map((phase) => ({ text: base64Core(latin1('-----BEGIN '), phase), wide: 'utf-16' })),
  // An RSA-8192 document is 6.4 KB as PEM, 8.7 KB as base64 of that, more with line ends.
  reach: { before: 0, after: 16_000 },

  parse({ bytes, at, anchor }) {
    // The byte that lies across the anchor's first character is lost: one of five dashes, four are enough.
    const phase = [0, 2, 3][anchor]!;
    const head = decodeBase64(bytes, at, bytes.length, { style: 'wrapped', phase, maxChars: MARKER_CHARS });
    const label = indexOfText(head.bytes, 'PRIVATE', 0);
    const begin = label < 0 ? undefined : readMarker(head.bytes, label);
    if (begin?.kind !== 'begin' || begin.start > 1 || !begin.label.endsWith('PRIVATE KEY')) return undefined;
    const text = decodeBase64(bytes, at, bytes.length, { style: 'wrapped', phase });
    const body = readBody(text.bytes, begin);
    text.bytes.fill(0);
    // The character that the last byte of the PEM ends in.
    const maxChars = Math.ceil(((body.end + phase) * 8) / 6) - phase;
    const whole = decodeBase64(bytes, at, bytes.length, { style: 'wrapped', phase, maxChars });
    whole.bytes.fill(0);
    return { label: begin.label, body, span: { start: at, end: whole.next } };
  },

  verify({ label, body, span }) {
    const parts = readPemDocument(label, body);
    const claims = parts ? claimKey(parts, 'pem-base64', span) : [];
    body.bytes.fill(0);
    return claims;
  },

  examples(make) {
    const rsa = make.rsa(2048);
    const ec = make.ec('P-256');
    const text = make.pem('PRIVATE KEY', make.pkcs8(rsa));
    const sec1 = make.pem('EC PRIVATE KEY', make.sec1(ec));
    const lines = (base64: string, eol: string): string => (base64.match(/.{1,76}/g) ?? []).join(eol);
    const encode = (content: string): string => make.base64(make.ascii(content));
    const hit = (name: string, before: string, pem: string, after: string, eol = ''): Hit => {
      const base64 = encode(before + pem + after);
      // From the first character that only the PEM determines to the one its last dash ends in.
      const start = Math.ceil((before.length * 8) / 6);
      const end = Math.ceil(((before.length + pem.lastIndexOf('-') + 1) * 8) / 6);
      return {
        name,
        bytes: make.ascii(eol ? lines(base64, eol) : base64),
        span: { start, end: end + eol.length * Math.floor((end - 1) / 76) },
        verdict: 'proven',
        traits: { algorithm: 'RSA', form: 'pem-base64', proof: 'p*q=n', publicKeySha256: make.publicKeySha256(rsa) },
        secrets: make.secrets(rsa),
      };
    };
    const json = text.replaceAll('\n', '\\n');
    const damaged = make.pkcs8(rsa).slice();
    damaged[60]! ^= 0x40; // a bit of n
    return {
      hits: [
        hit('Kubernetes secret', '', text, '\n'),
        hit('one byte in front', '\n', text, '\n'),
        hit('two bytes in front', '\n\n', text, '\n'),
        hit('PEM in JSON', '{"type":"service_account","private_key":"', json, '"}'),
        hit('wrapped', '', text, '\n', '\n'),
        hit('wrapped, CRLF', '', text, '\n', '\r\n'),
        {
          ...hit('SEC1', '', sec1, '\n'),
          traits: { algorithm: 'EC', curve: 'P-256', proof: 'd*G=Q', publicKeySha256: make.publicKeySha256(ec) },
          secrets: make.secrets(ec),
        },
      ],
      misses: [
        { name: 'certificate', bytes: make.ascii(encode(make.pem('CERTIFICATE', make.bytes(800)))), reaches: 'anchor' },
        { name: 'modulus damaged', bytes: make.ascii(encode(make.pem('PRIVATE KEY', damaged))), reaches: 'verify' },
      ],
    };
  },
});
