// Adds published test keys to src/proof/known-keys.ts, encrypted ones to src/proof/known-encrypted.ts, and published example
// values to src/proof/known-values.ts:
//
//   node scripts/known-keys.mjs 'OpenSSH regress=<folder>' …        private keys that the files of a package hold
//   node scripts/known-keys.mjs --public 'RFC 9500 P-256=<file>' …   a public key, PEM or JWK, as specifications print it
//   node scripts/known-keys.mjs --report 'Node.js tests=<file>' …     the same of a scan's JSON report
//   node scripts/known-keys.mjs --encrypted 'CryptX manual=<folder>' …   encrypted keys, which have no public half
//   node scripts/known-keys.mjs --values 'RFC 6749 example=<file>' …   values behind names of secrets, and alone
//
// Scans with the built program (npm run build) and keeps the digest of the SubjectPublicKeyInfo (of an encrypted key, of the
// ciphertext) and a name of origin, algorithm and size: no key material is stored.
import { spawnSync } from 'node:child_process';
import { createHash, createPublicKey } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const mode = process.argv[2]?.startsWith('--') ? process.argv[2] : '--scan';
const list = { '--values': 'values', '--encrypted': 'encrypted' }[mode] ?? 'keys';
const file = `${root}src/proof/known-${list}.ts`;
const entry = /^ {2}\['([0-9a-f]{64})', '([^']+)'\],$/gm;
const text = readFileSync(file, 'utf8');
const known = new Map(Array.from(text.matchAll(entry), ([, digest, name]) => [digest, name]));

for (const argument of process.argv.slice(mode === '--scan' ? 2 : 3)) {
  const [origin, path] = argument.split('=');
  if (!path) throw new Error(`${argument}: expected <origin>=<path>`);
  const found =
    mode === '--public'
      ? [[publicKeyDigest(path), origin]]
      : mode === '--values'
        ? values(origin, path)
        : mode === '--encrypted'
          ? await encrypted(origin, path)
          : keys(origin, mode === '--report' ? JSON.parse(readFileSync(path, 'utf8')).findings : scan(path));
  // The first name stays: a key that is shipped by many packages is named by the one it comes from.
  const fresh = found.filter(([digest]) => !known.has(digest));
  for (const [digest, name] of fresh) known.set(digest, name);
  console.log(`${origin}: ${found.length}, of them ${fresh.length} new`);
}

const lines = [...known]
  .sort(([a, left], [b, right]) => (left === right ? compare(a, b) : compare(left, right)))
  .map(([digest, name]) => `  ['${digest}', '${name}'],\n`);
const [head, tail] = [text.indexOf('new Map([') + 'new Map(['.length, text.indexOf(']);')];
writeFileSync(file, `${text.slice(0, head)}\n${lines.join('')}${text.slice(tail)}`);

function compare(a, b) {
  return a < b ? -1 : 1;
}

function scan(path) {
  const { stdout, error } = spawnSync(
    process.execPath,
    [`${root}dist/cli/main.js`, 'scan', path, '--format', 'json', '--quiet', '--fail-on', 'none'],
    { encoding: 'utf8', maxBuffer: 1 << 30 },
  );
  if (error) throw error;
  return JSON.parse(stdout).findings;
}

function keys(origin, findings) {
  return findings
    .filter(({ verdict, traits }) => verdict !== 'likely' && traits.publicKeySha256)
    .map(({ traits }) => [traits.publicKeySha256, `${origin} ${kind(traits)}`]);
}

function values(origin, path) {
  return scan(path)
    .filter(({ verdict, places }) => verdict === 'likely' && places[0].encoding === 'bytes')
    .map(({ places: [{ input, start, end }] }) => {
      const value = readFileSync(input).subarray(start, end);
      return [createHash('sha256').update(value).digest('hex'), origin];
    });
}

/** As the detectors read them: in PEM, however it is escaped, and in DER. */
async function encrypted(origin, path) {
  const { readBody, readMarker } = await import('../dist/src/bytes/pem.js');
  const { readDocument, readPemDocument } = await import('../dist/src/keys/document.js');
  return scan(path)
    .filter(({ traits }) => traits.protection && !traits.publicKeySha256)
    .flatMap(({ places }) => places)
    .filter(({ detector, encoding, trail }) => /-pem$|^encrypted-/.test(detector) && encoding === 'bytes' && !trail)
    .map(({ form, input, start, end }) => {
      const bytes = new Uint8Array(readFileSync(input)).subarray(start, end);
      if (form === 'der') return readDocument(bytes).parts.ciphertext;
      const marker = readMarker(bytes, Buffer.from(bytes).indexOf('PRIVATE KEY'));
      return readPemDocument(marker.label, readBody(bytes, marker)).ciphertext;
    })
    .map((ciphertext) => [createHash('sha256').update(ciphertext).digest('hex'), `${origin}, encrypted`]);
}

function kind({ algorithm, curve, bits }) {
  if (curve) return curve;
  if (algorithm === 'opaque') return 'encrypted key';
  return ['RSA', 'DSA', 'DH'].includes(algorithm) ? `${algorithm}-${bits}` : algorithm;
}

function publicKeyDigest(path) {
  const text = readFileSync(path, 'utf8');
  const key = createPublicKey(text.startsWith('-----') ? text : { key: JSON.parse(text), format: 'jwk' });
  return createHash('sha256')
    .update(key.export({ format: 'der', type: 'spki' }))
    .digest('hex');
}
