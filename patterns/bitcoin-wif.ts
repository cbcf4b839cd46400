// Bitcoin's wallet import format: base58check of a version byte, the scalar, and 01 when the public key is compressed.
// No literal begins it, so runs of base64 characters are looked at, of which it is one by its mixture.
import { decodeBase58 } from '../src/bytes/base58.ts';
import { claimBitcoinKey, hasDoubleSha256 } from '../src/keys/bitcoin.ts';
import { tokenDoc } from '../src/keys/token-detector.ts';
import { defineDetector, type Hit } from '../src/model/detector.ts';

/** 51 characters without, 52 with the mark of compressed public keys. */
const LENGTHS = [51, 52];
/** Version bytes: main and test network. */
const VERSIONS = [0x80, 0xef];
const SCALAR_BYTES = 32;

interface Candidate {
  readonly decoded: Uint8Array;
  readonly start: number;
  readonly end: number;
}

export default defineDetector<Candidate>({
  id: 'bitcoin-wif',
  title: 'Bitcoin private key (WIF)',
  severity: 'critical',
  doc: tokenDoc(
    `
A private key in [wallet import format](https://en.bitcoin.it/wiki/Wallet_import_format), of Bitcoin's main or test network.`,
    'move what its addresses hold to another key, now.',
    'the checksum of base58check, 32 bits long',
  ),
  anchors: [{ dense: 'base64-run' }],
  reach: { before: 0, after: 56 },

  parse({ bytes, at, length }) {
    if (!LENGTHS.includes(length)) return undefined;
    // 5, K, L; 9, c on the test network.
    if (![0x35, 0x4b, 0x4c, 0x39, 0x63].includes(bytes[at]!)) return undefined;
    const decoded = decodeBase58(bytes, at, at + length);
    if (!decoded || !VERSIONS.includes(decoded[0]!)) return undefined;
    const compressed = decoded.length === 1 + SCALAR_BYTES + 5 && decoded[1 + SCALAR_BYTES] === 1;
    if (!compressed && decoded.length !== 1 + SCALAR_BYTES + 4) return undefined;
    return { decoded, start: at, end: at + length };
  },

  verify({ decoded, start, end }) {
    const claims = hasDoubleSha256(decoded)
      ? claimBitcoinKey(decoded.subarray(1, 1 + SCALAR_BYTES), { start, end }, 'wif')
      : [];
    decoded.fill(0);
    return claims;
  },

  examples(make) {
    const key = make.ec('secp256k1');
    const write = (version: number, tail: number[]): string =>
      make.base58check(make.concat(Uint8Array.of(version), key.d, Uint8Array.from(tail)));
    const hit = (name: string, text: string): Hit => ({
      name,
      bytes: make.ascii(`key ${text}\n`),
      span: { start: 4, end: 4 + text.length },
      verdict: 'proven',
      traits: {
        algorithm: 'EC',
        curve: 'secp256k1',
        form: 'wif',
        proof: 'checksum',
        publicKeySha256: make.publicKeySha256(key),
      },
      secrets: [key.d, make.ascii(text)],
    });
    const right = write(0x80, [1]);
    const wrong = right.slice(0, -1) + (right.endsWith('a') ? 'b' : 'a');
    return {
      hits: [hit('compressed', right), hit('uncompressed', write(0x80, [])), hit('test network', write(0xef, [1]))],
      misses: [
        { name: 'wrong checksum', bytes: make.ascii(`"${wrong}"`), reaches: 'verify' },
        { name: 'longer', bytes: make.ascii(`"${right}A"`), reaches: 'anchor' },
        { name: 'another version', bytes: make.ascii(`"${write(0x90, [1])}"`), reaches: 'anchor' },
      ],
    };
  },
});
