/** Passwords in URLs (RFC 3986, 3.2.1): `scheme://user:password@host`. */
import { isLetterOrDigit } from '../bytes/ascii.ts';
import { hasText } from '../bytes/reader.ts';
import { type Detector, defineDetector } from '../model/detector.ts';
import type { Severity } from '../model/finding.ts';
import { claimPassword, looksUsed, textHit, textMiss } from './credential.ts';
import { tokenDoc } from './token-detector.ts';

export interface UrlDeclaration {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly about: string;
  readonly revoke: string;
  /** What is searched for: from the scheme, or what stands before it, to `://` or to the user's colon. */
  readonly starts: readonly string[];
}

const MAX_USER = 128;
const MAX_PASSWORD = 256;
const MAX_HOST = 253;
const AT = 0x40;
const COLON = 0x3a;

/** Printable, and not one that ends the part of a URL before the path. */
const isPart = (char: number | undefined): boolean =>
  char !== undefined && char > 0x20 && char < 0x7f && !'/?#"\'<>\\`,'.includes(String.fromCharCode(char));

interface Candidate {
  readonly password: Uint8Array;
  readonly start: number;
  readonly end: number;
}

export function defineUrlCredential({ id, title, severity, about, revoke, starts }: UrlDeclaration): Detector {
  return defineDetector<Candidate>({
    id,
    title,
    severity,
    doc: tokenDoc(about, revoke, 'none. Passwords that manuals print, and templates, are left out'),
    anchors: starts.map((text) => ({ text, wide: 'utf-16' })),
    reach: { before: 0, after: 48 + MAX_USER + MAX_PASSWORD + MAX_HOST },

    parse({ bytes, at, length }) {
      const user = at + length;
      let colon = user;
      if (bytes[user - 1] === COLON) colon = user - 1;
      else {
        while (colon < user + MAX_USER && isPart(bytes[colon]) && bytes[colon] !== COLON && bytes[colon] !== AT)
          colon++;
        if (bytes[colon] !== COLON) return undefined;
      }
      const start = colon + 1;
      let end = start;
      // A password may hold an `@`: the last one before the path ends it.
      let last = -1;
      while (end < start + MAX_PASSWORD && isPart(bytes[end])) {
        if (bytes[end] === AT) last = end;
        end++;
      }
      if (last < 0 || !looksUsed(bytes, start, last)) return undefined;
      if (!isHost(bytes, last + 1) || ['example', 'host', 'your'].some((word) => hasText(bytes, last + 1, word)))
        return undefined;
      return { password: bytes.slice(start, last), start, end: last };
    },

    verify: ({ password, start, end }) => [claimPassword(password, { start, end }, 'url', severity)],

    examples(make) {
      const traits = { algorithm: 'password', form: 'url', proof: 'none' } as const;
      const chosen = `Zk7-${make.text(6, 'efghjkmnruvwz')}9`;
      const rest = (start: string): string => (start.endsWith(':') ? '' : 'svc:');
      const hits = starts.map((start, i) =>
        textHit(
          make,
          start,
          [`U=${start}${rest(start)}`, i % 2 ? make.text(24) : chosen, '@db-1.internal:5432/app\0'],
          traits,
        ),
      );
      const first = `${starts[0]!}${rest(starts[0]!)}`;
      return {
        hits,
        misses: [
          textMiss(make, 'manual', `${first}password1@localhost/app`),
          textMiss(make, 'template', `${first}\${DB_PASS}9@db.internal/app`),
          textMiss(make, 'no host', `${first}${chosen} and more`),
          textMiss(make, 'example host', `${first}${chosen}@example.com/app`),
          textMiss(make, 'port and path', `${starts[0]!}host:5432/a@b`),
        ],
      };
    },
  });
}

/** Letters, digits and hyphens, or an address in brackets. */
function isHost(bytes: Uint8Array, at: number): boolean {
  const char = bytes[at];
  return (isLetterOrDigit(char) || char === 0x5b) && isLetterOrDigit(bytes[at + 1]);
}
