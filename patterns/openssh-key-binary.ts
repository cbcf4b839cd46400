// OpenSSH private keys without their PEM armour: the binary document (OpenSSH's PROTOCOL.key) in memory, or its base64
// in JSON, YAML or a variable. With armour around, the PEM detector reports it.
import { bigintFromBe } from '../src/bytes/limbs.ts';
import { isArmoured } from '../src/bytes/pem.ts';
import { readBase64Document } from '../src/keys/base64-document.ts';
import { claimKey } from '../src/keys/claims.ts';
import type { KeyParts } from '../src/keys/key-parts.ts';
import { readOpenSshKey } from '../src/keys/openssh.ts';
import { defineDetector, type Hit } from '../src/model/detector.ts';
import type { AnyKey, EcKey, OkpKey, RsaKey } from '../src/model/make.ts';
import type { Span } from '../src/model/place.ts';

interface Candidate {
  readonly parts: KeyParts;
  readonly span: Span;
  /** Decoded base64, to be wiped. */
  readonly scratch?: Uint8Array;
}

export default defineDetector<Candidate>({
  id: 'openssh-key-binary',
  title: 'OpenSSH private key without armour',
  severity: 'critical',
  doc: `
The document inside an \`OPENSSH PRIVATE KEY\` file (OpenSSH's [PROTOCOL.key](https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.key)),
in binary or in base64 without BEGIN and END lines: buffers of ssh tools and libraries, configuration stores, variables.

**Proof**: the numbers inside fit each other (n = p·q, d·G = Q), and the two check numbers are equal. An encrypted key is
reported with less severity.

**What to do**: replace the key pair and remove the public key from every \`authorized_keys\`.
`,
  anchors: [{ bytes: '6f 70 65 6e 73 73 68 2d 6b 65 79 2d 76 31 00' }, { text: 'b3BlbnNzaC1rZXktdjE', wide: true }],
  // RSA-8192 in base64, with line ends; before it, a BEGIN line.
  reach: { before: 160, after: 10_240 },

  parse({ bytes, at, anchor }) {
    if (anchor === 1) return isArmoured(bytes, at) ? undefined : readBase64Document(bytes, at);
    const document = readOpenSshKey(bytes, at);
    return document && { parts: document.parts, span: { start: document.start, end: document.end } };
  },

  verify({ parts, span, scratch }) {
    const claims = claimKey(parts, 'openssh', span);
    scratch?.fill(0);
    return claims;
  },

  examples(make) {
    const u32 = (value: number): Uint8Array => make.be(BigInt(value), 4);
    const string = (bytes: Uint8Array | string): Uint8Array => make.concat(u32(bytes.length), bytes);
    const mpint = (value: bigint): Uint8Array =>
      string(make.der.int(value).slice(-Math.floor(value.toString(2).length / 8) - 1));
    const point = (key: EcKey): Uint8Array => make.concat(Uint8Array.of(4), key.x, key.y);
    const fields = (key: RsaKey | EcKey | OkpKey): [publicKey: Uint8Array, privateKey: Uint8Array] => {
      if (key.type === 'rsa') {
        const name = string('ssh-rsa');
        const numbers = [key.n, key.e, key.d, key.qi, key.p, key.q].map(mpint);
        return [make.concat(name, mpint(key.e), mpint(key.n)), make.concat(name, ...numbers)];
      }
      if (key.type === 'okp') {
        const publicKey = make.concat(string('ssh-ed25519'), string(key.x));
        return [publicKey, make.concat(publicKey, string(make.concat(key.d, key.x)))];
      }
      const curve = `nistp${key.curve.slice(2)}`;
      const publicKey = make.concat(string(`ecdsa-sha2-${curve}`), string(curve), string(point(key)));
      return [publicKey, make.concat(publicKey, mpint(bigintFromBe(key.d)))];
    };
    const file = (key: RsaKey | EcKey | OkpKey, cipher = 'none', x = fields(key)): Uint8Array => {
      const check = make.bytes(4);
      const inner = make.concat(check, check, x[1], string('user@host'));
      const padding = Uint8Array.from({ length: (8 - (inner.length % 8)) % 8 }, (_, i) => i + 1);
      const clear = make.concat(inner, padding);
      const kdf = cipher === 'none' ? 'none' : 'bcrypt';
      const options = cipher === 'none' ? '' : make.concat(string(make.bytes(16)), u32(16));
      const section = cipher === 'none' ? clear : make.bytes(Math.ceil(clear.length / 16) * 16);
      const head = make.concat('openssh-key-v1\0', string(cipher), string(kdf), string(options), u32(1), string(x[0]));
      return make.concat(head, string(section));
    };
    const hit = (name: string, key: AnyKey, bytes: Uint8Array, more: Hit['traits'] = {}): Hit => ({
      name,
      bytes,
      span: { start: 0, end: bytes.length },
      verdict: 'proven',
      traits: { form: 'openssh', publicKeySha256: make.publicKeySha256(key), ...more },
      secrets: make.secrets(key),
    });
    const [rsa, ed] = [make.rsa(2048), make.okp('Ed25519')];
    const ecs = [make.ec('P-256'), make.ec('P-384'), make.ec('P-521')];
    const text = make.base64(file(ed));
    const locked = file(ed, 'aes256-ctr');
    const other = make.okp('Ed25519');
    const wrong = file(ed, 'none', [
      fields(ed)[0],
      make.concat(string('ssh-ed25519'), string(ed.x), string(make.concat(other.d, ed.x))),
    ]);
    return {
      hits: [
        hit('base64', ed, make.ascii(text), { algorithm: 'Ed25519' }),
        hit('RSA', rsa, file(rsa), { algorithm: 'RSA', bits: 2048, proof: 'p*q=n' }),
        hit('Ed25519', ed, file(ed), { algorithm: 'Ed25519', proof: 'd*G=Q' }),
        ...ecs.map((key) => hit(key.curve, key, file(key), { algorithm: 'EC', curve: key.curve, proof: 'd*G=Q' })),
        hit('base64 of RSA', rsa, make.ascii((make.base64(file(rsa)).match(/.{1,70}/g) ?? []).join('\n'))),
        {
          ...hit('encrypted', ed, locked),
          traits: { form: 'openssh', protection: 'openssh', proof: 'document' },
          secrets: [],
        },
      ],
      misses: [
        { name: 'seed of another key', bytes: wrong, reaches: 'verify' },
        { name: 'armoured', bytes: make.ascii(make.pem('OPENSSH PRIVATE KEY', file(ed))), reaches: 'anchor' },
        { name: 'magic alone', bytes: make.ascii('openssh-key-v1\0\0\0\0\x04none'), reaches: 'anchor' },
      ],
    };
  },
});
