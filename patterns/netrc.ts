// Lines of .netrc files (curl, git, Python, Heroku): `machine HOST login USER password PASSWORD`, also on several lines.
import { isBlank } from '../src/bytes/ascii.ts';
import { hasText } from '../src/bytes/reader.ts';
import { claimPassword, looksUsed, textHit, textMiss } from '../src/keys/credential.ts';
import { tokenDoc } from '../src/keys/token-detector.ts';
import { defineDetector } from '../src/model/detector.ts';

const MAX_WORD = 256;

interface Candidate {
  readonly password: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** Index after the blanks, and after the word that follows. */
function nextWord(bytes: Uint8Array, at: number): { readonly start: number; readonly end: number } {
  let start = at;
  while (start < at + 32 && isBlank(bytes[start])) start++;
  let end = start;
  while (end < start + MAX_WORD && end < bytes.length && bytes[end]! > 0x20 && bytes[end]! < 0x7f) end++;
  return { start, end };
}

export default defineDetector<Candidate>({
  id: 'netrc',
  title: 'Password in a .netrc file',
  severity: 'high',
  doc: tokenDoc(
    `
The password or token of a server in \`.netrc\` ([format](https://www.gnu.org/software/inetutils/manual/html_node/The-_002enetrc-file.html)), which curl, git and package managers read.`,
    'change the password, or revoke the token, at the server that the line names.',
    'none. Passwords that manuals print, and templates, are left out',
  ),
  anchors: [{ text: 'machine ' }],
  reach: { before: 0, after: 8 + 5 * (MAX_WORD + 32) },

  parse({ bytes, at, length }) {
    const host = nextWord(bytes, at + length);
    const login = nextWord(bytes, host.end);
    if (!hasText(bytes, login.start, 'login') || login.end - login.start !== 5) return undefined;
    const user = nextWord(bytes, login.end);
    const word = nextWord(bytes, user.end);
    if (!hasText(bytes, word.start, 'password') || word.end - word.start !== 8) return undefined;
    const { start, end } = nextWord(bytes, word.end);
    if (!looksUsed(bytes, start, end)) return undefined;
    return { password: bytes.slice(start, end), start, end };
  },

  verify: ({ password, start, end }) => [claimPassword(password, { start, end }, 'config', 'high')],

  examples(make) {
    const traits = { algorithm: 'password', form: 'config', proof: 'none' } as const;
    return {
      hits: [
        textHit(make, 'one line', ['machine git.internal login svc password ', make.text(24), '\n'], traits),
        textHit(make, 'several lines', ['machine git.internal\n  login svc\n  password ', make.text(24), '\n'], traits),
      ],
      misses: [
        textMiss(make, 'manual', 'machine example.com login user password secret123\n'),
        textMiss(make, 'prose', 'the machine on which you login with a password'),
        textMiss(make, 'template', `machine a.internal login svc password \${TOKEN1}\n`),
      ],
    };
  },
});
