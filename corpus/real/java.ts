import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FreshKey, freshEc, freshEd25519, freshRsa } from './fresh-keys.ts';
import { dumpCore, type Program, run, start } from './program.ts';
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
    const path = join(folder, 'dump.core');
    dumpCore(program.pid, path);
    program.end();
    return { path, keys };
  },
};

export const javaHprof: Scenario = {
  name: 'java-hprof',
  title: 'Java signer with PEM files, HPROF heap dump by jmap',
  needs: JDK,
  async run(folder): Promise<Dump> {
    const { program, keys } = await startSigner(folder);
    const path = join(folder, 'dump.hprof');
    run('jmap', [`-dump:format=b,file=${path}`, String(program.pid)], folder);
    program.end();
    return { path, keys };
  },
};
