// Session cookies (RFC 6265) in memory, by the names that frameworks give them.
import { isDigit, isHex } from '../src/bytes/ascii.ts';
import { BASE64URL, endsClean, looksIssued, matchParts } from '../src/bytes/token.ts';
import { claimPassword, textHit, textMiss } from '../src/keys/credential.ts';
import { tokenDoc } from '../src/keys/token-detector.ts';
import { defineDetector } from '../src/model/detector.ts';

const NAMES = [
  'JSESSIONID=',
  'PHPSESSID=',
  'connect.sid=s%3A',
  'sessionid=',
  'laravel_session=',
  '.AspNetCore.Cookies=',
];
const MAX_CHARS = 4096;
/** Also what URL encoding makes of the rest. */
const VALUE = `${BASE64URL}.%!+/`;

interface Candidate {
  readonly secret: Uint8Array;
  readonly start: number;
  readonly end: number;
}

export default defineDetector<Candidate>({
  id: 'http-session-cookie',
  title: 'HTTP session cookie',
  severity: 'medium',
  doc: tokenDoc(
    `
The cookie of a session ([RFC 6265](https://www.rfc-editor.org/rfc/rfc6265)) that a framework made: whoever has it acts as the user until the session ends. Found by the
names that Java, PHP, Express, Django, Laravel, Rails, ASP.NET and others give it.`,
    'end the session at the server; log the user out everywhere.',
  ),
  anchors: NAMES.map((text) => ({ text })),
  reach: { before: 0, after: 32 + MAX_CHARS + 1 },

  parse({ bytes, at, length }) {
    const start = at + length;
    const match = matchParts(bytes, start, [[VALUE, 20, MAX_CHARS]]);
    if (!match || !endsClean(bytes, match.end)) return undefined;
    const run = match.runs[0]!;
    const hex = isHex(bytes, start, match.end);
    if (!looksIssued(bytes, hex ? { ...run, alphabet: '0123456789abcdef' } : run)) return undefined;
    if (!bytes.subarray(start, match.end).some(isDigit)) return undefined;
    return { secret: bytes.slice(start, match.end), start, end: match.end };
  },

  verify: ({ secret, start, end }) => [claimPassword(secret, { start, end }, 'header', 'medium')],

  examples(make) {
    const traits = { algorithm: 'password', form: 'header', proof: 'none' } as const;
    return {
      hits: NAMES.map((name, i) =>
        textHit(
          make,
          name,
          [`Cookie: a=1; ${name}`, i % 2 ? make.hex(make.bytes(16)).toUpperCase() : make.text(32), '; b=2\r\n'],
          traits,
        ),
      ),
      misses: [
        textMiss(make, 'short', `Cookie: ${NAMES[0]!}${make.text(12)}\r\n`),
        textMiss(make, 'placeholder', `Cookie: ${NAMES[0]!}your-session-id-goes-here\r\n`),
        textMiss(make, 'template', `Cookie: ${NAMES[0]!}\${session.id.of.the.user.123}\r\n`),
        textMiss(make, 'zeros', `Cookie: ${NAMES[0]!}${'0'.repeat(32)}\r\n`),
      ],
    };
  },
});
