// Common annotated security keys of Azure: 84 characters (88 with `==`), `JQQJ99` at 52, the provider's signature at 76, then the
// first three (or four) bytes of Marvin32 over the 60 bytes before. Some services write these in base 62 instead.
import { decodeBase64 } from '../src/bytes/base64.ts';
import { marvin32 } from '../src/bytes/marvin32.ts';
import { latin1 } from '../src/bytes/reader.ts';
import { BASE62, BASE64, beginsClean, endsClean, matchParts } from '../src/bytes/token.ts';
import { claimToken, looksDrawn, tokenDoc } from '../src/keys/token-detector.ts';
import { defineDetector, type Hit } from '../src/model/detector.ts';

const MARK = 'JQQJ99';
const MARK_AT = 52;
const CHECKED_CHARS = 80;
const PARTS = [[BASE62, MARK_AT], MARK, [BASE64, 26]] as const;
const SEED = latin1('Default0');

interface Candidate {
  readonly key: Uint8Array;
  readonly start: number;
  readonly end: number;
}

export default defineDetector<Candidate>({
  id: 'azure-annotated-key',
  title: 'Azure common annotated security key',
  severity: 'critical',
  doc: tokenDoc(
    `
A key of a service of Azure in the form that its services move to: Azure DevOps personal access tokens, Azure AI services and OpenAI, Event Grid,
Maps, Cosmos DB and more ([format](https://github.com/microsoft/security-utilities)).`,
    'regenerate the key of the resource; revoke personal access tokens in Azure DevOps.',
    'the Marvin32 checksum at its end; where a service writes it in another way, the shape (`likely`)',
  ),
  anchors: [{ text: MARK, wide: 'utf-16' }],
  reach: { before: MARK_AT + 6, after: 40 },

  parse({ bytes, at }) {
    const start = at - MARK_AT;
    const match = start < 0 ? undefined : matchParts(bytes, start, PARTS);
    if (!match) return undefined;
    let { end } = match;
    // The long form: two more characters and padding.
    const long = matchParts(bytes, end, [[BASE62, 2], '==']);
    if (long) end = long.end;
    if (!beginsClean(bytes, start, end - start) || !endsClean(bytes, end) || !looksDrawn(bytes, match))
      return undefined;
    return { key: bytes.slice(start, end), start, end };
  },

  verify({ key, start, end }) {
    const { bytes } = decodeBase64(key, 0, key.length, { style: 'plain' });
    const checksum = marvin32(bytes.subarray(0, (CHECKED_CHARS / 4) * 3), SEED);
    const proven = [0, 1, 2].every((i) => bytes[60 + i] === ((checksum >>> (8 * i)) & 255));
    bytes.fill(0);
    return [claimToken(key, { start, end }, 'critical', proven)];
  },

  examples(make) {
    const body = `${make.text(MARK_AT)}${MARK}BC${make.text(16)}AZDO`;
    const bytes = Uint8Array.from(atob(body), (char) => char.charCodeAt(0));
    const key = body + make.base64(make.marvin32(bytes, 'Default0').slice(0, 3));
    const long = body + make.base64(make.marvin32(bytes, 'Default0'));
    const unproven = body + make.text(4);
    const hit = (name: string, text: string, proof: 'checksum' | 'none'): Hit => ({
      name,
      bytes: make.ascii(`PAT=${text}\0`),
      span: { start: 4, end: 4 + text.length },
      verdict: proof === 'checksum' ? 'proven' : 'likely',
      traits: { algorithm: 'token', proof },
      secrets: [make.ascii(text)],
    });
    const miss = (name: string, text: string) => ({ name, bytes: make.ascii(text), reaches: 'anchor' as const });
    return {
      hits: [
        hit('checksum', key, 'checksum'),
        ...(/[+/]/.test(long) ? [] : [hit('long form', long, 'checksum')]),
        hit('another checksum', unproven, 'none'),
      ],
      misses: [
        miss('cut off', `"${key.slice(0, -1)}"`),
        miss('cut in front', `"${key.slice(1)}"`),
        miss('in a word', `-${key}`),
      ],
    };
  },
});
