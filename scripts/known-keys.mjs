// Adds published test keys to src/proof/known-keys.ts:
//
//   node scripts/known-keys.mjs 'OpenSSH regress=<folder>' …        private keys that the files of a package hold
//   node scripts/known-keys.mjs --public 'RFC 9500 P-256=<file>' …   a public key, PEM or JWK, as specifications print it
//
// Scans with the built program (npm run build) and keeps the digest of the SubjectPublicKeyInfo and a name of origin,
// algorithm and size: no key material is stored.
import { spawnSync } from 'node:child_process';
import { createHash, createPublicKey } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const file = `${root}src/proof/known-keys.ts`;
const entry = /^ {2}\['([0-9a-f]{64})', '([^']+)'\],$/gm;
const keys = new Map(Array.from(readFileSync(file, 'utf8').matchAll(entry), ([, digest, name]) => [digest, name]));

const publicOnly = process.argv[2] === '--public';
for (const argument of process.argv.slice(publicOnly ? 3 : 2)) {
  const [origin, path] = argument.split('=');
  if (!path) throw new Error(`${argument}: expected <origin>=<path>`);
  const found = publicOnly ? [[publicKeyDigest(path), origin]] : scan(origin, path);
  // The first name stays: a key that is shipped by many packages is named by the one it comes from.
  const fresh = found.filter(([digest]) => !keys.has(digest));
  for (const [digest, name] of fresh) keys.set(digest, name);
  console.log(`${origin}: ${found.length} keys, ${fresh.length} of them new`);
}

const lines = [...keys]
  .sort(([a, left], [b, right]) => (left === right ? compare(a, b) : compare(left, right)))
  .map(([digest, name]) => `  ['${digest}', '${name}'],`);
writeFileSync(
  file,
  `/**
 * Published test keys: SHA-256 of the SubjectPublicKeyInfo (lower-case hex) → where the key comes from. Programs carry
 * them as constants, so they are in the core of every process that runs those programs. Extended by
 * scripts/known-keys.mjs.
 */
export const KNOWN_KEYS: ReadonlyMap<string, string> = new Map([
${lines.join('\n')}
]);
`,
);

function compare(a, b) {
  return a < b ? -1 : 1;
}

function scan(origin, path) {
  const { stdout, error } = spawnSync(
    process.execPath,
    [`${root}dist/cli/main.js`, 'scan', path, '--format', 'json', '--quiet', '--fail-on', 'none'],
    { encoding: 'utf8', maxBuffer: 1 << 30 },
  );
  if (error) throw error;
  return JSON.parse(stdout)
    .findings.filter(({ verdict, traits }) => verdict !== 'likely' && traits.publicKeySha256)
    .map(({ traits }) => [traits.publicKeySha256, `${origin} ${kind(traits)}`]);
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
