/** Source maps, by `JSON.stringify` and by hand for what it does not write. */
import type { ContainerSample } from '../dump-sample.ts';
import { ascii, concat } from '../encode/text.ts';
import { createRng } from '../rng.ts';

export function samples(): readonly ContainerSample[] {
  const utf8 = (text: string): Uint8Array => new Uint8Array(new TextEncoder().encode(text));
  const letters = Array.from(createRng('containers/source-map').bytes(2000), (byte) =>
    String.fromCharCode(97 + (byte % 26)),
  ).join('');
  const escaped = `line\n\t"quoted" \\ é 漢 \u{1f600}\r\n${letters}`;
  const map = {
    version: 3,
    file: 'a.js',
    sources: ['x', 'y', 'z'],
    sourcesContent: [escaped, null, letters],
    names: ['n'],
    mappings: 'AAAA',
  };
  const indexed = {
    version: 3,
    sections: [
      { offset: { line: 0, column: 0 }, map },
      { offset: { line: 9, column: 0 }, map: { ...map, sourcesContent: ['last'] } },
    ],
  };
  const common = { container: 'source-map', counts: [], headerBytes: 200 } as const;
  return [
    {
      ...common,
      name: 'escaped and plain contents',
      bytes: utf8(JSON.stringify(map)),
      members: [
        { name: 'source 0', content: utf8(escaped) },
        { name: 'source 1', content: utf8(letters) },
      ],
    },
    {
      ...common,
      name: 'an indexed map, indented, with a prefix',
      bytes: concat(")]}'\n", utf8(JSON.stringify(indexed, undefined, 2))),
      members: [
        { name: 'source 0', content: utf8(escaped) },
        { name: 'source 1', content: utf8(letters) },
        { name: 'source 2', content: ascii('last') },
      ],
    },
    {
      ...common,
      name: 'all escapes, and an end within a text',
      bytes: ascii('{"version":3,"mappings":"","sourcesContent":["\\u0041\\/\\b\\f\\ud83d\\ude00\\u00e9","open'),
      members: [
        { name: 'source 0', content: utf8('A/\b\f\u{1f600}é') },
        { name: 'source 1', content: ascii('open') },
      ],
      gaps: ['format-error'],
    },
  ];
}
