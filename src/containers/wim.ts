/** Windows images: installation media, backups. Read through 7-Zip (`codecs/seven-zip.ts`), when that is installed. */
import { hasText } from '../bytes/reader.ts';
import { sevenZipContainer } from './codecs/seven-zip.ts';

export default sevenZipContainer({
  id: 'wim',
  title: 'Windows image (WIM)',
  what: '[Windows Imaging Format](https://www.microsoft.com/en-us/download/details.aspx?id=13096) files: installation media, backups.',
  recognise: (head) => hasText(head, 0, 'MSWIM\0\0\0'),
});
