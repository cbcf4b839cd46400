/** LHA archives (lzh): header levels 0 to 2. Read through 7-Zip (`codecs/seven-zip.ts`), when that is installed. */
import { hasText } from '../bytes/reader.ts';
import { defineContainer } from '../model/container.ts';
import { openWithSevenZip } from './codecs/seven-zip.ts';

export default defineContainer({
  id: 'lzh',
  title: 'LHA archive',
  doc: `
LHA archives (.lzh, .lha), [header levels 0 to 2](https://github.com/jca02266/lha/blob/master/header.doc.md).

Needs the optional package \`7z-wasm\` (\`npm install 7z-wasm\`; LGPL-2.1 with the unRAR restriction): without it the file is a gap that says so, and its bytes are
searched as they are. A gap as well: encrypted members, methods and volumes that 7-Zip does not read.`,
  access: 'random',
  recognise: (head) => hasText(head, 2, '-lh') && head[6] === 0x2d && head[20]! < 3,
  open: (input) => openWithSevenZip(input, 'lzh'),
});
