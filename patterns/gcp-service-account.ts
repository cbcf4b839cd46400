// Keys of Google Cloud service accounts: a JSON document with the PEM of an RSA key, and the names of project and account.
import { readBody, readMarker } from '../src/bytes/pem.ts';
import { indexOfText } from '../src/bytes/reader.ts';
import { claimKey } from '../src/keys/claims.ts';
import { readPemDocument } from '../src/keys/document.ts';
import { tokenDoc } from '../src/keys/token-detector.ts';
import { defineDetector, type Hit } from '../src/model/detector.ts';

const ACCOUNT = 'gserviceaccount.com';
/** From the ID to the key, and a key of 4096 bits with escapes. */
const MAX_DISTANCE = 256;
const MAX_DOCUMENT = 6144;

interface Candidate {
  readonly pem: Uint8Array;
  readonly start: number;
}

export default defineDetector<Candidate>({
  id: 'gcp-service-account',
  title: 'Google Cloud service account key',
  severity: 'critical',
  doc: tokenDoc(
    `
The key file of a service account of [Google Cloud](https://cloud.google.com/iam/docs/keys-create-delete): who has it acts as the account.`,
    'delete the key of the service account, then look for its use in the audit logs.',
    'the RSA key inside: n = p·q',
  ),
  anchors: [{ text: '"private_key_id"' }, { text: '\\"private_key_id\\"' }],
  reach: { before: 0, after: MAX_DOCUMENT },

  parse({ bytes, at, length }) {
    const label = indexOfText(bytes, 'PRIVATE KEY-----', at + length, at + length + MAX_DISTANCE);
    if (label < 0 || indexOfText(bytes, ACCOUNT, label) < 0) return undefined;
    const marker = readMarker(bytes, label);
    return marker && { pem: bytes.slice(marker.start, Math.min(bytes.length, at + MAX_DOCUMENT)), start: marker.start };
  },

  verify({ pem, start }) {
    const label = indexOfText(pem, 'PRIVATE KEY-----', 0);
    const marker = readMarker(pem, label);
    const body = marker && readBody(pem, marker);
    const parts = body && readPemDocument('PRIVATE KEY', body);
    const claims = parts ? claimKey(parts, 'json', { start: start + body.start, end: start + body.end }) : [];
    body?.bytes.fill(0);
    pem.fill(0);
    return claims;
  },

  examples(make) {
    const key = make.rsa(2048);
    const write = (pem: string): string =>
      JSON.stringify({
        type: 'service_account',
        project_id: 'project-1',
        private_key_id: make.hex(make.bytes(20)),
        private_key: pem,
        client_email: 'svc@project-1.iam.gserviceaccount.com',
      });
    const pem = make.pem('PRIVATE KEY', make.pkcs8(key));
    const hit = (name: string, text: string): Hit => {
      const end = text.lastIndexOf('-----') + 5;
      return {
        name,
        bytes: make.ascii(text),
        span: { start: text.indexOf('-----BEGIN'), end },
        verdict: 'proven',
        traits: { algorithm: 'RSA', form: 'json', bits: 2048, publicKeySha256: make.publicKeySha256(key) },
        secrets: make.secrets(key),
      };
    };
    const damaged = make.pkcs8(key).slice();
    damaged[60]! ^= 0x40;
    return {
      hits: [hit('file', write(pem)), hit('in a JSON string', JSON.stringify({ key: write(pem) }))],
      misses: [
        { name: 'damaged key', bytes: make.ascii(write(make.pem('PRIVATE KEY', damaged))), reaches: 'verify' },
        { name: 'without key', bytes: make.ascii(write('none')), reaches: 'anchor' },
      ],
    };
  },
});
