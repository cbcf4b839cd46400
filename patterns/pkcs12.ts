// PKCS#12 keystores (RFC 7292): .p12, .pfx, Java's default keystore. The trap: the MAC covers everything, so that one test
// of a password tells whether it opens all; without a MAC each bag must be tried.
import { sequenceHeaderBefore } from '../src/bytes/der.ts';
import { readPrivateKey } from '../src/keys/asn1.ts';
import { claimKey } from '../src/keys/claims.ts';
import { DEFAULT_PASSWORDS } from '../src/keys/default-passwords.ts';
import { decryptContent, macPassword, type Pkcs12, readKeyBags, readPkcs12 } from '../src/keys/pkcs12.ts';
import { defineDetector, type Hit } from '../src/model/detector.ts';

export default defineDetector<Pkcs12>({
  id: 'pkcs12',
  title: 'PKCS#12 keystore (.p12, .pfx)',
  severity: 'critical',
  doc: `
A PKCS#12 file ([RFC 7292](https://www.rfc-editor.org/rfc/rfc7292), [RFC 9579](https://www.rfc-editor.org/rfc/rfc9579)) with a private key: \`.p12\` and \`.pfx\`
files read into memory, Java keystores since version 9, exported certificates. It is tried with the passwords that tools
and manuals suggest (an empty one, \`changeit\`, \`notasecret\`, …), under PBES2 and Triple DES. Keystores of certificates alone are
no finding.

**Proof**: a key that such a password opens, or that lies unencrypted, is proven by its numbers. One that stays closed is
*encrypted*: the structure is complete and names a scheme.

**What to do**: replace every key that a default password opens. For an encrypted one, check where the password is kept,
above all whether it lies in the same dump.
`,
  // Version 3 and the ContentInfo of type data, with the header lengths that occur.
  anchors: [
    { bytes: '02 01 03 30 82 ?? ?? 06 09 2a 86 48 86 f7 0d 01 07 01' },
    { bytes: '02 01 03 30 80 06 09 2a 86 48 86 f7 0d 01 07 01' },
    { bytes: '02 01 03 30 81 ?? 06 09 2a 86 48 86 f7 0d 01 07 01' },
    { bytes: '02 01 03 30 83 ?? ?? ?? 06 09 2a 86 48 86 f7 0d 01 07 01' },
  ],
  // A longer keystore loses its MAC, and what lies behind.
  reach: { before: 5, after: 65_536 },

  parse({ bytes, at }) {
    const indefinite = bytes[at - 2] === 0x30 && bytes[at - 1] === 0x80;
    const start = indefinite ? at - 2 : sequenceHeaderBefore(bytes, at);
    const keystore = start < 0 ? undefined : readPkcs12(bytes, start);
    return keystore && keystore.clear.length + keystore.encrypted.length > 0 ? keystore : undefined;
  },

  verify(keystore) {
    const span = { start: keystore.start, end: keystore.end };
    const password = macPassword(keystore, DEFAULT_PASSWORDS);
    // Encrypted contents hold certificates in most files; keys only where the whole was opened.
    const opened = keystore.encrypted.flatMap((content) =>
      password === undefined ? [] : (decryptContent(content, password) ?? []),
    );
    const claims = [...keystore.clear, ...opened].flatMap((content) =>
      readKeyBags(content).flatMap(({ bytes, at }) => {
        const parts = readPrivateKey(bytes, at)?.parts;
        return parts ? claimKey(parts, 'pkcs12', span, password) : [];
      }),
    );
    for (const content of opened) content.fill(0);
    keystore.wipe();
    return claims;
  },

  examples(make) {
    const { concat, der } = make;
    const [rsa, ec] = [make.rsa(2048), make.ec('P-256')];
    const bmp = (password: string): Uint8Array => concat(make.utf16be(password), Uint8Array.of(0, 0));

    type Encrypt = (plain: Uint8Array, password: string) => readonly [algorithm: Uint8Array, content: Uint8Array];
    const pbes2: Encrypt = (plain, password) => {
      const [salt, iv] = [make.bytes(16), make.bytes(16)];
      const content = make.encrypt(
        'aes-256-cbc',
        make.pbkdf2('sha256', make.ascii(password), salt, 1000, 32),
        iv,
        plain,
      );
      const prf = der.seq(der.oid('1.2.840.113549.2.9'), der.nul());
      const kdf = der.seq(der.oid('1.2.840.113549.1.5.12'), der.seq(der.oct(salt), der.int(1000), prf));
      const cipher = der.seq(der.oid('2.16.840.1.101.3.4.1.42'), der.oct(iv));
      return [der.seq(der.oid('1.2.840.113549.1.5.13'), der.seq(kdf, cipher)), content];
    };
    const tripleDes: Encrypt = (plain, password) => {
      const salt = make.bytes(8);
      const derive = (id: 1 | 2, length: number) => make.pkcs12Kdf('sha1', bmp(password), salt, id, 100, length);
      const content = make.encrypt('des-ede3-cbc', derive(1, 24), derive(2, 8), plain);
      return [der.seq(der.oid('1.2.840.113549.1.12.1.3'), der.seq(der.oct(salt), der.int(100))), content];
    };

    const bag = (type: number, value: Uint8Array) =>
      der.seq(der.oid(`1.2.840.113549.1.12.10.1.${type}`), der.ctx(0, value));
    const shrouded = (key: typeof rsa | typeof ec, encrypt: Encrypt, password: string) => {
      const [algorithm, content] = encrypt(make.pkcs8(key), password);
      return bag(2, der.seq(algorithm, der.oct(content)));
    };
    const data = (...bags: readonly Uint8Array[]) =>
      der.seq(der.oid('1.2.840.113549.1.7.1'), der.ctx(0, der.oct(der.seq(...bags))));
    const encrypted = (encrypt: Encrypt, password: string, ...bags: readonly Uint8Array[]) => {
      const [algorithm, content] = encrypt(der.seq(...bags), password);
      const info = der.seq(der.oid('1.2.840.113549.1.7.1'), algorithm, der.prim(0, content));
      return der.seq(der.oid('1.2.840.113549.1.7.6'), der.ctx(0, der.seq(der.int(0), info)));
    };
    const macData = (content: Uint8Array, secret: Uint8Array) => {
      const salt = make.bytes(8);
      const key = make.pkcs12Kdf('sha256', secret, salt, 3, 100, 32);
      const algorithm = der.seq(der.oid('2.16.840.1.101.3.4.2.1'), der.nul());
      return der.seq(der.seq(algorithm, der.oct(make.hmac('sha256', key, content))), der.oct(salt), der.int(100));
    };
    const keystore = (secret: Uint8Array | undefined, ...contents: readonly Uint8Array[]) => {
      const content = der.seq(...contents);
      const authSafe = der.seq(der.oid('1.2.840.113549.1.7.1'), der.ctx(0, der.oct(content)));
      return der.seq(der.int(3), authSafe, ...(secret ? [macData(content, secret)] : []));
    };
    /** Indefinite lengths, and the content in pieces, as streaming writers do. */
    const streamed = (secret: Uint8Array, ...contents: readonly Uint8Array[]) => {
      const content = der.seq(...contents);
      const open = (tag: number, ...parts: readonly Uint8Array[]) =>
        concat(Uint8Array.of(tag, 0x80), ...parts, new Uint8Array(2));
      const pieces = [content.slice(0, 100), content.slice(100)].map((piece) => der.oct(piece));
      const authSafe = open(0x30, der.oid('1.2.840.113549.1.7.1'), open(0xa0, open(0x24, ...pieces)));
      return open(0x30, der.int(3), authSafe, macData(content, secret));
    };

    const hit = (
      name: string,
      key: typeof rsa | typeof ec,
      bytes: Uint8Array,
      more: Partial<Hit['traits']> = {},
    ): Hit => ({
      name,
      bytes,
      span: { start: 0, end: bytes.length },
      verdict: 'proven',
      traits: { form: 'pkcs12', openedWithDefaultPassword: true, publicKeySha256: make.publicKeySha256(key), ...more },
      secrets: make.secrets(key),
    });
    const certificates = (encrypt: Encrypt, password: string) =>
      encrypted(
        encrypt,
        password,
        bag(3, der.seq(der.oid('1.2.840.113549.1.9.22.1'), der.ctx(0, der.oct(make.bytes(600))))),
      );
    const password = make.text(16);
    const closed = keystore(bmp(password), data(shrouded(rsa, pbes2, password)), certificates(pbes2, password));
    const locked = { form: 'pkcs12', proof: 'document', protection: 'pbes2' } as const;
    const changeit = bmp('changeit');
    const { openedWithDefaultPassword: _, ...clear } = hit(
      'unencrypted',
      ec,
      keystore(undefined, data(bag(1, make.pkcs8(ec)))),
    ).traits;
    return {
      hits: [
        hit('PBES2, changeit', rsa, keystore(changeit, data(shrouded(rsa, pbes2, 'changeit')))),
        hit('Triple DES, password', ec, keystore(bmp('password'), data(shrouded(ec, tripleDes, 'password')))),
        hit('empty password', ec, keystore(bmp(''), data(shrouded(ec, tripleDes, '')))),
        hit('no password for the MAC', ec, keystore(new Uint8Array(0), data(shrouded(ec, pbes2, '')))),
        hit('no MAC', rsa, keystore(undefined, data(shrouded(rsa, pbes2, 'notasecret')))),
        hit(
          'certificates first',
          rsa,
          keystore(changeit, certificates(pbes2, 'changeit'), data(shrouded(rsa, pbes2, 'changeit'))),
        ),
        hit(
          'key in encrypted contents',
          ec,
          keystore(changeit, encrypted(tripleDes, 'changeit', shrouded(ec, pbes2, 'changeit'))),
        ),
        hit('nested contents', ec, keystore(changeit, data(bag(6, der.seq(shrouded(ec, pbes2, 'changeit')))))),
        hit('BER', rsa, streamed(changeit, data(shrouded(rsa, pbes2, 'changeit')))),
        { ...hit('unencrypted', ec, keystore(undefined, data(bag(1, make.pkcs8(ec))))), traits: clear },
        { ...hit('encrypted', rsa, closed), traits: locked },
      ],
      misses: [
        { name: 'certificates only', bytes: keystore(changeit, certificates(pbes2, 'changeit')), reaches: 'verify' },
        {
          name: 'certificates only, closed',
          bytes: keystore(bmp(password), certificates(pbes2, password)),
          reaches: 'verify',
        },
        {
          name: 'a key bag of noise',
          bytes: keystore(changeit, data(bag(1, der.seq(make.bytes(80))))),
          reaches: 'verify',
        },
        { name: 'noise behind the header', bytes: concat(closed.slice(0, 24), make.bytes(300)), reaches: 'anchor' },
      ],
    };
  },
});
