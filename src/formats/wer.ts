/**
 * Windows Error Reporting's `Report.wer`: `key=value` lines in UTF-16LE after a byte-order mark. Microsoft documents the
 * interface (werapi.h), not the file; the keys are those that Windows 7 to 11 write.
 */
import { InputWindow } from '../bytes/input-window.ts';
import { baseName } from '../bytes/public-words.ts';
import { RegionList } from '../bytes/region-list.ts';
import { FormatError } from '../model/errors.ts';
import { defineFormat, type LayoutGap } from '../model/format.ts';

/** Reports have less than a megabyte. */
const MAX_REPORT_BYTES = 16_777_216;
const FACTS = ['EventType', 'AppName', 'OriginalFilename', 'ReportIdentifier', 'OsInfo[3].Value'];
const LONGEST_KEY = 64;

/** Text in UTF-16LE of what is public: keys, and the values of some. */
const decode = (bytes: Uint8Array, start: number, end: number): string =>
  new TextDecoder('utf-16le').decode(bytes.subarray(start, end));

/** Where the `=` is; the value must not become text. */
function endOfKey(bytes: Uint8Array, start: number, lineEnd: number): number {
  const limit = Math.min(lineEnd, start + 2 * LONGEST_KEY);
  let at = start;
  while (at < limit && !(bytes[at] === 0x3d && bytes[at + 1] === 0)) at += 2;
  return at;
}

const sectionOf = (key: string): string =>
  /^(LoadedModule|OsInfo|Sig|DynamicSig|State|UI|File|CustomSig)\b/.exec(key)?.[1] ?? 'report';

export default defineFormat({
  id: 'wer',
  title: 'Windows Error Reporting report (.wer)',
  doc: `
\`Report.wer\` from \`ReportArchive\` and \`ReportQueue\`: UTF-16LE \`key=value\` lines, labelled by the group of their keys
(signature, loaded modules …). Minidumps that belong to the report lie beside it and are files of their own.
`,

  recognise(head) {
    if (head[0] !== 0xff || head[1] !== 0xfe) return false;
    const text = decode(head, 2, Math.min(head.length - (head.length % 2), 256));
    return /^Version=\d+\r?\nEventType=/.test(text);
  },

  async readLayout(input) {
    const bytes = await new InputWindow(input).read(0, Math.min(MAX_REPORT_BYTES, input.size));
    if (bytes[0] !== 0xff || bytes[1] !== 0xfe) throw new FormatError('wer.bom');
    const regions = new RegionList();
    const facts: { name: string; value: string }[] = [];
    let name: string | undefined;
    for (let start = 2; start < bytes.length; ) {
      let end = bytes.indexOf(0x0a, start);
      // A unit of 0x0a, not the low byte of another one's half.
      while (end >= 0 && (end % 2 !== 0 || bytes[end + 1] !== 0)) end = bytes.indexOf(0x0a, end + 1);
      const next = end < 0 ? bytes.length : Math.min(bytes.length, end + 2);
      const key = decode(bytes, start, endOfKey(bytes, start, next));
      regions.add({ kind: 'stream', label: sectionOf(key), start, end: next });
      if (FACTS.includes(key) || key === 'AppPath') {
        const value = decode(bytes, start + 2 * (key.length + 1), Math.min(next, start + 600)).trim();
        if (key === 'AppPath') name = baseName(value);
        else if (facts.length < FACTS.length) facts.push({ name: key, value });
      }
      start = next;
    }
    const gaps: LayoutGap[] = bytes.length === MAX_REPORT_BYTES ? [{ code: 'over-budget', detail: 'wer.size' }] : [];
    return { regions: regions.done(), ...(name && { process: { name } }), facts, gaps };
  },
});
