/** LHA archives (lzh): header levels 0 to 2. Read through 7-Zip (`codecs/seven-zip.ts`), when that is installed. */
import { hasText } from '../bytes/reader.ts';
import { sevenZipContainer } from './codecs/seven-zip.ts';

export default sevenZipContainer({
  id: 'lzh',
  title: 'LHA archive',
  what: 'LHA archives (.lzh, .lha), [header levels 0 to 2](https://github.com/jca02266/lha/blob/master/header.doc.md).',
  recognise: (head) => hasText(head, 2, '-lh') && head[6] === 0x2d && head[20]! < 3,
});
