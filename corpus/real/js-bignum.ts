/** JavaScript libraries with numbers of their own, installed for the occasion: digits in V8's arrays. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freshKey } from './fresh-keys.ts';
import { coreOf, installPackages, start } from './program.ts';
import type { Scenario } from './scenario.ts';

const PACKAGES = ['node-forge@1.3.1', 'elliptic@6.6.1'];

/** The numbers of RSA keys in node-forge, of EC keys in elliptic, in use, and nothing else of them. */
const SIGNER = `
const forge = require('node-forge');
const { ec: Curve } = require('elliptic');
const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');
const config = JSON.parse(readFileSync('keys.json', 'latin1'));
globalThis.kept = [
  ...config.rsa.map((numbers) => {
    const [n, e, d, p, q, dp, dq, qi] = numbers.map((hex) => new forge.jsbn.BigInteger(hex, 16));
    const key = forge.pki.setRsaPrivateKey(n, e, d, p, q, dp, dq, qi);
    const hash = forge.md.sha256.create();
    hash.update('something to sign');
    key.sign(hash);
    return key;
  }),
  ...config.ec.map(([curve, d]) => {
    const pair = new Curve(curve).keyFromPrivate(d, 'hex');
    pair.getPublic();
    pair.sign(createHash('sha256').update('something to sign').digest());
    return pair;
  }),
];
config.rsa = config.ec = null;
gc();
process.stdin.resume();
console.log('ready');
`;

export const jsBignum: Scenario = {
  name: 'js-bignum',
  title: 'Node.js signer with node-forge and elliptic, core',
  needs: PACKAGES.map((name) => ['npm', 'view', name, 'version']),
  async run(folder) {
    const rsa = (['RSA-2048', 'RSA-3072'] as const).map((kind) => freshKey(kind));
    const ec = (['P-256', 'P-384', 'P-521'] as const).map((kind) => freshKey(kind));
    installPackages(folder, PACKAGES);
    const config = {
      rsa: rsa.map(({ key }) =>
        key.type === 'rsa'
          ? [key.n, key.e, key.d, key.p, key.q, key.dp, key.dq, key.qi].map((number) => number.toString(16))
          : [],
      ),
      ec: ec.map(({ kind, key }) => [`p${kind.slice(2)}`, key.type === 'ec' ? Buffer.from(key.d).toString('hex') : '']),
    };
    writeFileSync(join(folder, 'keys.json'), JSON.stringify(config));
    writeFileSync(join(folder, 'signer.cjs'), SIGNER);
    const program = await start(process.execPath, ['--expose-gc', 'signer.cjs'], { folder, ready: /ready/ });
    return { path: coreOf(program, folder), keys: [...rsa, ...ec] };
  },
};
