/** Programs that sign tokens with HMAC: what they hold is the key, or what is left of it in the library's contexts. */
import { createHmac, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MacKey, TrueKey } from '../brute/truth.ts';
import { hmacState } from '../encode/hmac-state.ts';
import { coreOf, heapDumpOf, run, start } from './program.ts';
import type { Scenario } from './scenario.ts';

const ALGORITHMS = { sha256: 'HS256', sha384: 'HS384', sha512: 'HS512' } as const;
type Hash = MacKey['hash'];

function freshMac(hash: Hash, bytes: number): TrueKey & { readonly key: MacKey } {
  const secret = new Uint8Array(randomBytes(bytes));
  const text = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const input = `${text({ alg: ALGORITHMS[hash], typ: 'JWT' })}.${text({ sub: 'somebody', iat: Date.now() })}`;
  const token = `${input}.${createHmac(hash, secret).update(input).digest('base64url')}`;
  const [inner, outer] = [hmacState(hash, secret, 0x36), hmacState(hash, secret, 0x5c)];
  return {
    label: `${ALGORITHMS[hash]}, ${bytes} bytes`,
    publicKeySha256: '',
    key: { type: 'mac', hash, key: secret, inner, outer, token },
  };
}

/** Keeps OpenSSL's and nettle's contexts, wipes the keys, and holds a token of each. */
const CONTEXTS = `
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <nettle/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
static size_t load(const char *path, unsigned char *into, size_t most) {
  int file = open(path, O_RDONLY);
  ssize_t length = read(file, into, most);
  close(file);
  return length < 0 ? 0 : length;
}
int main(int argc, char **argv) {
  for (int i = 1; i + 2 < argc; i += 3) {
    unsigned char key[256];
    size_t length = load(argv[i + 1], key, sizeof key);
    char *token = calloc(1, 4096);
    load(argv[i + 2], (unsigned char *)token, 4095);
    if (!strncmp(argv[i], "nettle", 6)) {
      struct hmac_sha256_ctx *context = malloc(sizeof *context);
      hmac_sha256_set_key(context, length, key);
      memset(key, 0, sizeof key);
    } else {
      HMAC_CTX *context = HMAC_CTX_new(), *copy = HMAC_CTX_new();
      const EVP_MD *hash = EVP_get_digestbyname(argv[i]);
      unsigned char mac[64];
      unsigned size;
      HMAC_Init_ex(context, key, length, hash, NULL);
      OPENSSL_cleanse(key, sizeof key);
      HMAC_CTX_copy(copy, context);
      HMAC_Update(copy, (unsigned char *)token, strrchr(token, '.') - token);
      HMAC_Final(copy, mac, &size);
      HMAC_CTX_free(copy);
    }
  }
  puts("ready");
  fflush(stdout);
  pause();
}
`;

const header = (name: string): readonly string[] => ['sh', '-c', `echo '#include <${name}>' | cc -E -o /dev/null -`];

export const hmacContexts: Scenario = {
  name: 'hmac-contexts',
  title: 'C program with HMAC contexts of OpenSSL and nettle, core',
  needs: [header('openssl/hmac.h'), header('nettle/hmac.h')],
  async run(folder) {
    const keys = [freshMac('sha256', 32), freshMac('sha384', 48), freshMac('sha512', 64), freshMac('sha256', 40)];
    const argv = keys.flatMap(({ key }, i) => {
      writeFileSync(join(folder, `${i}.key`), key.key);
      writeFileSync(join(folder, `${i}.token`), key.token);
      return [i === 3 ? 'nettle' : key.hash, `${i}.key`, `${i}.token`];
    });
    writeFileSync(join(folder, 'signer.c'), CONTEXTS);
    run('cc', ['-Wno-deprecated-declarations', '-o', 'signer', 'signer.c', '-lcrypto', '-lnettle'], folder);
    const program = await start(join(folder, 'signer'), argv, { folder, ready: /ready/ });
    return { path: coreOf(program, folder), keys };
  },
};

const NODE_ISSUER = `
import { createHmac, createSecretKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
globalThis.issuers = JSON.parse(readFileSync(process.argv[2], 'utf8')).map(({ hash, key, token }) => {
  const secret = createSecretKey(Buffer.from(key, 'base64'));
  const input = token.slice(0, token.lastIndexOf('.'));
  const signed = Array.from({ length: 20 }, () => input + '.' + createHmac(hash, secret).update(input).digest('base64url'));
  return { secret, signed };
});
process.stdin.resume();
console.log('ready');
`;

export const nodeHs256: Scenario = {
  name: 'node-hs256',
  title: 'Node.js token issuer with HMAC keys, core',
  needs: [[process.execPath, '--version']],
  async run(folder) {
    const keys = [freshMac('sha256', 32), freshMac('sha256', 64), freshMac('sha512', 64)];
    const configuration = keys.map(({ key: { hash, key, token } }) => ({
      hash,
      token,
      key: Buffer.from(key).toString('base64'),
    }));
    writeFileSync(join(folder, 'keys.json'), JSON.stringify(configuration));
    writeFileSync(join(folder, 'issuer.mjs'), NODE_ISSUER);
    const program = await start(process.execPath, ['issuer.mjs', 'keys.json'], { folder, ready: /ready/ });
    return { path: coreOf(program, folder), keys };
  },
};

const JAVA_ISSUER = `
import java.nio.file.*; import java.util.*; import javax.crypto.*; import javax.crypto.spec.*;
public class Issuer {
  static final List<Object> kept = new ArrayList<>();
  public static void main(String[] args) throws Exception {
    for (int i = 0; i < args.length; i += 3) {
      SecretKeySpec key = new SecretKeySpec(Files.readAllBytes(Path.of(args[i + 1])), args[i]);
      String token = Files.readString(Path.of(args[i + 2]));
      Mac mac = Mac.getInstance(args[i]);
      mac.init(key);
      mac.doFinal(token.substring(0, token.lastIndexOf('.')).getBytes());
      kept.addAll(List.of(key, mac, token));
    }
    System.out.println("ready");
    Thread.sleep(600_000);
  }
}`;

export const javaHs256: Scenario = {
  name: 'java-hs256',
  title: 'Java token issuer with HMAC keys, HPROF heap dump by jmap',
  needs: [
    ['javac', '-version'],
    ['jmap', '-h'],
  ],
  async run(folder) {
    const keys = [freshMac('sha256', 32), freshMac('sha512', 64)];
    const argv = keys.flatMap(({ key }, i) => {
      writeFileSync(join(folder, `${i}.key`), key.key);
      writeFileSync(join(folder, `${i}.token`), key.token);
      return [`HmacSHA${key.hash.slice(3)}`, `${i}.key`, `${i}.token`];
    });
    writeFileSync(join(folder, 'Issuer.java'), JAVA_ISSUER);
    run('javac', ['Issuer.java'], folder);
    const program = await start('java', ['-Xmx64m', '-XX:+UseSerialGC', 'Issuer', ...argv], { folder, ready: /ready/ });
    return { path: heapDumpOf(program, folder), keys };
  },
};
