import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freshKey } from './fresh-keys.ts';
import { coreOf, run, start } from './program.ts';
import type { Scenario } from './scenario.ts';

/** Managed RSA, whose numbers are arrays of 32-bit digits; the XML goes after the import. */
const SIGNER = `
using System; using System.IO; using System.Collections.Generic; using System.Security.Cryptography;
public class Signer {
  static List<object> kept = new List<object>();
  static void Load(string path) {
    var key = new RSACryptoServiceProvider();
    key.FromXmlString(File.ReadAllText(path));
    key.SignData(new byte[] { 1, 2, 3 }, "SHA256");
    kept.Add(key);
  }
  public static void Main(string[] args) {
    foreach (string path in args) Load(path);
    GC.Collect();
    Console.WriteLine("ready");
    Console.Out.Flush();
    Console.ReadLine();
    GC.KeepAlive(kept);
  }
}`;

export const monoRsa: Scenario = {
  name: 'mono',
  title: 'Mono signer with RSA from XML, core',
  needs: [
    ['mcs', '--version'],
    ['mono', '--version'],
  ],
  async run(folder) {
    const keys = (['RSA-2048', 'RSA-3072'] as const).map((kind) => freshKey(kind));
    const paths = keys.map(({ kind, keyObject }) => {
      const { n, e, d, p, q, dp, dq, qi } = keyObject.export({ format: 'jwk' });
      const members = { Modulus: n, Exponent: e, P: p, Q: q, DP: dp, DQ: dq, InverseQ: qi, D: d };
      const elements = Object.entries(members).map(
        ([name, value]) => `<${name}>${Buffer.from(value ?? '', 'base64url').toString('base64')}</${name}>`,
      );
      const path = join(folder, `${kind}.xml`);
      writeFileSync(path, `<RSAKeyValue>${elements.join('')}</RSAKeyValue>`);
      return path;
    });
    writeFileSync(join(folder, 'Signer.cs'), SIGNER);
    run('mcs', ['Signer.cs'], folder);
    const program = await start('mono', ['Signer.exe', ...paths], { folder, ready: /ready/ });
    return { path: coreOf(program, folder), keys };
  },
};
