// RSA and DSA private keys in XML: RSAKeyValue as .NET's ToXmlString(true) writes it (the public half is from XML
// Signature, RFC 3275), RSAParameters of XmlSerializer, RSAKeyPair of XKMS. Members come in any order, with any prefix,
// and the markup may be escaped (&lt; or \u003c) when the XML lies in XML or JSON.
import { isLetterOrDigit } from '../src/bytes/ascii.ts';
import { decodeBase64 } from '../src/bytes/base64.ts';
import { bigintFromBe } from '../src/bytes/limbs.ts';
import { hasText } from '../src/bytes/reader.ts';
import { claimKey } from '../src/keys/claims.ts';
import type { KeyParts } from '../src/keys/key-parts.ts';
import { defineDetector, type Hit } from '../src/model/detector.ts';
import type { Span } from '../src/model/place.ts';

const ELEMENTS = ['RSAKeyValue', 'RSAParameters', 'RSAKeyPair', 'DSAKeyValue'];
const RSA_MEMBERS = {
  Modulus: 'n',
  Exponent: 'e',
  D: 'd',
  P: 'p',
  Q: 'q',
  DP: 'dp',
  DQ: 'dq',
  InverseQ: 'qi',
} as const;
const DSA_MEMBERS = { P: 'p', Q: 'q', G: 'g', Y: 'y', X: 'x' } as const;
const OPENINGS = ['<', '&lt;', '\\u003c', '\\u003C', '\\x3c', '\\x3C'];
const CLOSINGS = ['>', '&gt;', '\\u003e', '\\u003E', '\\x3e', '\\x3E'];
/** Members of RSA, and as many elements again that are none of ours. */
const MAX_TAGS = 48;
const MAX_NAME = 32;
const MAX_ATTRIBUTES = 256;

interface Candidate {
  readonly parts: KeyParts;
  readonly span: Span;
}

export default defineDetector<Candidate>({
  id: 'rsa-xml',
  title: 'RSA or DSA private key in XML',
  severity: 'critical',
  doc: `
An \`RSAKeyValue\` element with \`D\`, \`P\`, \`Q\` and the other private members, as .NET's
[ToXmlString(true)](https://learn.microsoft.com/dotnet/api/system.security.cryptography.rsa.toxmlstring) writes it, \`RSAParameters\`
written by XmlSerializer, XKMS's \`RSAKeyPair\`, and \`DSAKeyValue\` with \`X\`: configuration and licence files, strings of .NET
processes. Found in any member order, escaped in XML or JSON, in UTF-8 and UTF-16.

**Proof**: n = p·q, or 2^(ed) = 2 mod n; for DSA y = g^x mod p.

**What to do**: replace the key pair, and find out who could read the dump.
`,
  anchors: ELEMENTS.map((text) => ({ text, wide: true })),
  // RSA-8192: 6.4 KB of base64, and the markup.
  reach: { before: 48, after: 8_192 },

  parse({ bytes, at, anchor }) {
    const name = ELEMENTS[anchor]!;
    const open = tagBefore(bytes, at);
    if (open < 0) return undefined;
    const { values, end } = readMembers(bytes, at + name.length, name);
    const numbers = pick(values, name === 'DSAKeyValue' ? DSA_MEMBERS : RSA_MEMBERS);
    const span = { start: open, end };
    if (name === 'DSAKeyValue') {
      const { p, q, g, y, x } = numbers;
      return p && q && g && x ? { parts: { type: 'dsa', numbers: { p, q, g, y, x } }, span } : undefined;
    }
    return numbers.d || numbers.p || numbers.q ? { parts: { type: 'rsa', numbers }, span } : undefined;
  },

  verify: ({ parts, span }) => claimKey(parts, 'xml', span),

  examples(make) {
    const rsa = make.rsa(2048);
    const dsa = make.dsa();
    const names = { n: 'Modulus', e: 'Exponent', p: 'P', q: 'Q', dp: 'DP', dq: 'DQ', qi: 'InverseQ', d: 'D' } as const;
    const all = Object.keys(names) as (keyof typeof names)[];
    const write = (members: readonly (keyof typeof names)[], prefix = '', eol = ''): string =>
      members
        .map((member) => {
          const base64 = make.base64(make.be(rsa[member]));
          const text = eol ? `${eol}    ${(base64.match(/.{1,64}/g) ?? []).join(`${eol}    `)}${eol}  ` : base64;
          return `${eol && '  '}<${prefix}${names[member]}>${text}</${prefix}${names[member]}>${eol}`;
        })
        .join('');
    const element = (content: string, name = 'RSAKeyValue'): string => `<${name}>${content}</${name}>`;
    const hit = (name: string, text: string, more: Hit['traits'] = {}): Hit => ({
      name,
      bytes: make.ascii(`<?xml version="1.0"?>${text}\r\n`),
      span: { start: 21, end: 21 + text.length },
      verdict: 'proven',
      traits: { algorithm: 'RSA', form: 'xml', publicKeySha256: make.publicKeySha256(rsa), ...more },
      secrets: make.secrets(rsa),
    });
    const xml = element(write(all));
    const shuffled = element(write(['d', 'qi', 'dq', 'dp', 'q', 'p', 'e', 'n']));
    const escaped = (less: string, more: string): string => xml.replaceAll('<', less).replaceAll('>', more);
    const cut = xml.slice(0, xml.indexOf('<DP>'));
    const dsaMembers = { P: dsa.p, Q: dsa.q, G: dsa.g, Y: dsa.y, X: dsa.x };
    const dsaXml = element(
      Object.entries(dsaMembers)
        .map(([name, value]) => element(make.base64(make.be(value)), name))
        .join(''),
      'DSAKeyValue',
    );
    const wrong = element(write(all).replace(make.base64(make.be(rsa.q)), make.base64(make.be(make.rsa(2048).q))));
    return {
      hits: [
        hit('.NET', xml, { bits: 2048, proof: 'p*q=n' }),
        hit('other order', shuffled),
        hit('n, e, d only', element(write(['n', 'e', 'd'])), { proof: 'd*e=1' }),
        hit('prefix and namespace', `<ds:RSAKeyValue xmlns:ds="urn:x">${write(all, 'ds:')}</ds:RSAKeyValue>`),
        hit('indented', element(write(all, '', '\n'))),
        hit('CRLF', element(write(all, '', '\r\n'))),
        hit('escaped in XML', escaped('&lt;', '&gt;')),
        hit('escaped in JSON', escaped('\\u003c', '\\u003e').replaceAll('/', '\\/')),
        hit('XmlSerializer', element(write(['d', 'dp', 'dq', 'e', 'qi', 'n', 'p', 'q']), 'RSAParameters')),
        { ...hit('cut off', cut), bytes: make.ascii(cut), span: { start: 0, end: cut.lastIndexOf('</') } },
        {
          ...hit('DSA', dsaXml),
          traits: { algorithm: 'DSA', form: 'xml', proof: 'd*G=Q', publicKeySha256: make.publicKeySha256(dsa) },
          secrets: make.secrets(dsa),
        },
      ],
      misses: [
        { name: 'public key', bytes: make.ascii(element(write(['n', 'e']))), reaches: 'anchor' },
        { name: 'closing tag', bytes: make.ascii('</RSAKeyValue><D>AQAB</D>'), reaches: 'anchor' },
        { name: 'no markup', bytes: make.ascii('System.RSAParameters+RSAKeyValue'), reaches: 'anchor' },
        {
          name: 'q of another key, no d',
          bytes: make.ascii(wrong.replace(/<(D|P)>.*?<\/\1>/g, '')),
          reaches: 'verify',
        },
      ],
    };
  },
});

const lengthOf = (bytes: Uint8Array, at: number, spellings: readonly string[]): number =>
  spellings.find((text) => hasText(bytes, at, text))?.length ?? 0;

const isNameChar = (char: number): boolean => isLetterOrDigit(char) || char === 0x2d || char === 0x5f;

/** Where the opening tag begins whose local name is at `at`; -1 for a closing tag and for anything else. */
function tagBefore(bytes: Uint8Array, at: number): number {
  for (let start = at; start >= Math.max(0, at - MAX_NAME); start--) {
    const spelling = OPENINGS.find((text) => hasText(bytes, start - text.length, text));
    if (spelling) return start - spelling.length;
    const before = bytes[start - 1];
    // Before the local name only a prefix and its colon.
    if (before === undefined || !(start === at ? before === 0x3a : isNameChar(before))) return -1;
  }
  return -1;
}

/** The base64 values of all elements until the end tag of `parent`. `end` is after that tag, or the last value. */
function readMembers(bytes: Uint8Array, from: number, parent: string): { values: Map<string, bigint>; end: number } {
  const values = new Map<string, bigint>();
  let end = from;
  let tags = 0;
  for (let at = from; at < bytes.length && tags < MAX_TAGS; at++) {
    const opening = lengthOf(bytes, at, OPENINGS);
    if (opening === 0) continue;
    tags++;
    const tag = readTag(bytes, at + opening);
    at = tag.end - 1;
    if (tag.closes && tag.name === parent) return { values, end: tag.end };
    if (tag.closes || !(Object.hasOwn(RSA_MEMBERS, tag.name) || Object.hasOwn(DSA_MEMBERS, tag.name))) continue;
    const decoded = decodeBase64(bytes, tag.end, bytes.length, { style: 'wrapped' });
    values.set(tag.name, bigintFromBe(decoded.bytes));
    decoded.bytes.fill(0);
    end = decoded.next;
    at = end - 1;
  }
  return { values, end };
}

/** The tag whose `<` ends at `at`: its local name, and the index after its `>` (or after its name, if that is missing). */
function readTag(bytes: Uint8Array, at: number): { name: string; closes: boolean; end: number } {
  let start = at;
  if (bytes[start] === 0x5c && bytes[start + 1] === 0x2f) start++; // JSON may escape the slash
  const closes = bytes[start] === 0x2f;
  if (closes) start++;
  let end = start;
  let name = '';
  for (; end < bytes.length && end - start <= MAX_NAME; end++) {
    const char = bytes[end]!;
    if (char === 0x3a) name = '';
    else if (isNameChar(char)) name += String.fromCharCode(char);
    else break;
  }
  // Attributes, up to the end of the tag.
  for (let next = end; next < Math.min(bytes.length, end + MAX_ATTRIBUTES); next++) {
    const closing = lengthOf(bytes, next, CLOSINGS);
    if (closing > 0) return { name, closes, end: next + closing };
  }
  return { name, closes, end };
}

type Numbers = { [member in 'n' | 'e' | 'd' | 'p' | 'q' | 'dp' | 'dq' | 'qi' | 'g' | 'y' | 'x']?: bigint };

function pick(values: Map<string, bigint>, members: Readonly<Record<string, keyof Numbers>>): Numbers {
  return Object.fromEntries(Object.entries(members).map(([name, member]) => [member, values.get(name)]));
}
