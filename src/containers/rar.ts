/** RAR archives, versions 1.5 to 5. Read through 7-Zip (`codecs/seven-zip.ts`), when that is installed. */
import { hasBytes } from '../bytes/reader.ts';
import { defineContainer } from '../model/container.ts';
import { openWithSevenZip } from './codecs/seven-zip.ts';

export default defineContainer({
  id: 'rar',
  title: 'RAR archive',
  doc: `
[RAR](https://www.rarlab.com/technote.htm) archives, versions 1.5 to 5.

Needs the optional package \`7z-wasm\` (\`npm install 7z-wasm\`; LGPL-2.1 with the unRAR restriction): without it the file is a gap that says so, and its bytes are
searched as they are. A gap as well: encrypted members, methods and volumes that 7-Zip does not read.`,
  access: 'random',
  recognise: (head) => hasBytes(head, 0, [0x52, 0x61, 0x72, 0x21, 0x1a, 0x07]),
  open: (input) => openWithSevenZip(input, '*'),
});
