// Lines of a TLS key log (RFC 9850, "SSLKEYLOGFILE"): label, client random, secret, in hex.
import { decodeHex } from '../src/bytes/ascii.ts';
import { ANY_HEX, looksIssued, matchParts } from '../src/bytes/token.ts';
import { textHit, textMiss } from '../src/keys/credential.ts';
import { tokenDoc } from '../src/keys/token-detector.ts';
import { defineDetector } from '../src/model/detector.ts';

/** Labels with the lengths of their secrets in bytes: TLS 1.2's is 48, TLS 1.3's are those of the hash. */
const LABELS: readonly (readonly [string, number, number])[] = [
  ['CLIENT_RANDOM ', 48, 48],
  ['_HANDSHAKE_TRAFFIC_SECRET ', 32, 48],
  ['_TRAFFIC_SECRET_0 ', 32, 48],
  ['_EARLY_TRAFFIC_SECRET ', 32, 48],
  ['EXPORTER_SECRET ', 32, 48],
];
const RANDOM_CHARS = 64;

interface Candidate {
  readonly secret: Uint8Array;
  readonly start: number;
  readonly end: number;
}

export default defineDetector<Candidate>({
  id: 'tls-key-log',
  title: 'TLS key log line',
  severity: 'high',
  doc: tokenDoc(
    `
A line that programs write when \`SSLKEYLOGFILE\` is set ([RFC 9850](https://www.rfc-editor.org/rfc/rfc9850)): with it a recording of the connection is
decrypted.`,
    'find out who set SSLKEYLOGFILE and who holds the recordings; passwords and tokens that were sent over these connections are open.',
  ),
  anchors: LABELS.map(([text]) => ({ text })),
  reach: { before: 0, after: 32 + RANDOM_CHARS + 1 + 96 + 1 },

  parse({ bytes, at, length, anchor }) {
    const [, least, most] = LABELS[anchor]!;
    const match = matchParts(bytes, at + length, [[ANY_HEX, RANDOM_CHARS], ' ', [ANY_HEX, least * 2, most * 2]]);
    if (!match) return undefined;
    const { end, runs } = match;
    const { start } = runs[1]!;
    if ((end - start !== least * 2 && end - start !== most * 2) || bytes[end]! >= 0x30) return undefined;
    if (!looksIssued(bytes, runs[1]!)) return undefined;
    const secret = decodeHex(bytes.subarray(start, end));
    return secret && { secret, start: at, end };
  },

  verify: ({ secret, start, end }) => [
    {
      verdict: 'likely',
      span: { start, end },
      traits: { algorithm: 'token', form: 'key-log', proof: 'none', bits: secret.length * 8 },
      secret,
    },
  ],

  examples(make) {
    const traits = { algorithm: 'token', form: 'key-log', proof: 'none' } as const;
    const hits = LABELS.map(([label, least]) => {
      const secret = make.hex(make.bytes(least));
      return textHit(make, label.trim(), ['\n', `${label}${make.hex(make.bytes(32))} ${secret}`, '\n'], traits, {
        secret,
      });
    });
    const random = make.hex(make.bytes(32));
    return {
      hits,
      misses: [
        textMiss(make, 'short secret', `CLIENT_RANDOM ${random} ${make.hex(make.bytes(47))}\n`),
        textMiss(make, 'zeros', `CLIENT_RANDOM ${random} ${'0'.repeat(96)}\n`),
        textMiss(make, 'label only', 'CLIENT_RANDOM %s %s\n'),
      ],
    };
  },
});
