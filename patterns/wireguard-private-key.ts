// WireGuard private keys: 32 bytes of Curve25519 in base64 (wg(8)), in configuration files, `wg show … dump` and JSON;
// Tailscale's node keys are the same in hex. `wg genkey` clamps them (RFC 7748, 5): five bits are fixed.
import { decodeBase64, isBase64 } from '../src/bytes/base64.ts';
import { looksRandom } from '../src/bytes/entropy.ts';
import { indexOfText } from '../src/bytes/reader.ts';
import { defineDetector, type Hit } from '../src/model/detector.ts';
import { okpPublicKey } from '../src/proof/ec.ts';
import { okpPublicIds } from '../src/proof/public-key.ts';

/** 32 bytes: 43 characters and one of padding. */
const KEY_CHARS = 43;
const KEY_BYTES = 32;
const HEX_ANCHOR = 'privkey:';
/** Keywords with their separator; blanks and quotes may follow. */
const KEYWORDS = [
  'PrivateKey =',
  'PrivateKey=',
  'rivateKey":',
  'rivate_key":',
  'rivateKey\\":',
  'rivate_key\\":',
  'private-key=',
  'private-key:',
  'private_key =',
  'private_key=',
  'private_key ',
];
/** Words that a WireGuard configuration holds near the key: section names, and keys of systemd and NetworkManager. */
const CONTEXT = ['[Interface]', '[Peer]', '[WireGuard]', '[wireguard]', 'ireguard', 'AllowedIPs', 'allowed_ips'];
const CONTEXT_BYTES = 2048;

interface Candidate {
  readonly secret: Uint8Array;
  readonly publicKeyNear: (text: string) => boolean;
  readonly context: boolean;
  /** Neither keyword nor prefix: only its public key can prove it. */
  readonly bare: boolean;
  readonly start: number;
  readonly end: number;
}

const isClamped = (key: Uint8Array): boolean => (key[0]! & 7) === 0 && (key[31]! & 0xc0) === 0x40;

const hexValue = (char: number): number =>
  char >= 0x30 && char <= 0x39 ? char - 0x30 : char >= 0x61 && char <= 0x66 ? char - 0x57 : -1;

function decodeHexKey(bytes: Uint8Array, at: number): Uint8Array | undefined {
  const key = new Uint8Array(KEY_BYTES);
  for (let i = 0; i < KEY_BYTES; i++) {
    const [high, low] = [hexValue(bytes[at + 2 * i] ?? 0), hexValue(bytes[at + 2 * i + 1] ?? 0)];
    if (high < 0 || low < 0) return undefined;
    key[i] = (high << 4) | low;
  }
  return hexValue(bytes[at + 2 * KEY_BYTES] ?? 0) < 0 ? key : undefined;
}

/** The key at `at`: exactly 43 characters, the last of which leaves no bits over, and `=`. */
function decodeBase64Key(bytes: Uint8Array, at: number): { key: Uint8Array; end: number } | undefined {
  const {
    bytes: key,
    next,
    chars,
    padded,
  } = decodeBase64(bytes, at, at + 64, { style: 'plain', maxChars: KEY_CHARS + 1 });
  // The last character holds four bits of the key and two zeros: A, E, I, M, Q, U, Y, c, g, k, o, s, w, 0, 4, 8.
  const fits =
    chars === KEY_CHARS && padded && key.length === KEY_BYTES && !isBase64(bytes[next]) && bytes[next] !== 0x3d;
  return fits ? { key, end: next } : undefined;
}

/** Skips blanks and quotes (also escaped ones) between a keyword and its value. */
function skipToValue(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < from + 8 && [0x20, 0x09, 0x22, 0x27, 0x5c, 0x3a, 0x3d].includes(bytes[at]!)) at++;
  return at;
}

export default defineDetector<Candidate>({
  id: 'wireguard-private-key',
  title: 'WireGuard private key',
  severity: 'critical',
  doc: `
The private key of a [WireGuard](https://www.wireguard.com/) interface: \`PrivateKey = …\` in wg-quick, systemd-networkd and
NetworkManager files, \`wg showconf\` and \`wg show … dump\`, OpenWrt, JSON of sing-box and Xray; also Tailscale's \`privkey:\`.

**Proof**: the public key computed from it lies nearby, or it stands in a complete configuration and is clamped as
\`wg genkey\` does. Without either it is only likely.

**What to do**: make a new key (\`wg genkey\`), and replace the public key in the configuration of every peer.
`,
  anchors: [
    ...KEYWORDS.map((text) => ({ text, wide: 'utf-16' as const })),
    { text: HEX_ANCHOR, wide: 'utf-16' },
    { dense: 'base64-run' },
  ],
  reach: { before: CONTEXT_BYTES, after: CONTEXT_BYTES },

  parse({ bytes, at, anchor, length }) {
    const bare = anchor > KEYWORDS.length;
    const isHex = anchor === KEYWORDS.length;
    // Bare keys are looked for in the output of `wg show dump` alone: private key, tab, public key, tab.
    if (bare && (length !== KEY_CHARS + 1 || bytes[at + length] !== 0x09)) return undefined;
    const start = bare ? at : isHex ? at + length : skipToValue(bytes, at + length);
    const found = isHex
      ? { key: decodeHexKey(bytes, start), end: start + 2 * KEY_BYTES }
      : decodeBase64Key(bytes, start);
    const key = found?.key;
    if (!found || !key) return undefined;
    if (!isClamped(key) || !looksRandom(key)) {
      key.fill(0);
      return undefined;
    }
    const [from, to] = [Math.max(0, at - CONTEXT_BYTES), at + CONTEXT_BYTES];
    return {
      secret: key,
      publicKeyNear: (text) => indexOfText(bytes, text, from, to) >= 0,
      context: isHex || CONTEXT.some((word) => indexOfText(bytes, word, from, to) >= 0),
      bare,
      start,
      end: found.end,
    };
  },

  verify({ secret, publicKeyNear, context, bare, start, end }) {
    const publicKey = okpPublicKey('X25519', secret);
    const paired = publicKey !== undefined && publicKeyNear(btoa(String.fromCharCode(...publicKey)));
    if (!publicKey || (bare && !paired)) return [];
    const { publicKeySha256 } = okpPublicIds('X25519', publicKey, 0x6e);
    return [
      {
        verdict: paired || context ? 'proven' : 'likely',
        span: { start, end },
        traits: {
          algorithm: 'WireGuard',
          form: 'wireguard',
          bits: 256,
          proof: paired ? 'd*G=Q' : context ? 'document' : 'none',
          ...(publicKeySha256 && { publicKeySha256 }),
        },
        secret,
      },
    ];
  },

  examples(make) {
    const key = make.okp('X25519');
    key.d[0]! &= 0xf8;
    key.d[31] = (key.d[31]! & 0x3f) | 0x40;
    const text = make.base64(key.d);
    const other = make.base64(make.okp('X25519').x);
    const hit = (name: string, before: string, value: string, after: string, more: Partial<Hit> = {}): Hit => ({
      name,
      bytes: make.ascii(before + value + after),
      span: { start: before.length, end: before.length + value.length },
      verdict: 'proven',
      traits: {
        algorithm: 'WireGuard',
        form: 'wireguard',
        proof: 'document',
        publicKeySha256: make.publicKeySha256(key),
      },
      secrets: [key.d],
      ...more,
    });
    const unclamped = key.d.slice();
    unclamped[0]! |= 1;
    const likely = { verdict: 'likely', traits: { algorithm: 'WireGuard', proof: 'none' } } as const;
    return {
      hits: [
        hit('wg-quick', '[Interface]\nPrivateKey = ', text, '\nAddress = 10.0.0.1/24\n'),
        hit('wg showconf', '[Interface]\nListenPort = 51820\nPrivateKey = ', text, '\n\n[Peer]\n'),
        hit('NetworkManager', '[wireguard]\nprivate-key=', text, '\n'),
        hit('wg show dump', 'wg0\t', text, `\t${make.base64(key.x)}\t51820\toff\n`, {
          traits: { algorithm: 'WireGuard', proof: 'd*G=Q' },
        }),
        hit('Tailscale', '"PrivateNodeKey":"privkey:', make.hex(key.d), '"'),
        hit('JSON', '{"private_key": "', text, '"}', likely),
        hit('escaped JSON', '{\\"privateKey\\":\\"', text.replaceAll('/', '\\/'), '\\"}', likely),
        hit('keyword alone', 'PrivateKey=', text, '\n', likely),
      ],
      misses: [
        { name: 'another public key', bytes: make.ascii(`wg0\t${text}\t${other}\t51820\n`), reaches: 'verify' },
        {
          name: 'not clamped',
          bytes: make.ascii(`[Interface]\nPrivateKey = ${make.base64(unclamped)}\n`),
          reaches: 'anchor',
        },
        { name: 'hidden', bytes: make.ascii('[Interface]\nPrivateKey = (hidden)\n'), reaches: 'anchor' },
      ],
    };
  },
});
