// PuTTY private keys (.ppk), versions 2 and 3: PuTTY manual, appendix C.
import { claimKey } from '../src/keys/claims.ts';
import { PPK_MAGIC, type Ppk, partsOfPpk, readPpk } from '../src/keys/ppk.ts';
import { defineDetector, type Hit } from '../src/model/detector.ts';
import type { AnyKey } from '../src/model/make.ts';

export default defineDetector<Ppk>({
  id: 'putty-ppk',
  title: 'PuTTY private key',
  severity: 'critical',
  doc: `
A \`.ppk\` file of PuTTY, WinSCP or FileZilla, versions 2 and 3
([appendix C of the manual](https://the.earth.li/~sgtatham/putty/latest/htmldoc/AppendixC.html)): RSA, DSA, ECDSA, Ed25519, Ed448;
clear or encrypted; in UTF-8, UTF-16 and UTF-32, with any line ends, and cut off as long as what is left proves the key.

**Proof**: the private numbers fit the public key in the same file. An encrypted key names its public key, too.

**What to do**: replace the key, remove the public half from all \`authorized_keys\`, and find out who could read the dump.
An encrypted key is as safe as its passphrase, less so in version 2, which derives the key by plain SHA-1.
`,
  anchors: [{ text: PPK_MAGIC, wide: true }],
  reach: { before: 0, after: 16_384 },

  parse({ bytes, at }) {
    const version = bytes[at + PPK_MAGIC.length];
    if (version !== 0x32 && version !== 0x33) return undefined;
    return readPpk(bytes, at);
  },

  verify(ppk) {
    const parts = partsOfPpk(ppk);
    const claims = parts ? claimKey(parts, 'putty', ppk) : [];
    ppk.privateBlob.fill(0);
    return claims.map((claim) => ({ ...claim, span: { start: ppk.start, end: ppk.end } }));
  },

  examples(make) {
    const [rsa, dsa] = [make.rsa(2048), make.dsa()];
    const { be, concat } = make;
    const string = (bytes: Uint8Array | string): Uint8Array => {
      const content = concat(bytes);
      return concat(be(BigInt(content.length), 4), content);
    };
    const mpint = (value: bigint): Uint8Array => {
      const bytes = be(value);
      return string(bytes[0]! >= 0x80 ? concat(Uint8Array.of(0), bytes) : bytes);
    };
    const blobs = (key: AnyKey): readonly [string, Uint8Array, Uint8Array] => {
      if (key.type === 'rsa') {
        const numbers = [key.d, key.p, key.q, key.qi].map(mpint);
        return ['ssh-rsa', concat(string('ssh-rsa'), mpint(key.e), mpint(key.n)), concat(...numbers)];
      }
      if (key.type === 'dsa') {
        return ['ssh-dss', concat(string('ssh-dss'), ...[key.p, key.q, key.g, key.y].map(mpint)), mpint(key.x)];
      }
      const scalar = (key.d[0] ?? 0) >= 0x80 ? concat(Uint8Array.of(0), key.d) : key.d;
      if (key.type === 'ec') {
        const name = `nistp${key.curve.slice(2)}`;
        const point = string(concat(Uint8Array.of(4), key.x, key.y));
        return [`ecdsa-sha2-${name}`, concat(string(`ecdsa-sha2-${name}`), string(name), point), string(scalar)];
      }
      const type = `ssh-${key.curve.toLowerCase()}`;
      return [type, concat(string(type), string(key.x)), string(key.d)];
    };
    const lines = (name: string, bytes: Uint8Array): readonly string[] => {
      const all = make.base64(bytes).match(/.{1,64}/g) ?? [];
      return [`${name}-Lines: ${all.length}`, ...all];
    };
    const file = (
      key: AnyKey,
      more: { version?: number; encrypted?: boolean; private?: Uint8Array } = {},
    ): readonly string[] => {
      const { version = 3, encrypted = false } = more;
      const [type, publicBlob, privateBlob] = blobs(key);
      const padded = make.bytes(Math.ceil(privateBlob.length / 16) * 16);
      const derivation = ['Key-Derivation: Argon2id', 'Argon2-Memory: 8192', 'Argon2-Passes: 21'];
      return [
        `PuTTY-User-Key-File-${version}: ${type}`,
        `Encryption: ${encrypted ? 'aes256-cbc' : 'none'}`,
        'Comment: work: laptop',
        ...lines('Public', publicBlob),
        ...(encrypted && version === 3 ? derivation : []),
        ...lines('Private', more.private ?? (encrypted ? padded : privateBlob)),
        `Private-MAC: ${make.hex(make.bytes(version === 3 ? 32 : 20))}`,
      ];
    };
    const hit = (name: string, key: AnyKey, text: string, more: Partial<Hit> = {}): Hit => ({
      name,
      bytes: make.ascii(text),
      span: { start: 0, end: text.lastIndexOf('Private-MAC') < 0 ? text.length : text.trimEnd().length },
      verdict: 'proven',
      traits: { form: 'putty', publicKeySha256: make.publicKeySha256(key) },
      secrets: make.secrets(key),
      ...more,
    });
    const text = file(rsa).join('\n');
    const cut = file(rsa).slice(0, -6).join('\n');
    const [p256, p521, ed25519, ed448] = [make.ec('P-256'), make.ec('P-521'), make.okp('Ed25519'), make.okp('Ed448')];
    const damaged = blobs(p256)[2].slice();
    damaged[20]! ^= 4;
    return {
      hits: [
        hit('RSA', rsa, `${text}\n`),
        hit('RSA, version 2, CRLF', rsa, `${file(rsa, { version: 2 }).join('\r\n')}\r\n`),
        hit('RSA, escaped line ends', rsa, file(rsa).join('\\n')),
        hit('RSA, cut off after d', rsa, cut, { traits: { proof: 'd*e=1' } }),
        hit('DSA', dsa, file(dsa).join('\n')),
        hit('ECDSA P-256', p256, file(p256).join('\n')),
        hit('ECDSA P-521', p521, file(p521).join('\n')),
        hit('Ed25519', ed25519, file(ed25519).join('\n')),
        hit('Ed448', ed448, file(ed448, { version: 2 }).join('\n')),
        hit('encrypted RSA', rsa, file(rsa, { encrypted: true }).join('\n'), {
          traits: { protection: 'putty', algorithm: 'RSA', publicKeySha256: make.publicKeySha256(rsa) },
        }),
        hit('encrypted Ed25519, version 2', ed25519, file(ed25519, { encrypted: true, version: 2 }).join('\n'), {
          traits: { protection: 'putty', publicKeySha256: make.publicKeySha256(ed25519) },
        }),
      ],
      misses: [
        {
          name: 'the magic in a program',
          bytes: make.ascii('PuTTY-User-Key-File-\0PuTTY-User-Key-File-2: %s\n'),
          reaches: 'anchor',
        },
        { name: 'public half only', bytes: make.ascii(file(rsa).slice(0, 9).join('\n')), reaches: 'anchor' },
        {
          name: 'scalar of another key',
          bytes: make.ascii(file(p256, { private: damaged }).join('\n')),
          reaches: 'verify',
        },
      ],
    };
  },
});
