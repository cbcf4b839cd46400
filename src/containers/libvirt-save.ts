/**
 * What `virsh save` and managed saves write (libvirt, qemu_saveimage.h): a header in the host's byte order, the domain's
 * XML, then QEMU's machine state, compressed or not. That is the one member.
 */

import { ForwardReader } from '../bytes/forward-reader.ts';
import { hasText, u32be, u32le } from '../bytes/reader.ts';
import { defineContainer } from '../model/container.ts';
import { FormatError, SourceError } from '../model/errors.ts';
import { restAsMember } from './codecs/rest.ts';

/** Magic number, then 19 numbers of 32 bits. */
const HEADER_BYTES = 92;
/** An XML of some ten kilobytes, and a cookie. Guards a skip, no allocation. */
const MAX_XML_BYTES = 2 ** 28;

/** Partial saves begin with the second one. */
const isSave = (head: Uint8Array): boolean =>
  hasText(head, 0, 'LibvirtQemudSave') || hasText(head, 0, 'LibvirtQemudPart');

export default defineContainer({
  id: 'libvirt-save',
  title: 'libvirt save image (virsh save)',
  doc: `Images of \`virsh save\` and managed saves, versions 1 and 2, compressed with gzip, bzip2, xz, lzop or Zstandard, or not at all: the machine state behind
header and XML is the one member, and opened in turn. Source: \`qemu_saveimage.h\` of libvirt.`,
  access: 'sequential',
  recognise: isSave,
  async *open(input) {
    const reader = new ForwardReader(input);
    try {
      const head = await reader.take(HEADER_BYTES);
      if (head.length < HEADER_BYTES) throw new SourceError('truncated', 'libvirt-save.header');
      // Versions are small: the byte order in which this one is.
      const read = u32le(head, 16)! < 0x1_0000 ? u32le : u32be;
      const xmlBytes = read(head, 20)!;
      if (xmlBytes > MAX_XML_BYTES) throw new FormatError('libvirt-save.data_len');
      if ((await reader.skip(xmlBytes)) < xmlBytes || (await reader.peek(1)).length === 0) {
        throw new SourceError('truncated', 'libvirt-save.state');
      }
      yield restAsMember('state', reader, input);
    } finally {
      reader.close();
    }
  },
});
