/**
 * Printable names of things that come from outside: file names, archive members, object keys. They reach terminals,
 * logs and reports, so they must not be able to move a cursor, reverse text, forge a line, command a build server or carry
 * a password.
 */

/** Longest label, in characters. */
export const MAX_LABEL_LENGTH = 256;

/** Member names can be 64 KiB long; nothing after this can be seen in the label but its end. */
const MAX_INPUT_LENGTH = 8192;

/** Controls (ESC, newline, C1), format characters (bidi overrides, zero width), line separators, lone surrogates. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** What build servers take for a command: Azure's and GitHub's older ones anywhere in a line, GitHub's at its beginning. */
const COMMAND = /#(?=#(?:vso)?\[)|^(\s*):(?=:)/gi;

const URL_USER_INFO = /([a-z][a-z0-9+.-]{0,31}:\/\/)[^\s/?#]*@/gi;
const URL_QUERY = /^([a-z][a-z0-9+.-]{0,31}:\/\/[^?#]*)[?#].*$/is;

/**
 * A printable form of `text`: unprintable characters become U+FFFD (so that two names stay two), user names, passwords
 * and queries of URLs are cut, and the middle is left out when it is longer than 256 characters.
 * Lossy: never open anything by its label.
 */
export function sanitizeLabel(text: string): string {
  const bounded =
    text.length > MAX_INPUT_LENGTH
      ? `${text.slice(0, MAX_INPUT_LENGTH / 2)}${text.slice(-MAX_INPUT_LENGTH / 2)}`
      : text;
  const printable = bounded.replace(URL_QUERY, '$1').replace(URL_USER_INFO, '$1').replace(UNPRINTABLE, '\ufffd');
  const label = printable.replace(COMMAND, '$1\ufffd');
  const characters = Array.from(label);
  if (characters.length <= MAX_LABEL_LENGTH) return label;
  // The end tells files apart better than the beginning.
  const tail = 160;
  return `${characters.slice(0, MAX_LABEL_LENGTH - tail - 1).join('')}…${characters.slice(-tail).join('')}`;
}
