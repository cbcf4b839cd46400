/**
 * HotSpot's fatal error log, `hs_err_pid<pid>.log` (vmError.cpp of OpenJDK): text in sections. It holds the command line,
 * environment variables, registers, and memory as hex words. Trap: values of variables may hold line ends.
 */

import { publicNumber, publicText } from '../bytes/public-words.ts';
import { hasText, indexOfText } from '../bytes/reader.ts';
import { defineFormat } from '../model/format.ts';
import { readSections, type Section } from './text/sections.ts';

/** Lines that begin a section, in vmError.cpp's order; JDK 8 to 24. */
const SECTIONS: readonly (readonly [string, Section])[] = [
  ['Command Line:', { kind: 'environment', label: 'command line' }],
  ['VM Arguments:', { kind: 'environment', label: 'VM arguments' }],
  ['Environment Variables:', { kind: 'environment', label: 'environment variables' }],
  ['Registers:', { kind: 'registers', label: 'registers' }],
  ['XMM[', { kind: 'registers', label: 'registers' }],
  ['Top of Stack:', { kind: 'stack', label: 'top of stack (hex)' }],
  ['Instructions:', { kind: 'memory', label: 'instructions (hex)' }],
  ['Register to memory mapping:', { kind: 'stream', label: 'register to memory mapping' }],
  ['Stack slot to memory mapping:', { kind: 'stream', label: 'stack slot to memory mapping' }],
  ['Dynamic libraries:', { kind: 'stream', label: 'dynamic libraries' }],
  ['Memory map', { kind: 'stream', label: 'dynamic libraries' }],
];
/** What follows the environment, whose end nothing else shows. */
const AFTER_ENVIRONMENT = [
  'Active Locale:',
  'Signal Handlers:',
  'Native Memory Tracking',
  'Periodic native trim',
  'END.',
];

const TITLE = '---------------';

export default defineFormat({
  id: 'hs-err',
  title: 'HotSpot fatal error log (hs_err)',
  doc: `
The text that a Java process leaves when it crashes, JDK 8 and later. Labelled: command line and VM arguments,
environment variables, registers, the top of the stack, instructions, libraries. Source: \`vmError.cpp\` of OpenJDK.
`,

  recognise(head) {
    const title = '# A fatal error has been detected by the Java Runtime Environment';
    const other = '# There is insufficient memory for the Java Runtime Environment';
    const last = Math.min(head.length, 256);
    return head[0] === 0x23 && (indexOfText(head, title, 0, last) > 0 || indexOfText(head, other, 0, last) > 0);
  },

  async readLayout(input) {
    const facts: { name: string; value: string }[] = [];
    let pid: number | undefined;
    let thread: number | undefined;
    let part: Section = { kind: 'stream', label: 'header' };
    const { regions, gaps } = await readSections(input, part, (line, current) => {
      if (hasText(line, 0, '# ') && facts.length < 4) {
        const text = publicText(line);
        const fact =
          /^#\s+(JRE version|Java VM): (.*)$/.exec(text) ?? /^#\s+()(SIG\w+ .*|EXCEPTION_\w+ .*)$/.exec(text);
        if (fact) facts.push({ name: fact[1] || 'signal', value: fact[2]! });
        pid ??= publicNumber(/\bpid=(\d+)/.exec(text)?.[1]);
        thread ??= publicNumber(/\btid=(\d+)/.exec(text)?.[1]);
        return undefined;
      }
      if (hasText(line, 0, TITLE)) {
        const title = publicText(line).replaceAll('-', '').replaceAll(' ', '').toLowerCase();
        part = { kind: 'stream', label: title.slice(0, 32) || 'text' };
        return part;
      }
      const found = SECTIONS.find(([prefix]) => hasText(line, 0, prefix))?.[1];
      if (found) return found.kind === 'stack' && thread !== undefined ? { ...found, thread } : found;
      const inEnvironment = current.label === 'environment variables';
      const ended = inEnvironment ? AFTER_ENVIRONMENT.some((prefix) => hasText(line, 0, prefix)) : line.length === 0;
      return ended && current !== part ? part : undefined;
    });
    return {
      regions,
      ...(pid !== undefined && { process: { pid } }),
      ...(thread !== undefined && { threads: [{ id: thread, crashed: true }] }),
      facts,
      gaps,
    };
  },
});
