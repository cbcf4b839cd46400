/** xar archives: installer packages of macOS (.pkg). Read through 7-Zip (`codecs/seven-zip.ts`), when that is installed. */
import { hasText } from '../bytes/reader.ts';
import { sevenZipContainer } from './codecs/seven-zip.ts';

export default sevenZipContainer({
  id: 'xar',
  title: 'xar archive',
  what: '[xar](https://github.com/mackyle/xar/wiki/xarformat) archives: installer packages of macOS (.pkg).',
  recognise: (head) => hasText(head, 0, 'xar!'),
});
