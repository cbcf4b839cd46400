/** Windows images: installation media, backups. Read through 7-Zip (`codecs/seven-zip.ts`), when that is installed. */
import { hasText } from '../bytes/reader.ts';
import { defineContainer } from '../model/container.ts';
import { openWithSevenZip } from './codecs/seven-zip.ts';

export default defineContainer({
  id: 'wim',
  title: 'Windows image (WIM)',
  doc: `
[Windows Imaging Format](https://www.microsoft.com/en-us/download/details.aspx?id=13096) files: installation media, backups.

Needs the optional package \`7z-wasm\` (\`npm install 7z-wasm\`; LGPL-2.1 with the unRAR restriction): without it the file is a gap that says so, and its bytes are
searched as they are. A gap as well: encrypted members, methods and volumes that 7-Zip does not read.`,
  access: 'random',
  recognise: (head) => hasText(head, 0, 'MSWIM\0\0\0'),
  open: (input) => openWithSevenZip(input, 'wim'),
});
