/**
 * Node.js diagnostic report (`node_report.cc`, doc/api/report.md): one JSON document. Environment and command line are in
 * it in clear, JSON-escaped. No value becomes a string but those of the header that are public.
 */
import { InputWindow } from '../bytes/input-window.ts';
import { outlineJson } from '../bytes/json-outline.ts';
import { baseName, publicJsonText, publicNumber } from '../bytes/public-words.ts';
import { indexOfText } from '../bytes/reader.ts';
import { RegionList } from '../bytes/region-list.ts';
import { FormatError } from '../model/errors.ts';
import { defineFormat } from '../model/format.ts';

/** Reports are some hundred kilobytes; with many handles or workers some megabytes. */
const MAX_REPORT_BYTES = 67_108_864;

const FACTS = ['nodejsVersion', 'platform', 'arch', 'event', 'trigger', 'dumpEventTime', 'osName', 'osRelease'];

export default defineFormat({
  id: 'node-report',
  title: 'Node.js diagnostic report',
  doc: `
The JSON of \`process.report.writeReport()\` and \`--report-on-fatalerror\`, versions 1 to 5. Environment variables and the
command line are labelled as such, the other members by their name. Source: \`doc/api/report.md\` and \`node_report.cc\`.
`,

  recognise(head) {
    let at = 0;
    while (head[at] === 0x20 || head[at] === 0x0a || head[at] === 0x0d || head[at] === 0x09) at++;
    const header = indexOfText(head, '"header"', at, at + 64);
    if (head[at] !== 0x7b || header < 0) return false;
    return ['"reportVersion"', '"dumpEventTime"'].some((key) => indexOfText(head, key, header, header + 4096) > 0);
  },

  async readLayout(input) {
    const bytes = await new InputWindow(input).read(0, Math.min(MAX_REPORT_BYTES, input.size));
    const { members, complete } = outlineJson(bytes, 0, 3);
    const header = members.find(({ path }) => path === 'header');
    if (!header) throw new FormatError('node-report.header');
    const text = (path: string): string | undefined =>
      publicJsonText(
        bytes,
        members.find((member) => member.path === path),
      );
    const regions = new RegionList();
    const line = members.find(({ path }) => path === 'header.commandLine');
    for (const { path, start, end } of members) {
      // One level is enough: what a worker's report holds is labelled as the worker's.
      if (path.includes('.')) continue;
      const kind = path === 'environmentVariables' ? 'environment' : 'stream';
      if (path === 'header' && line) {
        regions.add({ kind, label: path, start, end: line.start });
        regions.add({ kind: 'environment', label: line.path, start: line.start, end: line.end });
        regions.add({ kind, label: path, start: line.end, end });
      } else regions.add({ kind, label: path, start, end });
    }
    const pid = publicNumber(text('header.processId'));
    const name = baseName(text('header.commandLine.0') ?? '');
    return {
      regions: regions.done(),
      process: { ...(name && { name }), ...(pid !== undefined && { pid }) },
      facts: FACTS.flatMap((key) => {
        const value = text(`header.${key}`);
        return value ? [{ name: key, value }] : [];
      }),
      gaps: complete
        ? []
        : [{ code: bytes.length === MAX_REPORT_BYTES ? 'over-budget' : 'truncated', detail: 'node-report.json' }],
    };
  },
});
