/** RAR archives, versions 1.5 to 5. Read through 7-Zip (`codecs/seven-zip.ts`), when that is installed. */
import { hasBytes } from '../bytes/reader.ts';
import { sevenZipContainer } from './codecs/seven-zip.ts';

export default sevenZipContainer({
  id: 'rar',
  title: 'RAR archive',
  what: '[RAR](https://www.rarlab.com/technote.htm) archives, versions 1.5 to 5.',
  recognise: (head) => hasBytes(head, 0, [0x52, 0x61, 0x72, 0x21, 0x1a, 0x07]),
  type: '*',
});
