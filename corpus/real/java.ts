import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type FreshKey,
  freshEc,
  freshEd25519,
  freshKey,
  freshRsa,
  type Kind,
  numbersOf,
  writeCertificate,
} from './fresh-keys.ts';
import { coreOf, heapDumpOf, type Program, run, start } from './program.ts';
import type { Dump, Scenario } from './scenario.ts';

const JDK = [
  ['javac', '-version'],
  ['jmap', '-h'],
] as const;

/** Reads PKCS#8 PEM files, signs with each, and keeps keys, text and DER reachable. */
const SIGNER = `
import java.nio.file.*; import java.security.*; import java.security.spec.*; import java.util.*;
public class Signer {
  static final List<Object> kept = new ArrayList<>();
  public static void main(String[] args) throws Exception {
    for (String arg : args) {
      String[] parts = arg.split("=", 2);
      String pem = Files.readString(Path.of(parts[1]));
      byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
      PrivateKey key = KeyFactory.getInstance(parts[0]).generatePrivate(new PKCS8EncodedKeySpec(der));
      Signature signature = Signature.getInstance(switch (parts[0]) {
        case "RSA" -> "SHA256withRSA"; case "EC" -> "SHA256withECDSA"; default -> "Ed25519"; });
      signature.initSign(key);
      signature.update("something to sign".getBytes());
      signature.sign();
      kept.addAll(List.of(pem, der, key));
    }
    System.out.println("ready");
    Thread.sleep(600_000);
  }
}`;

async function startSigner(folder: string): Promise<{ program: Program; keys: readonly FreshKey[] }> {
  const keys = [freshRsa('signer (RSA)'), freshEc('signer (EC)'), freshEd25519('signer (Ed25519)')] as const;
  const argv = ['RSA', 'EC', 'Ed25519'].map((algorithm, i) => {
    const path = join(folder, `${algorithm}.pem`);
    writeFileSync(path, keys[i]!.pem);
    return `${algorithm}=${path}`;
  });
  writeFileSync(join(folder, 'Signer.java'), SIGNER);
  run('javac', ['Signer.java'], folder);
  const options = ['-Xmx64m', '-XX:+UseSerialGC', '-cp', folder];
  return { program: await start('java', [...options, 'Signer', ...argv], { folder, ready: /ready/ }), keys };
}

export const javaCore: Scenario = {
  name: 'java-core',
  title: 'Java signer with PEM files, core',
  needs: JDK,
  async run(folder): Promise<Dump> {
    const { program, keys } = await startSigner(folder);
    return { path: coreOf(program, folder), keys };
  },
};

export const javaHprof: Scenario = {
  name: 'java-hprof',
  title: 'Java signer with PEM files, HPROF heap dump by jmap',
  needs: JDK,
  async run(folder): Promise<Dump> {
    const { program, keys } = await startSigner(folder);
    return { path: heapDumpOf(program, folder), keys };
  },
};

/**
 * Signs, keeps keys and certificates, and drops the documents, though the keys of the JDK hold their own. Libraries like
 * Bouncy Castle have nothing but numbers: those are the files of the last arguments.
 */
const SERVICE = `
import java.io.*; import java.math.BigInteger; import java.nio.file.*; import java.security.*; import java.security.cert.*;
import java.security.spec.*; import java.util.*;
public class Service {
  static final List<Object> kept = new ArrayList<>();
  static void load(String[] parts) throws Exception {
    String pem = Files.readString(Path.of(parts[1]));
    byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
    PrivateKey key = KeyFactory.getInstance(parts[0]).generatePrivate(new PKCS8EncodedKeySpec(der));
    Arrays.fill(der, (byte) 0);
    try (InputStream in = new FileInputStream(parts[2])) {
      PublicKey publicKey = CertificateFactory.getInstance("X.509").generateCertificate(in).getPublicKey();
      kept.add(new KeyPair(publicKey, key));
    }
    Signature signature = Signature.getInstance(switch (parts[0]) {
      case "RSA" -> "SHA256withRSA"; case "EC" -> "SHA256withECDSA"; default -> "Ed25519"; });
    signature.initSign(key);
    signature.update("something to sign".getBytes());
    signature.sign();
  }
  public static void main(String[] args) throws Exception {
    for (String arg : args) {
      if (arg.contains("=")) load(arg.split("=", 3));
      else kept.add(Files.lines(Path.of(arg)).map((line) -> new BigInteger(line, 16)).toArray());
    }
    System.gc();
    System.gc();
    System.out.println("ready");
    Thread.sleep(600_000);
  }
}`;

const JDK_KINDS: readonly Kind[] = ['RSA-2048', 'RSA-4096', 'P-256', 'P-384', 'P-521', 'Ed25519'];
const NUMBER_KINDS: readonly Kind[] = ['RSA-2048', 'RSA-3072', 'P-256', 'P-384', 'P-521'];

async function startService(folder: string): Promise<{ program: Program; keys: readonly FreshKey[] }> {
  const jdk = JDK_KINDS.map((kind) => freshKey(kind));
  const numbers = NUMBER_KINDS.map((kind) => freshKey(kind, `${kind}, BigInteger`));
  const argv = jdk.map((key) => {
    const files = writeCertificate(folder, key.kind, key);
    const algorithm = key.kind.startsWith('P-') ? 'EC' : key.kind.replace(/-.*/, '');
    return [algorithm, files.key, files.certificate].join('=');
  });
  for (const { kind, key } of numbers) {
    const path = join(folder, `${kind}.txt`);
    writeFileSync(path, numbersOf(key).join('\n'));
    argv.push(path);
  }
  writeFileSync(join(folder, 'Service.java'), SERVICE);
  run('javac', ['Service.java'], folder);
  const options = ['-Xmx64m', '-XX:+UseSerialGC', '-cp', folder];
  return {
    program: await start('java', [...options, 'Service', ...argv], { folder, ready: /ready/ }),
    keys: [...jdk, ...numbers],
  };
}

const SERVICE_NEEDS = [...JDK, ['openssl', 'version']];

export const javaServiceCore: Scenario = {
  name: 'java-service-core',
  title: 'Java service that dropped its documents, core',
  needs: SERVICE_NEEDS,
  async run(folder): Promise<Dump> {
    const { program, keys } = await startService(folder);
    return { path: coreOf(program, folder), keys };
  },
};

export const javaServiceHprof: Scenario = {
  name: 'java-service-hprof',
  title: 'Java service that dropped its documents, HPROF heap dump by jmap',
  needs: SERVICE_NEEDS,
  async run(folder): Promise<Dump> {
    const { program, keys } = await startService(folder);
    return { path: heapDumpOf(program, folder, 'live'), keys };
  },
};
