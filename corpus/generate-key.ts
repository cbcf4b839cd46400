import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';

/** The types of Node 20 lack some of its algorithms. */
const generatePair = generateKeyPairSync as unknown as (type: string, options: object) => { privateKey: Buffer };

/**
 * A fresh private key, read from its PKCS#8: one that shares a lock with the job that made it hangs Node (20.20 at least) for good when
 * that job is collected while the key is exported as a JWK.
 */
export function generateKey(type: string, options: object = {}): KeyObject {
  const encodings = {
    privateKeyEncoding: { type: 'pkcs8', format: 'der' },
    publicKeyEncoding: { type: 'spki', format: 'der' },
  };
  const { privateKey } = generatePair(type, { ...options, ...encodings });
  return createPrivateKey({ key: privateKey, type: 'pkcs8', format: 'der' });
}
