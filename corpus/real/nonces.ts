/** A signer that wipes its keys, and forgets the nonces of its signatures in memory. */
import { createHash, createPublicKey, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TrueKey } from '../brute/truth.ts';
import { ORDERS, type SigningCurve, signWith } from '../encode/ecdsa.ts';
import { type FreshKey, freshKey } from './fresh-keys.ts';
import { coreOf, run, start } from './program.ts';
import type { Scenario } from './scenario.ts';

/** Signs as SEC 1, 4.1.3 says, with the nonce of a file: d is wiped, k, (r, s) in DER, the digest and the public key stay. */
const SIGNER = `
#include <fcntl.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/objects.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
static unsigned char *load(const char *path, size_t *length) {
  unsigned char *bytes = calloc(1, 512);
  int file = open(path, O_RDONLY);
  *length = read(file, bytes, 512);
  close(file);
  return bytes;
}
static BIGNUM *number(const char *path) {
  size_t length;
  unsigned char *bytes = load(path, &length);
  BIGNUM *result = BN_bin2bn(bytes, length, NULL);
  OPENSSL_cleanse(bytes, 512);
  return result;
}
int main(int argc, char **argv) {
  for (int i = 1; i + 4 < argc; i += 5) {
    EC_GROUP *group = EC_GROUP_new_by_curve_name(OBJ_sn2nid(argv[i]));
    const BIGNUM *order = EC_GROUP_get0_order(group);
    BN_CTX *context = BN_CTX_new();
    BIGNUM *d = number(argv[i + 1]), *k = number(argv[i + 2]), *x = BN_new(), *r = BN_new(), *s = BN_new();
    size_t length, ignored;
    unsigned char *digest = load(argv[i + 3], &length);
    load(argv[i + 4], &ignored);
    BIGNUM *e = BN_bin2bn(digest, length, NULL), *inverse = BN_mod_inverse(NULL, k, order, context);
    if (length * 8 > BN_num_bits(order)) return 2;
    EC_POINT *point = EC_POINT_new(group);
    EC_POINT_mul(group, point, k, NULL, NULL, context);
    EC_POINT_get_affine_coordinates(group, point, x, NULL, context);
    BN_nnmod(r, x, order, context);
    BN_mod_mul(s, r, d, order, context);
    BN_mod_add(s, s, e, order, context);
    BN_mod_mul(s, s, inverse, order, context);
    ECDSA_SIG *signature = ECDSA_SIG_new();
    ECDSA_SIG_set0(signature, r, s);
    unsigned char *der = NULL;
    i2d_ECDSA_SIG(signature, &der);
    BN_clear_free(d);
    BN_clear_free(inverse);
    EC_POINT_clear_free(point);
    BN_CTX_free(context);
  }
  puts("ready");
  fflush(stdout);
  pause();
}
`;

const CURVES = [
  ['P-256', 'prime256v1', 'sha256'],
  ['P-384', 'secp384r1', 'sha384'],
  ['P-521', 'secp521r1', 'sha512'],
] as const;

function withNonce(key: FreshKey, curve: SigningCurve, hash: string): TrueKey & Required<Pick<TrueKey, 'nonce'>> {
  if (key.key.type !== 'ec') throw new RangeError('not a key on a curve');
  const size = key.key.d.length;
  const bytes = (value: bigint): Uint8Array => Buffer.from(value.toString(16).padStart(size * 2, '0'), 'hex');
  const k = (BigInt(`0x${randomBytes(size).toString('hex')}`) % (ORDERS[curve] - 1n)) + 1n;
  const digest = createHash(hash).update('something to sign').digest();
  const { r, s } = signWith(curve, key.key.d, k, digest);
  return { ...key, nonce: { k: bytes(k), r: bytes(r), s: bytes(s), digest } };
}

export const ecdsaNonces: Scenario = {
  name: 'ecdsa-nonces',
  title: 'C program with the nonces of its ECDSA signatures, core',
  needs: [['sh', '-c', "echo '#include <openssl/ecdsa.h>' | cc -E -o /dev/null -"]],
  async run(folder) {
    const fresh = CURVES.map(([curve, name, hash]) => {
      const key = freshKey(curve);
      return { key: withNonce(key, curve, hash), name, spki: createPublicKey(key.keyObject) };
    });
    const argv = fresh.flatMap(({ key: { key, nonce }, name, spki }) => {
      const files = {
        d: key.type === 'ec' ? key.d : new Uint8Array(),
        k: nonce.k,
        digest: nonce.digest,
        public: spki.export({ format: 'der', type: 'spki' }),
      };
      for (const [file, bytes] of Object.entries(files)) writeFileSync(join(folder, `${name}.${file}`), bytes);
      return [name, ...Object.keys(files).map((file) => `${name}.${file}`)];
    });
    writeFileSync(join(folder, 'signer.c'), SIGNER);
    run('cc', ['-o', 'signer', 'signer.c', '-lcrypto'], folder);
    const program = await start(join(folder, 'signer'), argv, { folder, ready: /ready/ });
    return { path: coreOf(program, folder), keys: fresh.map(({ key }) => key) };
  },
};
