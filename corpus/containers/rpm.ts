/** Writes rpm packages by the "RPM Package Format" of rpm.org: lead, two headers, payload. */
import type { ContainerSample } from '../dump-sample.ts';
import { concat } from '../encode/text.ts';

function header(tags: readonly (readonly [tag: number, text: string])[]): Uint8Array {
  const data = concat(...tags.map(([, text]) => Uint8Array.from(Buffer.from(`${text}\0`, 'latin1'))));
  const bytes = new Uint8Array(16 + tags.length * 16);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x8eade801);
  view.setUint32(8, tags.length);
  view.setUint32(12, data.length);
  let offset = 0;
  for (const [i, [tag, text]] of tags.entries()) {
    for (const [k, value] of [tag, 6, offset, 1].entries()) view.setUint32(16 + i * 16 + k * 4, value);
    offset += text.length + 1;
  }
  return concat(bytes, data);
}

export function samples(): readonly ContainerSample[] {
  const lead = new Uint8Array(96);
  lead.set([0xed, 0xab, 0xee, 0xdb, 3, 0]);
  const signature = header([[269, 'signature']]);
  const padded = concat(signature, new Uint8Array((8 - (signature.length % 8)) % 8));
  const payload = Uint8Array.from({ length: 999 }, (_, i) => (i * i * 3 + i) & 255);
  const tags = header([
    [1000, 'name'],
    [1124, 'cpio'],
    [1125, 'gzip'],
  ]);
  return [
    {
      name: 'a package',
      container: 'rpm',
      bytes: concat(lead, padded, tags, payload),
      members: [{ name: 'payload', content: payload }],
      counts: [104, 108, 96 + padded.length + 8, 96 + padded.length + 12].map((at) => ({ at, bytes: 4 as const })),
      headerBytes: 96 + padded.length + tags.length,
    },
  ];
}
