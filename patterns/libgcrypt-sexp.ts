// Private keys as S-expressions of libgcrypt: gpg-agent's key files and their contents in memory (GnuPG's
// agent/keyformat.txt). One list per key in three spellings; `shadowed-private-key` is a key on a card and no secret.
import { claimKey } from '../src/keys/claims.ts';
import { readSexpKey, type SexpKey, type SexpSyntax } from '../src/keys/sexp.ts';
import { defineDetector, type Hit } from '../src/model/detector.ts';
import type { AnyKey } from '../src/model/make.ts';

const ANCHORS: readonly { readonly text?: string; readonly bytes?: string; readonly syntax: SexpSyntax }[] = [
  { text: '(11:private-key(', syntax: 'canonical' },
  { text: '(21:protected-private-key(', syntax: 'canonical' },
  { text: '(private-key', syntax: 'advanced' },
  { text: '(protected-private-key', syntax: 'advanced' },
  // List, atom of 11 bytes, `private-key`, list.
  { bytes: '03 01 0b 00 70 72 69 76 61 74 65 2d 6b 65 79 03', syntax: 'memory' },
];

export default defineDetector<SexpKey>({
  id: 'libgcrypt-sexp',
  title: 'Private key in a libgcrypt S-expression',
  severity: 'critical',
  doc: `
A private key of gpg-agent, gpgsm and other programs that use libgcrypt: files in \`~/.gnupg/private-keys-v1.d\` (canonical
or text), and the same lists in the memory of a process that signs or decrypts. SSH keys that gpg-agent serves are stored
the same way ([keyformat.txt](https://github.com/gpg/gnupg/blob/master/agent/keyformat.txt)).

**Proof**: the private numbers fit the public ones (n = p·q, y = g^x, d·G = Q). Of a protected key, the complete list; it is
less severe.

**What to do**: find the key by its keygrip or public key (\`gpg --list-secret-keys --with-keygrip\`), revoke it, and make a
new one. A protected key is as safe as its passphrase.
`,
  anchors: ANCHORS.map(({ text, bytes }) => (text === undefined ? { bytes: bytes! } : { text })),
  // RSA-8192 in hex.
  reach: { before: 0, after: 12_288 },

  parse: ({ bytes, at, anchor }) => readSexpKey(bytes, at, ANCHORS[anchor]!.syntax),

  verify({ parts, start, end, scratch }) {
    const claims = claimKey(parts, 'sexp', { start, end });
    for (const value of scratch) value.fill(0);
    return claims;
  },

  examples(make) {
    const rsa = make.rsa(2048);
    const ec = make.ec('P-256');
    const ed = make.okp('Ed25519');
    const x = make.okp('X25519');
    const dsa = make.dsa();
    const number = (value: bigint): Uint8Array => {
      const bytes = make.be(value);
      return bytes[0]! >= 0x80 ? make.concat(Uint8Array.of(0), bytes) : bytes;
    };
    type List = readonly (string | Uint8Array | List)[];
    const isList = (item: List[number]): item is List => Array.isArray(item);
    const canonical = (list: List): Uint8Array =>
      make.concat(
        '(',
        ...list.map((item) => (isList(item) ? canonical(item) : make.concat(`${item.length}:`, item))),
        ')',
      );
    const advanced = (list: List): string =>
      `(${list
        .map((item) =>
          isList(item)
            ? advanced(item)
            : typeof item === 'string'
              ? item.includes(' ')
                ? `"${item}"`
                : item
              : `#${make
                  .hex(item)
                  .toUpperCase()
                  .replace(/(.{64})/g, '$1\n   ')}#`,
        )
        .join(' ')})`;
    const memory = (list: List): Uint8Array =>
      make.concat(
        Uint8Array.of(3),
        ...list.map((item) =>
          isList(item) ? memory(item) : make.concat(Uint8Array.of(1), make.le(BigInt(item.length), 2), item),
        ),
        Uint8Array.of(4),
      );
    const rsaList = (n: bigint): List => [
      'private-key',
      ['rsa', ['n', number(n)], ['e', number(rsa.e)], ['d', number(rsa.d)], ['p', number(rsa.q)], ['q', number(rsa.p)]],
    ];
    const point = make.concat(Uint8Array.of(4), ec.x, ec.y);
    const ecList: List = ['private-key', ['ecc', ['curve', 'NIST P-256'], ['q', point], ['d', ec.d]]];
    const native = (key: Uint8Array) => make.concat(Uint8Array.of(0x40), key);
    const edList: List = [
      'private-key',
      ['ecc', ['curve', 'Ed25519'], ['flags', 'eddsa'], ['q', native(ed.x)], ['d', ed.d]],
    ];
    const xList: List = [
      'private-key',
      ['ecc', ['curve', 'Curve25519'], ['flags', 'djb-tweak'], ['q', native(x.x)], ['d', x.d.slice().reverse()]],
    ];
    const dsaNumbers = (['p', 'q', 'g', 'y', 'x'] as const).map((name) => [name, number(dsa[name])]);
    const ciphertext = make.bytes(656);
    const protectedList: List = [
      'protected-private-key',
      [
        'rsa',
        ['n', number(rsa.n)],
        ['e', number(rsa.e)],
        ['protected', 'openpgp-s2k3-ocb-aes', [['sha1', make.bytes(8), '29999104'], make.bytes(12)], ciphertext],
        ['protected-at', '20260101T000000'],
      ],
    ];
    const hit = (name: string, bytes: Uint8Array, key: AnyKey, more: Partial<Hit> = {}): Hit => ({
      name,
      bytes,
      span: { start: 0, end: bytes.length },
      verdict: 'proven',
      traits: { form: 'sexp', publicKeySha256: make.publicKeySha256(key) },
      secrets: make.secrets(key),
      ...more,
    });
    const encrypted = {
      traits: { form: 'sexp', algorithm: 'RSA', protection: 'pgp-s2k', publicKeySha256: make.publicKeySha256(rsa) },
      secrets: [ciphertext],
    } as const;
    const file = `Created: 20260101T000000\nKey: ${advanced(rsaList(rsa.n))}`;
    return {
      hits: [
        hit('RSA, canonical', canonical(rsaList(rsa.n)), rsa),
        hit('RSA, in memory', memory(rsaList(rsa.n)), rsa),
        hit('RSA, key file', make.ascii(file), rsa, { span: { start: file.indexOf('('), end: file.length } }),
        hit('P-256, canonical', canonical(ecList), ec),
        hit('P-256, text', make.ascii(advanced(ecList)), ec),
        hit('Ed25519', canonical(edList), ed),
        hit('Curve25519', canonical(xList), x),
        hit('DSA', canonical(['private-key', ['dsa', ...dsaNumbers]]), dsa),
        hit('protected, canonical', canonical(protectedList), rsa, encrypted),
        hit('protected, text', make.ascii(advanced(protectedList)), rsa, encrypted),
      ],
      misses: [
        { name: 'n is not p*q', bytes: canonical(rsaList(rsa.n + 2n)), reaches: 'verify' },
        {
          name: 'format string',
          bytes: make.ascii('(private-key(rsa(n%m)(e%m)(d%m)(p%m)(q%m)(u%m)))'),
          reaches: 'verify',
        },
        { name: 'cut off', bytes: canonical(ecList).slice(0, 60), reaches: 'anchor' },
      ],
    };
  },
});
