// Authorization headers of HTTP (RFC 9110, 11.6.2) in memory: Basic (RFC 7617) and Bearer (RFC 6750), in text of a message, as a
// member of a document, or as an argument of a command.
import { isDigit } from '../src/bytes/ascii.ts';
import { decodeBase64 } from '../src/bytes/base64.ts';
import { hasText } from '../src/bytes/reader.ts';
import { BASE64URL, endsClean, looksIssued, matchParts } from '../src/bytes/token.ts';
import { claimPassword, looksUsed, textHit, textMiss } from '../src/keys/credential.ts';
import { tokenDoc } from '../src/keys/token-detector.ts';
import { defineDetector } from '../src/model/detector.ts';

const ANCHORS = [
  'uthorization: Basic ',
  'uthorization":"Basic ',
  'uthorization": "Basic ',
  'uthorization: Bearer ',
  'uthorization":"Bearer ',
  'uthorization": "Bearer ',
];
const FIRST_BEARER = 3;
const MAX_CHARS = 4096;
const COLON = 0x3a;
/** The alphabet of RFC 6750's b64token. */
const TOKEN = `${BASE64URL}._~+/`;
const MIN_TOKEN = 20;

interface Candidate {
  readonly secret: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** The password of `user:password` in base64. */
function readBasic(bytes: Uint8Array, start: number): Candidate | undefined {
  const { bytes: text, next: end } = decodeBase64(bytes, start, bytes.length, { style: 'plain', maxChars: 512 });
  const colon = text.indexOf(COLON);
  const used = colon >= 0 && looksUsed(text, colon + 1, text.length);
  const secret = text.slice(colon + 1);
  text.fill(0);
  return used ? { secret, start, end } : undefined;
}

function readBearer(bytes: Uint8Array, start: number): Candidate | undefined {
  const match = matchParts(bytes, start, [[TOKEN, MIN_TOKEN, MAX_CHARS]]);
  if (!match) return undefined;
  let { end } = match;
  while (bytes[end] === 0x3d && end < match.end + 2) end++;
  // A JSON Web Token has a detector of its own; documents in base64 don't look drawn.
  if (!endsClean(bytes, end) || hasText(bytes, start, 'eyJ') || !looksIssued(bytes, match.runs[0]!)) return undefined;
  return bytes.subarray(start, end).some(isDigit) ? { secret: bytes.slice(start, end), start, end } : undefined;
}

export default defineDetector<Candidate>({
  id: 'http-authorization',
  title: 'HTTP Authorization header',
  severity: 'high',
  doc: tokenDoc(
    `
The credentials of a request in its \`Authorization\` or \`Proxy-Authorization\` header ([RFC 9110](https://www.rfc-editor.org/rfc/rfc9110#section-11.6.2)): user and password
in base64 (\`Basic\`), or a token (\`Bearer\`).`,
    'change the password, or revoke the token at the server that the request went to.',
    'none. Passwords that manuals print, and templates, are left out',
  ),
  anchors: ANCHORS.map((text) => ({ text, wide: 'utf-16' })),
  reach: { before: 0, after: 32 + MAX_CHARS + 3 },

  parse({ bytes, at, length, anchor }) {
    return anchor < FIRST_BEARER ? readBasic(bytes, at + length) : readBearer(bytes, at + length);
  },

  verify: ({ secret, start, end }) => [claimPassword(secret, { start, end }, 'header', 'high')],

  examples(make) {
    const traits = { algorithm: 'password', form: 'header', proof: 'none' } as const;
    const hits = ANCHORS.map((anchor, i) => {
      const password = make.text(20);
      const value = i < FIRST_BEARER ? make.base64(make.ascii(`svc:${password}`)) : make.text(40);
      const after = anchor.includes('"') ? '","accept":"*"}' : '\r\nAccept: */*\r\n';
      return textHit(make, anchor, [anchor, value, after], traits, i < FIRST_BEARER ? { secret: password } : {});
    });
    return {
      hits,
      misses: [
        textMiss(make, 'manual', `Authorization: Basic ${make.base64(make.ascii('aladdin:opensesame'))}\r\n`),
        textMiss(make, 'no colon', `Authorization: Basic ${make.base64(make.ascii(make.text(24)))}\r\n`),
        textMiss(make, 'placeholder', 'Authorization: Bearer YOUR_ACCESS_TOKEN_GOES_HERE_1\r\n'),
        textMiss(make, 'template', `Authorization: Bearer \${config.TOKEN_OF_THE_SERVICE}`),
        textMiss(make, 'short', `Authorization: Bearer ${make.text(12)}\r\n`),
      ],
    };
  },
});
