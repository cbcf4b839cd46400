// age identities (age-encryption.org/v1): Bech32 (BIP 173) of a raw X25519 key, or of the seed of a hybrid
// ML-KEM-768 and X25519 key. Plug-in identities (AGE-PLUGIN-…) name a token or a file and hold no key.
import { decodeBech32 } from '../src/bytes/bech32.ts';
import { defineDetector } from '../src/model/detector.ts';
import { okpPublicKey } from '../src/proof/ec.ts';
import { okpPublicIds } from '../src/proof/public-key.ts';

const ANCHORS = ['AGE-SECRET-KEY-1', 'AGE-SECRET-KEY-PQ-1', 'age-secret-key-1', 'age-secret-key-pq-1'];
/** 32 bytes in 52 characters, and 6 of checksum. */
const DATA_CHARS = 58;

interface Candidate {
  readonly secret: Uint8Array;
  readonly hybrid: boolean;
  readonly start: number;
  readonly end: number;
}

export default defineDetector<Candidate>({
  id: 'age-secret-key',
  title: 'age secret key',
  severity: 'critical',
  doc: `
An [age](https://age-encryption.org/v1) identity: \`AGE-SECRET-KEY-1…\` (X25519) or \`AGE-SECRET-KEY-PQ-1…\` (the hybrid of
ML-KEM-768 and X25519), as age-keygen writes it and sops, chezmoi, agenix and others keep it in files and environment
variables.

**Proof**: the Bech32 checksum ([BIP 173](https://github.com/bitcoin/bips/blob/master/bip-0173.mediawiki)), 30 bits long. The public key of an
X25519 identity is derived and named by its SubjectPublicKeyInfo.

**What to do**: make a new identity, encrypt the files again to its recipient, and treat what was encrypted to the old one
as read.
`,
  anchors: ANCHORS.map((text) => ({ text, wide: true })),
  reach: { before: 0, after: ANCHORS[1]!.length + DATA_CHARS },

  parse({ bytes, at, anchor }) {
    const prefix = ANCHORS[anchor]!;
    const start = at + prefix.length;
    const secret = decodeBech32(prefix.slice(0, -1), bytes, start, start + DATA_CHARS);
    return secret && { secret, hybrid: anchor % 2 === 1, start: at, end: start + DATA_CHARS };
  },

  verify({ secret, hybrid, start, end }) {
    const publicKey = hybrid ? undefined : okpPublicKey('X25519', secret);
    const publicKeySha256 = publicKey && okpPublicIds('X25519', publicKey, 0x6e).publicKeySha256;
    const traits = { algorithm: 'age', form: 'age', proof: 'checksum', bits: 256 } as const;
    return [
      {
        verdict: 'proven',
        span: { start, end },
        traits: { ...traits, ...(publicKeySha256 && { publicKeySha256 }) },
        secret,
      },
    ];
  },

  examples(make) {
    const key = make.okp('X25519');
    const text = make.bech32('age-secret-key-', key.d).toUpperCase();
    const traits = { algorithm: 'age', form: 'age', proof: 'checksum' } as const;
    const hit = (name: string, body: string, head = '') => ({
      name,
      bytes: make.ascii(`${head}${body}`),
      span: { start: head.length, end: head.length + body.length },
      verdict: 'proven' as const,
      traits: body.includes('PQ') ? traits : { ...traits, publicKeySha256: make.publicKeySha256(key) },
      secrets: [key.d],
    });
    const wrong = text.slice(0, -1) + (text.endsWith('Q') ? 'P' : 'Q');
    return {
      hits: [
        hit('X25519', text),
        hit('lower case', text.toLowerCase()),
        hit('hybrid', make.bech32('age-secret-key-pq-', key.d).toUpperCase()),
        hit('in a key file', text, '# created: 2026-01-01T00:00:00Z\n'),
      ],
      misses: [
        { name: 'wrong checksum', bytes: make.ascii(wrong), reaches: 'anchor' },
        { name: 'placeholder', bytes: make.ascii('AGE-SECRET-KEY-1' + 'X'.repeat(58)), reaches: 'anchor' },
        { name: 'cut off', bytes: make.ascii(text.slice(0, 60)), reaches: 'anchor' },
      ],
    };
  },
});
