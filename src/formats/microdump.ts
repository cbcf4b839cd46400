/**
 * Breakpad microdumps (microdump_writer.cc): a small dump as lines of Android's log. The stack is in it as hex, which the
 * container `hex-memory` decodes.
 */
import { publicNumber, publicText } from '../bytes/public-words.ts';
import { indexOfText } from '../bytes/reader.ts';
import { defineFormat } from '../model/format.ts';
import { readSections } from './text/sections.ts';

const BEGIN = '-----BEGIN BREAKPAD MICRODUMP-----';
const TAG = 'google-breakpad';
const END = '-----END BREAKPAD MICRODUMP-----';
/** A line of the log begins with time, tag and process in less than this. */
const MAX_PREFIX_CHARS = 96;

export default defineFormat({
  id: 'microdump',
  title: 'Breakpad microdump (Android log)',
  doc: `
Log text with \`-----BEGIN BREAKPAD MICRODUMP-----\`: version, system, stack, context and modules of the crashed thread, as
Chromium and WebView write them. Source: \`microdump_writer.cc\` of Breakpad.
`,

  recognise(head) {
    // Programs that write microdumps hold the line too; a log is text.
    return (
      head.subarray(0, 64).every((char) => char >= 0x20 || char === 9 || char === 10 || char === 13) &&
      indexOfText(head, BEGIN, 0) >= 0
    );
  },

  async readLayout(input) {
    const facts: { name: string; value: string }[] = [];
    let pid: number | undefined;
    let count = 0;
    const { regions, gaps } = await readSections(input, { kind: 'stream', label: 'log' }, (line, current) => {
      const prefix = line.subarray(0, MAX_PREFIX_CHARS);
      if (indexOfText(prefix, BEGIN, 0) >= 0) return { kind: 'stream', label: `microdump ${++count}` };
      if (indexOfText(prefix, END, 0) >= 0) return { kind: 'stream', label: 'log' };
      const tag = indexOfText(prefix, TAG, 0);
      const colon = tag < 0 ? -1 : indexOfText(prefix, ': ', tag);
      if (colon < 0) return undefined;
      // Up to the letter that says what the line holds, so that none of its content becomes text.
      // `google-breakpad( 4711): V`, or `4711  4711 F google-breakpad: V`, after the log format.
      const text = publicText(prefix, { start: 0, end: colon + 4 });
      const type = /(?:(\d+)\s+\d+ \w )?google-breakpad(?:\s*\(\s*(\d+)\))?: ([VOPRGSHCM])$/.exec(text);
      if (!type) return undefined;
      pid ??= publicNumber(type[2] ?? type[1]);
      const isFact = type[3] === 'V' || type[3] === 'O';
      if (isFact && facts.length < 2) {
        const value = publicText(line, { start: colon + 4, end: line.length });
        facts.push({ name: type[3] === 'V' ? 'version' : 'system', value });
      }
      const label = type[3] === 'S' ? `stack of microdump ${count} (hex)` : `microdump ${count}`;
      return label === current.label ? undefined : { kind: type[3] === 'S' ? 'stack' : 'stream', label };
    });
    return { regions, ...(pid !== undefined && { process: { pid } }), facts, gaps };
  },
});
