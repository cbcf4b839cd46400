/** Programs of a few lines that load keys with a C library, sign with each, and keep them. Compiled on the spot. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FreshKey, freshKey, type Kind, writeCertificate, writePems } from './fresh-keys.ts';
import { coreOf, run, start } from './program.ts';
import type { Scenario } from './scenario.ts';

interface CProgram {
  readonly name: string;
  readonly title: string;
  /** What the program includes first; without it the scenario is skipped. */
  readonly header: string;
  /** Names for the linker. */
  readonly libraries: readonly string[];
  /** As 32-bit code. */
  readonly is32?: true;
  readonly source: string;
  readonly kinds: readonly Kind[];
  /** Writes what the program is given, and says where: one file a key. */
  write(folder: string, keys: readonly FreshKey[]): readonly string[];
}

function scenarioOf({ name, title, header, libraries, is32, source, kinds, write }: CProgram): Scenario {
  const options = is32 ? ['-m32'] : [];
  const linked = libraries.map((library) => `-l${library}`);
  return {
    name,
    title: `${title}, core`,
    needs: [
      ['sh', '-c', `echo '#include <${header}>' | cc -E -o /dev/null -`],
      ...(is32 ? [['sh', '-c', `echo 'int main() {}' | cc -m32 -x c - -o /dev/null ${linked.join(' ')}`]] : []),
    ],
    ...(kinds.length === 0 && { keyless: true }),
    async run(folder) {
      const keys = kinds.map((kind) => freshKey(kind));
      writeFileSync(join(folder, 'signer.c'), source);
      run('cc', [...options, '-o', 'signer', 'signer.c', ...linked], folder);
      const program = await start(join(folder, 'signer'), write(folder, keys), { folder, ready: /ready/ });
      return { path: coreOf(program, folder), keys };
    },
  };
}

const MBEDTLS = `
#include <mbedtls/pk.h>
#include <mbedtls/md.h>
#include <mbedtls/version.h>
#include <mbedtls/entropy.h>
#include <mbedtls/ctr_drbg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
int main(int argc, char **argv) {
  mbedtls_entropy_context entropy;
  mbedtls_ctr_drbg_context random;
  mbedtls_entropy_init(&entropy);
  mbedtls_ctr_drbg_init(&random);
  if (mbedtls_ctr_drbg_seed(&random, mbedtls_entropy_func, &entropy, NULL, 0)) return 1;
  for (int i = 1; i < argc; i++) {
    mbedtls_pk_context *key = malloc(sizeof *key);
    unsigned char hash[32] = {1}, signature[1024];
    size_t length = 0;
    mbedtls_pk_init(key);
#if MBEDTLS_VERSION_MAJOR >= 3
    if (mbedtls_pk_parse_keyfile(key, argv[i], NULL, mbedtls_ctr_drbg_random, &random)) return 2;
    if (mbedtls_pk_sign(key, MBEDTLS_MD_SHA256, hash, sizeof hash, signature, sizeof signature, &length,
                        mbedtls_ctr_drbg_random, &random)) return 3;
#else
    if (mbedtls_pk_parse_keyfile(key, argv[i], NULL)) return 2;
    if (mbedtls_pk_sign(key, MBEDTLS_MD_SHA256, hash, sizeof hash, signature, &length,
                        mbedtls_ctr_drbg_random, &random)) return 3;
#endif
  }
  puts("ready");
  fflush(stdout);
  pause();
}
`;

/** Loads keys from PEM files, and certificates behind them if there are any, drops the text, signs with each key, and keeps it. */
const OPENSSL = `
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <unistd.h>
int main(int argc, char **argv) {
  for (int i = 1; i < argc; i++) {
    static char text[16384];
    FILE *file = fopen(argv[i], "rb");
    setvbuf(file, NULL, _IONBF, 0);
    size_t length = fread(text, 1, sizeof text, file);
    fclose(file);
    BIO *memory = BIO_new_mem_buf(text, length);
    EVP_PKEY *key = PEM_read_bio_PrivateKey(memory, NULL, NULL, NULL);
    PEM_read_bio_X509(memory, NULL, NULL, NULL);
    BIO_free(memory);
    OPENSSL_cleanse(text, sizeof text);
    if (!key) return 2;
    for (unsigned char j = 0; j < 100; j++) {
      unsigned char signature[256];
      size_t size = sizeof signature;
      EVP_MD_CTX *context = EVP_MD_CTX_new();
      if (EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) != 1) return 3;
      if (EVP_DigestSign(context, signature, &size, &j, sizeof j) != 1) return 4;
      EVP_MD_CTX_free(context);
    }
  }
  puts("ready");
  fflush(stdout);
  pause();
}
`;

const SODIUM = `
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
int main(int argc, char **argv) {
  if (sodium_init() < 0) return 1;
  for (int i = 1; i < argc; i++) {
    unsigned char seed[crypto_sign_SEEDBYTES], signature[crypto_sign_BYTES];
    unsigned char *public = malloc(crypto_sign_PUBLICKEYBYTES), *secret = malloc(crypto_sign_SECRETKEYBYTES);
    FILE *file = fopen(argv[i], "rb");
    if (!file || fread(seed, sizeof seed, 1, file) != 1) return 2;
    fclose(file);
    crypto_sign_seed_keypair(public, secret, seed);
    sodium_memzero(seed, sizeof seed);
    crypto_sign_detached(signature, NULL, signature, 0, secret);
  }
  puts("ready");
  fflush(stdout);
  pause();
}
`;

/** Keys of 32 bytes in structures, where they begin 4, 5 or 6 bytes into a word or lie between others, and their public halves elsewhere. */
const STRUCTURES = `
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
struct aligned { unsigned length; unsigned char key[32]; unsigned flags; };
struct __attribute__((packed)) tagged { unsigned length; char type; unsigned char key[32]; char use; void *next; };
struct __attribute__((packed)) named { unsigned length; short type; unsigned char key[32]; char use; void *next; };
struct identity { void *self; unsigned char preshared[32], key[32], remote[32]; void *next; };
int main(int argc, char **argv) {
  static unsigned char secret[32], point[65];
  for (int i = 1; i < argc; i++) {
    FILE *file = fopen(argv[i], "rb");
    setvbuf(file, NULL, _IONBF, 0);
    if (fread(secret, 1, 32, file) != 32) return 2;
    size_t length = fread(point, 1, sizeof point, file);
    fclose(file);
    memcpy(malloc(length), point, length);
    struct aligned *aligned = calloc(1, sizeof *aligned);
    struct tagged *tagged = calloc(1, sizeof *tagged);
    struct named *named = calloc(1, sizeof *named);
    aligned->length = tagged->length = named->length = 32;
    aligned->flags = tagged->type = named->type = 2;
    struct identity *identity = malloc(sizeof *identity);
    if (getentropy(identity->preshared, 96)) return 3;
    identity->self = identity->next = identity;
    unsigned char *keys[] = {aligned->key, tagged->key, named->key, identity->key};
    memcpy(keys[i % 4], secret, 32);
  }
  memset(secret, 0, sizeof secret);
  memset(point, 0, sizeof point);
  puts("ready");
  fflush(stdout);
  pause();
}
`;

const GCRYPT = `
#include <gcrypt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
int main(int argc, char **argv) {
  gcry_check_version(NULL);
  gcry_control(GCRYCTL_DISABLE_SECMEM, 0);
  gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);
  for (int i = 1; i < argc; i++) {
    static char text[16384];
    gcry_sexp_t key, data, signature;
    FILE *file = fopen(argv[i], "rb");
    size_t length = file ? fread(text, 1, sizeof text, file) : 0;
    if (gcry_sexp_new(&key, text, length, 1)) return 2;
    fclose(file);
    memset(text, 0, sizeof text);
    const char *form = strstr(argv[i], "RSA") ? "(data (flags pkcs1) (hash sha256 %b))"
                     : strstr(argv[i], "Ed") ? "(data (flags eddsa) (hash-algo sha512) (value %b))"
                     : "(data (flags raw) (value %b))";
    if (gcry_sexp_build(&data, NULL, form, 32, "something that has 32 characters")) return 3;
    if (gcry_pk_sign(&signature, data, key)) return 4;
  }
  puts("ready");
  fflush(stdout);
  pause();
}
`;

/** libgcrypt's textual S-expression. */
function sexpOf({ key }: FreshKey): string {
  const hex = (bytes: Uint8Array): string => `#${Buffer.from(bytes).toString('hex')}#`;
  const number = (value: bigint): string => {
    const digits = value.toString(16);
    return `#00${digits.length % 2 === 1 ? '0' : ''}${digits}#`;
  };
  if (key.type === 'rsa') {
    // libgcrypt wants p below q, and u the inverse of p modulo q.
    const members = { n: key.n, e: key.e, d: key.d, p: key.q, q: key.p, u: key.qi };
    const list = Object.entries(members).map(([name, value]) => `(${name} ${number(value)})`);
    return `(private-key (rsa ${list.join(' ')}))`;
  }
  if (key.type === 'ec') {
    const point = Buffer.concat([Buffer.of(4), key.x, key.y]);
    return `(private-key (ecc (curve "NIST ${key.curve}") (q ${hex(point)}) (d ${hex(key.d)})))`;
  }
  if (key.type !== 'okp') throw new RangeError(`no S-expression of ${key.type}`);
  return `(private-key (ecc (curve Ed25519) (flags eddsa) (q ${hex(key.x)}) (d ${hex(key.d)})))`;
}

export const cPrograms: readonly Scenario[] = [
  scenarioOf({
    name: 'mbedtls',
    title: 'C program with mbedTLS',
    header: 'mbedtls/pk.h',
    libraries: ['mbedcrypto'],
    source: MBEDTLS,
    kinds: ['RSA-2048', 'RSA-3072', 'P-256', 'P-384', 'P-521'],
    write: writePems,
  }),
  scenarioOf({
    name: 'mbedtls-idle',
    title: 'C program with the random generator of mbedTLS, without keys',
    header: 'mbedtls/pk.h',
    libraries: ['mbedcrypto'],
    source: MBEDTLS,
    kinds: [],
    write: writePems,
  }),
  scenarioOf({
    name: 'mbedtls-32',
    title: '32-bit C program with mbedTLS',
    header: 'mbedtls/pk.h',
    // Debian's packages for another architecture bring no header and no link for the linker.
    libraries: [':libmbedcrypto.so.7'],
    is32: true,
    source: MBEDTLS,
    kinds: ['RSA-2048', 'P-256', 'P-384'],
    write: writePems,
  }),
  scenarioOf({
    name: 'openssl-brainpool',
    title: 'C program with OpenSSL, certificates on brainpool curves',
    header: 'openssl/evp.h',
    libraries: ['crypto'],
    source: OPENSSL,
    kinds: ['brainpoolP256r1', 'brainpoolP384r1', 'brainpoolP512r1'],
    write: (folder, keys) =>
      keys.map((key) => {
        const { certificate } = writeCertificate(folder, key.kind, key);
        const path = join(folder, `${key.kind}.pem`);
        writeFileSync(path, key.pem + readFileSync(certificate, 'latin1'), { mode: 0o600 });
        return path;
      }),
  }),
  scenarioOf({
    name: 'libsodium',
    title: 'C program with libsodium',
    header: 'sodium.h',
    libraries: ['sodium'],
    source: SODIUM,
    kinds: ['Ed25519'],
    write: (folder, keys) =>
      keys.map(({ key, kind }) => {
        const path = join(folder, `${kind}.seed`);
        writeFileSync(path, key.type === 'okp' ? key.d : '');
        return path;
      }),
  }),
  scenarioOf({
    name: 'c-structures',
    title: 'C program with keys inside structures',
    header: 'stdio.h',
    libraries: [],
    source: STRUCTURES,
    kinds: [...Array<Kind>(8).fill('Ed25519'), ...Array<Kind>(4).fill('P-256')],
    write: (folder, keys) =>
      keys.map(({ key }, i) => {
        const path = join(folder, `${i}.key`);
        const parts =
          key.type === 'okp' ? [key.d, key.x] : key.type === 'ec' ? [key.d, Buffer.of(4), key.x, key.y] : [];
        writeFileSync(path, Buffer.concat(parts));
        return path;
      }),
  }),
  scenarioOf({
    name: 'openssl-dsa',
    title: 'C program with DSA keys of OpenSSL',
    header: 'openssl/evp.h',
    libraries: ['crypto'],
    source: OPENSSL,
    kinds: ['DSA-2048', 'DSA-3072'],
    write: writePems,
  }),
  scenarioOf({
    name: 'openssl-dsa-idle',
    title: 'C program with OpenSSL, without keys',
    header: 'openssl/evp.h',
    libraries: ['crypto'],
    source: OPENSSL,
    kinds: [],
    write: writePems,
  }),
  scenarioOf({
    name: 'libgcrypt',
    title: 'C program with libgcrypt',
    header: 'gcrypt.h',
    libraries: ['gcrypt'],
    source: GCRYPT,
    kinds: ['RSA-2048', 'RSA-3072', 'P-256', 'P-384', 'P-521', 'Ed25519'],
    write: (folder, keys) =>
      keys.map((key) => {
        const path = join(folder, `${key.kind}.sexp`);
        writeFileSync(path, sexpOf(key));
        return path;
      }),
  }),
];
