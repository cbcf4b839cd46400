// Extended private keys of hierarchical wallets (BIP-32): base58check of version, depth, parent, index, chain code, 00, key.
import { decodeBase58 } from '../src/bytes/base58.ts';
import { BASE58, matchParts } from '../src/bytes/token.ts';
import { claimBitcoinKey, hasDoubleSha256 } from '../src/keys/bitcoin.ts';
import { tokenDoc } from '../src/keys/token-detector.ts';
import { defineDetector, type Hit } from '../src/model/detector.ts';

/** First characters, which the version bytes give: mainnet, testnet, and SLIP-132's for SegWit. */
const PREFIXES = ['xprv', 'tprv', 'yprv', 'zprv'];
const CHARS = 111;
const BYTES = 82;
const KEY_AT = 46;

interface Candidate {
  readonly decoded: Uint8Array;
  readonly start: number;
  readonly end: number;
}

export default defineDetector<Candidate>({
  id: 'bip32-extended-key',
  title: 'Extended private key (BIP-32)',
  severity: 'critical',
  doc: tokenDoc(
    `
An extended private key of a wallet ([BIP-32](https://github.com/bitcoin/bips/blob/master/bip-0032.mediawiki)): \`xprv…\`, \`tprv…\`, and their kin
of [SLIP-132](https://github.com/satoshilabs/slips/blob/master/slip-0132.md). All keys beneath it in the tree follow from it.`,
    "move everything that the tree's accounts hold to keys of another seed, now.",
    'the checksum of base58check, 32 bits long',
  ),
  anchors: PREFIXES.map((text) => ({ text, wide: 'utf-16' })),
  reach: { before: 0, after: CHARS },

  parse({ bytes, at }) {
    const match = matchParts(bytes, at, [[BASE58, CHARS]]);
    const decoded = match && decodeBase58(bytes, at, match.end);
    if (decoded?.length !== BYTES || decoded[KEY_AT - 1] !== 0) return undefined;
    return { decoded, start: at, end: match!.end };
  },

  verify({ decoded, start, end }) {
    const claims = hasDoubleSha256(decoded)
      ? claimBitcoinKey(decoded.subarray(KEY_AT, KEY_AT + 32), { start, end }, 'bip32')
      : [];
    decoded.fill(0);
    return claims;
  },

  examples(make) {
    const key = make.ec('secp256k1');
    const write = (version: number[]): string =>
      make.base58check(
        make.concat(Uint8Array.from(version), new Uint8Array(9), make.bytes(32), Uint8Array.of(0), key.d),
      );
    const hit = (name: string, text: string): Hit => ({
      name,
      bytes: make.ascii(`"key":"${text}"`),
      span: { start: 7, end: 7 + text.length },
      verdict: 'proven',
      traits: {
        algorithm: 'EC',
        curve: 'secp256k1',
        form: 'bip32',
        proof: 'checksum',
        publicKeySha256: make.publicKeySha256(key),
      },
      secrets: [key.d, make.ascii(text)],
    });
    const main = write([0x04, 0x88, 0xad, 0xe4]);
    const wrong = main.slice(0, -1) + (main.endsWith('a') ? 'b' : 'a');
    return {
      hits: [hit('main network', main), hit('test network', write([0x04, 0x35, 0x83, 0x94]))],
      misses: [
        { name: 'wrong checksum', bytes: make.ascii(`"${wrong}"`), reaches: 'verify' },
        { name: 'cut off', bytes: make.ascii(`"${main.slice(0, -1)}"`), reaches: 'anchor' },
      ],
    };
  },
});
