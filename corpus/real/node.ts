/** Node.js services that hold keys in the ways that their configuration brings them. */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type FreshKey,
  freshEc,
  freshEd25519,
  freshKey,
  freshRsa,
  jwkOf,
  KINDS,
  writeCertificate,
  writePems,
} from './fresh-keys.ts';
import { coreOf, dumpCore, freePort, handshake, start } from './program.ts';
import type { Dump, Scenario } from './scenario.ts';

const NODE = [[process.execPath, '--version']] as const;

/** Says when it is ready, and stays. */
const STAY = `process.stdin.resume(); console.log('ready');`;

const TLS_SERVER = `
import { createPrivateKey, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:tls';
const [port, rsaKey, rsaCertificate, ecKey, ecCertificate, signingKey] = process.argv.slice(2);
const key = createPrivateKey(readFileSync(signingKey));
sign(null, Buffer.from('something to sign'), key);
globalThis.service = createServer({ key: [readFileSync(rsaKey), readFileSync(ecKey)],
  cert: [readFileSync(rsaCertificate), readFileSync(ecCertificate)] }, (socket) => socket.end());
globalThis.service.listen(Number(port), '127.0.0.1', () => console.log('ready'));
globalThis.signingKey = key;
`;

const JWT_ISSUER = `
import { readFileSync } from 'node:fs';
const jwks = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const algorithms = { RS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  ES256: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }, EdDSA: { name: 'Ed25519' } };
globalThis.issuer = { jwks, keys: [] };
for (const jwk of jwks.keys) {
  const { alg, ...members } = jwk;
  const key = await crypto.subtle.importKey('jwk', members, algorithms[alg], true, ['sign']);
  await crypto.subtle.sign(algorithms[alg], key, new TextEncoder().encode('header.payload'));
  globalThis.issuer.keys.push(key);
}
${STAY}`;

const PEM_IN_ENVIRONMENT = `
import { createPrivateKey, sign } from 'node:crypto';
const pems = [process.env.TLS_KEY, process.env.SIGNING_KEY.replaceAll('\\\\n', '\\n'),
  Buffer.from(process.env.KEY_BASE64, 'base64').toString('utf8')];
globalThis.config = { pems, text: JSON.stringify({ pems }), keys: pems.map((pem) => createPrivateKey(pem)) };
for (const key of globalThis.config.keys) {
  sign(key.asymmetricKeyType === 'ed25519' ? null : 'sha256', Buffer.from('something to sign'), key);
}
`;

/** Keeps the keys alone: the text is overwritten, dropped, and collected. */
const DROPPED_PEM = `
import { createPrivateKey, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
function load(path) {
  const pem = readFileSync(path);
  const key = createPrivateKey(pem);
  pem.fill(0);
  sign(key.asymmetricKeyType === 'ed25519' ? null : 'sha256', Buffer.from('something to sign'), key);
  return key;
}
globalThis.keys = process.argv.slice(2).map(load);
gc();
${STAY}`;

/** The keys of WebCrypto, not extractable. */
const WEBCRYPTO = `
import { readFileSync } from 'node:fs';
const ALGORITHMS = [['RSA', { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }],
  ...['P-256', 'P-384', 'P-521'].map((namedCurve) => [namedCurve, { name: 'ECDSA', hash: 'SHA-256', namedCurve }]),
  ['Ed25519', { name: 'Ed25519' }]];
async function load(path) {
  const body = readFileSync(path, 'latin1').replace(/-----.*-----/g, '');
  const document = Uint8Array.from(atob(body.replace(/\\s/g, '')), (character) => character.charCodeAt(0));
  const [, algorithm] = ALGORITHMS.find(([name]) => path.includes(name));
  const key = await crypto.subtle.importKey('pkcs8', document, algorithm, false, ['sign']);
  document.fill(0);
  await crypto.subtle.sign(algorithm, key, new TextEncoder().encode('header.payload'));
  return key;
}
globalThis.keys = [];
for (const path of process.argv.slice(2)) globalThis.keys.push(await load(path));
gc();
${STAY}`;

function write(folder: string, name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

async function runAndDump(
  folder: string,
  keys: readonly FreshKey[],
  argv: readonly string[],
  environment = {},
): Promise<Dump> {
  const program = await start(process.execPath, argv, { folder, ready: /ready/, environment });
  return { path: coreOf(program, folder), keys };
}

function environmentOf(keys: readonly [FreshKey, FreshKey, FreshKey]): Record<string, string> {
  return {
    TLS_KEY: keys[0].pem,
    SIGNING_KEY: keys[1].pem.replaceAll('\n', '\\n'),
    KEY_BASE64: Buffer.from(keys[2].pem).toString('base64'),
  };
}

function threeKeys(): readonly [FreshKey, FreshKey, FreshKey] {
  return [freshRsa('first (RSA)'), freshEc('second (EC)'), freshEd25519('third (Ed25519)')];
}

function writeJwks(folder: string, keys: readonly [FreshKey, FreshKey, FreshKey]): string {
  const jwks = { keys: [jwkOf(keys[0], 'RS256'), jwkOf(keys[1], 'ES256'), jwkOf(keys[2], 'EdDSA')] };
  return write(folder, 'jwks.json', JSON.stringify(jwks, null, 2));
}

export const nodeKeyObject: Scenario = {
  name: 'node-keyobject',
  title: 'Node.js TLS server and signer with KeyObjects, core',
  needs: [...NODE, ['openssl', 'version']],
  async run(folder) {
    const keys = threeKeys();
    const rsa = writeCertificate(folder, 'rsa', keys[0]);
    const ec = writeCertificate(folder, 'ec', keys[1]);
    const signing = write(folder, 'signing.key', keys[2].pem);
    const script = write(folder, 'server.mjs', TLS_SERVER);
    const port = await freePort();
    const argv = [script, String(port), rsa.key, rsa.certificate, ec.key, ec.certificate, signing];
    const server = await start(process.execPath, argv, { folder, ready: /ready/ });
    await handshake(port, 'RSA-2048');
    await handshake(port, 'P-256');
    const path = join(folder, 'dump.core');
    dumpCore(server.pid, path);
    server.end();
    return { path, keys };
  },
};

export const nodeJose: Scenario = {
  name: 'node-jose',
  title: 'Node.js token issuer with a JWKS file and WebCrypto, core',
  needs: NODE,
  run(folder) {
    const keys = threeKeys();
    return runAndDump(folder, keys, [write(folder, 'issuer.mjs', JWT_ISSUER), writeJwks(folder, keys)]);
  },
};

export const nodeDroppedPem: Scenario = {
  name: 'node-dropped-pem',
  title: 'Node.js signer that dropped its PEM, core',
  needs: NODE,
  run(folder) {
    const keys = KINDS.map((kind) => freshKey(kind));
    const argv = ['--expose-gc', write(folder, 'signer.mjs', DROPPED_PEM), ...writePems(folder, keys)];
    return runAndDump(folder, keys, argv);
  },
};

export const nodeWebCrypto: Scenario = {
  name: 'node-webcrypto',
  title: 'Node.js signer with WebCrypto keys that are not extractable, core',
  needs: NODE,
  run(folder) {
    const keys = KINDS.filter((kind) => kind !== 'RSA-4096').map((kind) => freshKey(kind));
    const argv = ['--expose-gc', write(folder, 'signer.mjs', WEBCRYPTO), ...writePems(folder, keys)];
    return runAndDump(folder, keys, argv);
  },
};

export const nodePemEnvironment: Scenario = {
  name: 'node-pem-env',
  title: 'Node.js with PEM in environment variables: plain, with \\n, in base64; core',
  needs: NODE,
  run(folder) {
    const keys = threeKeys();
    const script = write(folder, 'service.mjs', PEM_IN_ENVIRONMENT + STAY);
    return runAndDump(folder, keys, [script], environmentOf(keys));
  },
};

export const nodeHeapSnapshot: Scenario = {
  name: 'node-heapsnapshot',
  title: 'Node.js with PEM and JWKS, V8 heap snapshot',
  needs: NODE,
  async run(folder) {
    const [pems, jwks] = [threeKeys(), threeKeys()];
    const issuer = `${JWT_ISSUER.replaceAll('argv[2]', 'env.JWKS').replace(STAY, '')}`;
    const snapshot = `import { writeHeapSnapshot } from 'node:v8'; ${PEM_IN_ENVIRONMENT} ${issuer}
      writeHeapSnapshot('dump.heapsnapshot'); ${STAY}`;
    const environment = { ...environmentOf(pems), JWKS: writeJwks(folder, jwks) };
    const argv = [write(folder, 'service.mjs', snapshot)];
    const program = await start(process.execPath, argv, { folder, ready: /ready/, environment });
    program.end();
    return { path: join(folder, 'dump.heapsnapshot'), keys: [...pems, ...jwks] };
  },
};

export const nodeReport: Scenario = {
  name: 'node-report',
  title: 'Node.js diagnostic report, which lists the environment',
  needs: NODE,
  async run(folder) {
    const keys = threeKeys();
    const script = write(
      folder,
      'service.mjs',
      `${PEM_IN_ENVIRONMENT} process.report.writeReport('report.json'); ${STAY}`,
    );
    const program = await start(process.execPath, [script], {
      folder,
      ready: /ready/,
      environment: environmentOf(keys),
    });
    program.end();
    const [report = 'report.json'] = readdirSync(folder).filter((name) => /^report.*json$/.test(name));
    return { path: join(folder, report), keys };
  },
};
