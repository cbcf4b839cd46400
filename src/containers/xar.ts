/** xar archives: installer packages of macOS (.pkg). Read through 7-Zip (`codecs/seven-zip.ts`), when that is installed. */
import { hasText } from '../bytes/reader.ts';
import { defineContainer } from '../model/container.ts';
import { openWithSevenZip } from './codecs/seven-zip.ts';

export default defineContainer({
  id: 'xar',
  title: 'xar archive',
  doc: `
[xar](https://github.com/mackyle/xar/wiki/xarformat) archives: installer packages of macOS (.pkg).

Needs the optional package \`7z-wasm\` (\`npm install 7z-wasm\`; LGPL-2.1 with the unRAR restriction): without it the file is a gap that says so, and its bytes are
searched as they are. A gap as well: encrypted members, methods and volumes that 7-Zip does not read.`,
  access: 'random',
  recognise: (head) => hasText(head, 0, 'xar!'),
  open: (input) => openWithSevenZip(input, 'xar'),
});
