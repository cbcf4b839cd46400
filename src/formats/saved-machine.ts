/**
 * States of machines, virtual or hibernated, whose memory nobody here puts together: recognised and named, so that
 * searching their bytes is never mistaken for searching the memory. The gap says which tool writes that memory out.
 * Signatures: PO_MEMORY_IMAGE (ntoskrnl's symbols), VirtualBox SSM.cpp, QEMU savevm.c, dissect.hypervisor's hyperv, MagnetForensics' z2dmp.
 */
import { hasBytes, hasText, indexOfText, u32le } from '../bytes/reader.ts';
import { FormatError } from '../model/errors.ts';
import { defineFormat, HEAD_BYTES } from '../model/format.ts';

interface Kind {
  readonly name: string;
  /** For the gap: what is not seen, and what makes a readable image of it. */
  readonly todo: string;
  recognise(head: Uint8Array): boolean;
}

const PAGE = 4096;
/** Of a block of compressed pages: hibernation before Windows 8. */
const XPRESS = '\x81\x81xpress';

/**
 * The signature alone could begin a text: the page size (behind a field of 4 or 8 bytes) or, once the machine was
 * resumed, zeros follow. A file whose first page was wiped is known by its blocks.
 */
function isHibernation(head: Uint8Array): boolean {
  const pages = [u32le(head, 20), u32le(head, 24)];
  if (['hibr', 'wake', 'rstr'].some((text) => hasText(head, 0, text) || hasText(head, 0, text.toUpperCase()))) {
    return pages.includes(PAGE) || (head.length >= 64 && head.subarray(4, 64).every((byte) => byte === 0));
  }
  const isWiped = head.length > PAGE && head.subarray(0, PAGE).every((byte) => byte === 0);
  return isWiped && indexOfText(head, XPRESS, PAGE) >= 0;
}

const KINDS: readonly Kind[] = [
  {
    name: 'Windows hibernation file (hiberfil.sys)',
    todo: 'hiberfil: its pages are compressed, MemProcFS shows them',
    recognise: isHibernation,
  },
  {
    name: 'VirtualBox saved state (.sav)',
    todo: 'sav: its pages are compressed, VBoxManage debugvm dumpvmcore writes them',
    recognise: (head) => hasText(head, 0, '\x7fVirtualBox SavedState V'),
  },
  {
    name: 'QEMU machine state (savevm, migrate)',
    todo: 'savevm: its pages lie apart, dump-guest-memory writes them joined',
    recognise: (head) => hasText(head, 0, 'QEVM\0\0\0'),
  },
  {
    name: 'Hyper-V machine state (.vmrs)',
    todo: 'vmrs: its blocks are compressed, MemProcFS shows them',
    recognise: (head) => hasBytes(head, 0, [0x14, 0x20, 0x28, 0x01]) && head.length > PAGE,
  },
  {
    name: 'compressed Windows dump of DumpIt (.zdmp)',
    todo: 'zdmp: its blocks are compressed, z2dmp writes the dump out',
    recognise: (head) => hasText(head, 0, 'ZDMP') && hasText(head, PAGE, 'ZBLK'),
  },
];

export default defineFormat({
  id: 'saved-machine',
  title: 'Saved machine state (hiberfil.sys, VirtualBox .sav, QEMU savevm, Hyper-V .vmrs, DumpIt .zdmp)',
  doc: `
Memory that Windows or a hypervisor wrote for itself, in pieces and mostly compressed. These files are recognised and searched as
bytes: pages that lie in them as they are, are seen. All else is a gap that names the tool to write the memory out with: MemProcFS for
\`hiberfil.sys\` and \`.vmrs\`, \`VBoxManage debugvm NAME dumpvmcore\` for \`.sav\` (an ELF core), \`dump-guest-memory\` of QEMU's monitor
instead of \`savevm\` (an ELF core, or kdump), \`z2dmp\` for \`.zdmp\` (a kernel dump). Hyper-V's older \`.bin\` is plain memory, and searched as such; so is a \`.vmem\` of VMware.
`,

  recognise: (head) => KINDS.some((kind) => kind.recognise(head)),

  async readLayout(input) {
    const head = new Uint8Array(Math.min(HEAD_BYTES, input.size));
    const read = await input.read(head, 0);
    const kind = KINDS.find(({ recognise }) => recognise(head.subarray(0, read)));
    head.fill(0);
    if (!kind) throw new FormatError('saved-machine.signature');
    return {
      regions: [],
      addressSpace: 'physical',
      facts: [{ name: 'kind', value: kind.name }],
      gaps: [{ code: 'not-opened', detail: kind.todo }],
    };
  },
});
