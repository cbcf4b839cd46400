// Java keystores in the formats JKS and JCEKS. The trap: aliases and certificates are clear, and each key is encrypted by
// a scheme of its own; one password mostly opens them all.

import { readPrivateKey } from '../src/keys/asn1.ts';
import { certificateKeySha256 } from '../src/keys/certificate.ts';
import { claimKey } from '../src/keys/claims.ts';
import { DEFAULT_PASSWORDS } from '../src/keys/default-passwords.ts';
import { type Jks, type JksEntry, jksPassword, readJks } from '../src/keys/jks.ts';
import { type Claim, defineDetector, type Hit } from '../src/model/detector.ts';
import type { EcKey, RsaKey } from '../src/model/make.ts';

interface Candidate {
  readonly bytes: Uint8Array;
  readonly keystore: Jks;
  readonly form: 'jks' | 'jceks';
}

/** The certificate beside an entry, in the clear, says which key it is even when that stays closed. */
function claimEntry(bytes: Uint8Array, entry: JksEntry, form: Candidate['form'], password?: string): readonly Claim[] {
  const parts = readPrivateKey(bytes, entry.start, entry.end)?.parts;
  if (parts?.type !== 'encrypted') return [];
  const { certificate } = entry;
  const publicKeySha256 = certificate && certificateKeySha256(bytes, certificate.start, certificate.end);
  return claimKey({ ...parts, ...(publicKeySha256 && { traits: { publicKeySha256 } }) }, form, entry, password);
}

export default defineDetector<Candidate>({
  id: 'jks',
  title: 'Java keystore (JKS, JCEKS)',
  severity: 'critical',
  doc: `
A keystore of Java's older formats, JKS and JCEKS (\`sun.security.provider.JavaKeyStore\`, \`com.sun.crypto.provider.JceKeyStore\`),
with at least one private key: files read into memory, \`byte[]\` in heap dumps, build artifacts. Each entry is tried with
the passwords that tools and manuals suggest (\`changeit\`, \`android\`, an empty one, …). Keystores of certificates alone are no
finding.

**Proof**: an entry that such a password opens is proven by its numbers. One that stays closed is *encrypted*: its
certificate says which key it is.

**What to do**: replace every key that a default password opens. JKS protects a key by one round of SHA-1, so that even a good
password is found fast: treat the key as exposed, and move to PKCS#12 with a strong password.
`,
  anchors: [
    { bytes: 'fe ed fe ed 00 00 00 02 00 00' },
    { bytes: 'fe ed fe ed 00 00 00 01 00 00' },
    { bytes: 'ce ce ce ce 00 00 00 02 00 00' },
    { bytes: 'ce ce ce ce 00 00 00 01 00 00' },
  ],
  reach: { before: 0, after: 65_536 },

  parse({ bytes, at, anchor }) {
    const keystore = readJks(bytes, at);
    return keystore && { bytes, keystore, form: anchor < 2 ? 'jks' : 'jceks' };
  },

  verify({ bytes, keystore, form }) {
    const password = jksPassword(bytes, keystore, DEFAULT_PASSWORDS);
    return keystore.entries.flatMap((entry) => claimEntry(bytes, entry, form, password));
  },

  examples(make) {
    const { concat, der, be } = make;
    const [rsa, ec] = [make.rsa(1024), make.ec('P-256')];
    const u32 = (value: number): Uint8Array => be(BigInt(value), 4);
    const utf = (text: string): Uint8Array => concat(be(BigInt(text.length), 2), text);
    const certificate = (key: RsaKey | EcKey): Uint8Array => {
      const name = der.seq(der.set(der.seq(der.oid('2.5.4.3'), der.utf8('example'))));
      const algorithm = der.seq(der.oid('1.2.840.113549.1.1.11'), der.nul());
      const tbs = der.seq(der.ctx(0, der.int(2)), der.int(1), algorithm, name, der.seq(), name, make.spki(key));
      return der.seq(tbs, algorithm, der.bits(make.bytes(64)));
    };
    /** KeyProtector of JKS: salt, key XOR stream, checksum. */
    const protectJks = (key: RsaKey | EcKey, password: string): Uint8Array => {
      const [plain, salt, secret] = [make.pkcs8(key), make.bytes(20), make.utf16be(password)];
      const stream: Uint8Array[] = [];
      for (let i = 0; i < plain.length; i += 20) stream.push(make.hash('sha1', secret, stream.at(-1) ?? salt));
      const mask = concat(...stream);
      const data = concat(
        salt,
        plain.map((byte, i) => byte ^ mask[i]!),
        make.hash('sha1', secret, plain),
      );
      return der.seq(der.seq(der.oid('1.3.6.1.4.1.42.2.17.1.1'), der.nul()), der.oct(data));
    };
    /** PBEWithMD5AndTripleDES. */
    const protectJceks = (key: RsaKey | EcKey, password: string, salt = make.bytes(8)): Uint8Array => {
      const derived = [salt.slice(0, 4), salt.slice(4)].map((half) => {
        let hash: Uint8Array = half;
        for (let i = 0; i < 200; i++) hash = make.hash('md5', hash, make.ascii(password));
        return hash;
      });
      const material = concat(...derived);
      const data = make.encrypt('des-ede3-cbc', material.slice(0, 24), material.slice(24), make.pkcs8(key));
      return der.seq(der.seq(der.oid('1.3.6.1.4.1.42.2.19.1'), der.seq(der.oct(salt), der.int(200))), der.oct(data));
    };
    const entry = (key: RsaKey | EcKey, info: Uint8Array): Uint8Array => {
      const chain = certificate(key);
      return concat(
        u32(1),
        utf('mykey'),
        be(1_700_000_000_000n, 8),
        u32(info.length),
        info,
        u32(1),
        utf('X.509'),
        u32(chain.length),
        chain,
      );
    };
    const trusted = (): Uint8Array => {
      const bytes = certificate(ec);
      return concat(u32(2), utf('ca'), be(1_700_000_000_000n, 8), utf('X.509'), u32(bytes.length), bytes);
    };
    const store = (magic: number, password: string, ...entries: readonly Uint8Array[]): Uint8Array => {
      const data = concat(u32(magic), u32(2), u32(entries.length), ...entries);
      return concat(data, make.hash('sha1', make.utf16be(password), make.ascii('Mighty Aphrodite'), data));
    };
    const [JKS, JCEKS] = [0xfeedfeed, 0xcececece];
    const hit = (
      name: string,
      key: RsaKey | EcKey,
      info: Uint8Array,
      bytes: Uint8Array,
      more: Partial<Hit['traits']>,
    ): Hit => {
      const start = bytes.findIndex((_, i) => info.every((byte, j) => bytes[i + j] === byte));
      return {
        name,
        bytes,
        span: { start, end: start + info.length },
        verdict: 'proven',
        traits: { publicKeySha256: make.publicKeySha256(key), ...more },
        secrets: make.secrets(key),
      };
    };
    const password = make.text(16);
    const open = protectJks(rsa, 'changeit');
    const own = protectJks(rsa, 'android');
    const closed = protectJks(rsa, password);
    const triple = protectJceks(ec, 'changeit');
    const name = utf('PBEWithMD5AndTripleDES');
    const sealed = concat(u32(3), utf('aes'), be(1_700_000_000_000n, 8), make.bytes(300), name, 't', name);
    const triplePassword = protectJceks(ec, password);
    const whole = store(JKS, 'changeit', entry(rsa, open));
    const opened = { openedWithDefaultPassword: true } as const;
    return {
      hits: [
        hit('JKS, default password', rsa, open, whole, { form: 'jks', algorithm: 'RSA', ...opened }),
        hit('JKS, after a certificate', rsa, open, store(JKS, 'changeit', trusted(), entry(rsa, open)), opened),
        hit('JKS, key password differs', rsa, own, store(JKS, password, entry(rsa, own)), opened),
        hit('JKS, cut off', rsa, open, whole.slice(0, -40), opened),
        hit('JKS, encrypted', rsa, closed, store(JKS, password, entry(rsa, closed)), { protection: 'jks' }),
        hit('JCEKS, default password', ec, triple, store(JCEKS, 'changeit', entry(ec, triple)), {
          form: 'jceks',
          ...opened,
        }),
        hit('JCEKS, before a secret key', ec, triple, store(JCEKS, 'changeit', entry(ec, triple), sealed), opened),
        hit('JCEKS, after a secret key', ec, triple, store(JCEKS, 'changeit', sealed, entry(ec, triple)), opened),
        hit('JCEKS, encrypted', ec, triplePassword, store(JCEKS, password, entry(ec, triplePassword)), {
          protection: 'jceks',
        }),
      ],
      misses: [
        { name: 'certificates only', bytes: store(JKS, 'changeit', trusted(), trusted()), reaches: 'anchor' },
        {
          name: 'a Mach-O or code that holds the magic',
          bytes: concat(u32(JKS), u32(2), u32(3), make.bytes(400)),
          reaches: 'anchor',
        },
        {
          name: 'an entry of zeros',
          bytes: store(JKS, 'changeit', entry(rsa, new Uint8Array(200))),
          reaches: 'verify',
        },
      ],
    };
  },
});
