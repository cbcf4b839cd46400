// Mnemonic phrases (BIP-39): 12, 15, 18, 21 or 24 English words, 11 bits each, the last of them a piece of SHA-256 over the rest.
// The trap: the words are ordinary ones and no literal is in all phrases, so a name before the phrase is what is searched for.
import { isLetter } from '../src/bytes/ascii.ts';
import { BIP39_WORDS } from '../src/keys/bip39-words.ts';
import { tokenDoc } from '../src/keys/token-detector.ts';
import { defineDetector, type Hit } from '../src/model/detector.ts';
import { sha256 } from '../src/proof/hash.ts';
import { knownValue } from '../src/proof/known-values.ts';

const ANCHORS = ['nemonic', 'NEMONIC', 'seed phrase', 'SEED_PHRASE', 'ecovery phrase'];
const WORD_COUNTS = [24, 21, 18, 15, 12];
/** From the name to the first word: quotes, brackets, a sentence that ends in a colon. */
const MAX_DISTANCE = 64;
const MAX_WORD = 8;
/** Between two words: blanks, or quotes and a comma in a list, or a number and a full stop. */
const MAX_SEPARATOR = 8;

interface WordList {
  readonly indexOf: ReadonlyMap<string, number>;
  /** Three letters of each as a number, so that no string is made of words that are no candidates. */
  readonly heads: ReadonlySet<number>;
}

/** Made when it is first needed: some milliseconds of each start. */
let wordList: WordList | undefined;

function readWordList(): WordList {
  wordList ??= {
    indexOf: new Map(BIP39_WORDS.map((word, i) => [word, i])),
    heads: new Set(BIP39_WORDS.map((word) => headOf(word.charCodeAt(0), word.charCodeAt(1), word.charCodeAt(2)))),
  };
  return wordList;
}

function headOf(a: number, b: number, c: number): number {
  return ((a | 0x20) << 16) | ((b | 0x20) << 8) | (c | 0x20);
}

interface Word {
  readonly index: number;
  readonly start: number;
  readonly end: number;
}

/** The word of the list at `at`. */
function readWord(bytes: Uint8Array, at: number): Word | undefined {
  const { indexOf, heads } = readWordList();
  let end = at;
  while (end <= at + MAX_WORD && isLetter(bytes[end])) end++;
  if (end - at < 3 || end - at > MAX_WORD || !heads.has(headOf(bytes[at]!, bytes[at + 1]!, bytes[at + 2]!)))
    return undefined;
  const index = indexOf.get(String.fromCharCode(...bytes.subarray(at, end)).toLowerCase());
  return index === undefined ? undefined : { index, start: at, end };
}

/** All words of the list in a row from `at` on, at most 25. */
function readWords(bytes: Uint8Array, at: number): readonly Word[] {
  const words: Word[] = [];
  let next = at;
  for (let word = readWord(bytes, next); word && words.length <= 24; word = readWord(bytes, next)) {
    words.push(word);
    next = word.end;
    while (next < word.end + MAX_SEPARATOR && next < bytes.length && !isLetter(bytes[next])) {
      // A line end that is escaped is a blank, too.
      next += bytes[next] === 0x5c && isLetter(bytes[next + 1]) ? 2 : 1;
    }
  }
  return words;
}

/** Whether the words' last bits are their checksum. */
function hasChecksum(words: readonly Word[]): boolean {
  const bits = words.length * 11;
  const bytes = new Uint8Array(Math.ceil(bits / 8));
  for (let bit = 0; bit < bits; bit++) {
    if ((words[Math.floor(bit / 11)]!.index >> (10 - (bit % 11))) & 1) bytes[bit >> 3]! |= 0x80 >> (bit & 7);
  }
  const checkBits = words.length / 3;
  const entropy = bytes.slice(0, (bits - checkBits) / 8);
  const found = checkBits === 8 ? bytes[entropy.length]! : bytes[entropy.length]! >> (8 - checkBits);
  const agrees = sha256(entropy)[0]! >> (8 - checkBits) === found;
  bytes.fill(0);
  entropy.fill(0);
  return agrees;
}

interface Candidate {
  readonly words: readonly Word[];
  /** The words in lower case, one blank between them. */
  readonly phrase: Uint8Array;
}

export default defineDetector<Candidate>({
  id: 'bip39-mnemonic',
  title: 'Mnemonic phrase (BIP-39)',
  severity: 'critical',
  doc: tokenDoc(
    `
The words that the keys of a wallet are derived from ([BIP-39](https://github.com/bitcoin/bips/blob/master/bip-0039.mediawiki)), in English, behind a
name such as \`mnemonic\`, \`seed phrase\` or \`RECOVERY_PHRASE\`, in one line or as a list. A phrase without such a name is not
found: its words are ordinary ones.`,
    "move everything that the wallet's accounts hold to keys of a new phrase, now.",
    'all words are of the list, and the last one holds the right piece of SHA-256 (4 to 8 bits)',
  ),
  anchors: ANCHORS.map((text) => ({ text, wide: 'utf-16' })),
  reach: { before: 0, after: 16 + MAX_DISTANCE + 25 * (MAX_WORD + MAX_SEPARATOR) },

  parse({ bytes, at, length }) {
    let next = at + length;
    const limit = Math.min(bytes.length, next + MAX_DISTANCE);
    while (next < limit) {
      const words = isLetter(bytes[next - 1]) ? [] : readWords(bytes, next);
      const count = WORD_COUNTS.find((count) => words.length === count);
      if (count) {
        const phrase = new Uint8Array(words.reduce((sum, { start, end }) => sum + end - start + 1, -1)).fill(0x20);
        let to = 0;
        for (const { start, end } of words) {
          for (let i = start; i < end; i++) phrase[to++] = bytes[i]! | 0x20;
          to++;
        }
        return { words, phrase };
      }
      if (bytes[next] === 0) return undefined;
      next++;
    }
    return undefined;
  },

  verify({ words, phrase }) {
    // Published phrases repeat one word: `abandon … about`, `test … junk`.
    const repeated = new Set(words.map(({ index }) => index)).size <= words.length / 2;
    if (!hasChecksum(words)) {
      phrase.fill(0);
      return [];
    }
    const known = repeated ? 'BIP-39 test phrase' : knownValue(phrase);
    return [
      {
        verdict: 'proven',
        span: { start: words[0]!.start, end: words.at(-1)!.end },
        traits: {
          algorithm: 'mnemonic',
          form: 'phrase',
          proof: 'checksum',
          bits: (words.length * 32) / 3,
          ...(known && { known }),
        },
        secret: phrase,
      },
    ];
  },

  examples(make) {
    const phrases = [16, 32, 24].map((length) => make.mnemonic(make.bytes(length)));
    const [short, long, middle] = phrases as [readonly string[], readonly string[], readonly string[]];
    const hit = (name: string, before: string, text: string, words: readonly string[], after = '"'): Hit => ({
      name,
      bytes: make.ascii(before + text + after),
      span: { start: before.length, end: before.length + text.length },
      verdict: 'proven',
      traits: { algorithm: 'mnemonic', form: 'phrase', proof: 'checksum', bits: (words.length * 32) / 3 },
      secrets: [make.ascii(words.join(' '))],
    });
    const wrong = make.mnemonic(make.bytes(16)).slice(0, 11);
    return {
      hits: [
        hit('environment', 'MNEMONIC=', short.join(' '), short, '\0'),
        hit('JSON', '{"mnemonic":"', long.join(' '), long),
        hit('list', 'mnemonic: ["', middle.join('","'), middle),
        hit('sentence', 'Your recovery phrase is: ', short.join(' '), short, '\n'),
        hit('upper case', 'seed phrase: ', short.join(' ').toUpperCase(), short, '\n'),
      ],
      misses: [
        { name: 'eleven words', bytes: make.ascii(`mnemonic: ${wrong.join(' ')}\0`), reaches: 'anchor' },
        {
          name: 'prose',
          bytes: make.ascii('the mnemonic is a list of words that you can write down'),
          reaches: 'anchor',
        },
        {
          name: 'words in another order',
          bytes: make.ascii(`mnemonic: ${reordered(make.mnemonic(new Uint8Array(16).fill(9)))}\0`),
          reaches: 'verify',
        },
      ],
    };
  },
});

/** The words backwards. */
function reordered(words: readonly string[]): string {
  return [...words].reverse().join(' ');
}
