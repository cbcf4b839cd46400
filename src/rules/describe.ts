/** A rule as an entry of the catalogue. */
import type { Detector } from '../model/detector.ts';
import type { PreparedRule } from '../model/rule.ts';

export function describeRule(rule: PreparedRule): Pick<Detector, 'id' | 'title' | 'doc' | 'severity'> {
  const { id, title, severity, regex, keywords, entropy, path, allowLists } = rule;
  const code = (text: string): string => `\`${text.replaceAll('`', '\\x60')}\``;
  const lines = [
    'A rule of your own: what it finds is likely, never proven.',
    '',
    `- **Regex** ${code(regex)}`,
    keywords.length > 0
      ? `- **Keywords** ${keywords.map(code).join(', ')}`
      : `- **Searched for by** ${rule.anchors.map(({ text }) => code(text)).join(', ')}, of the regex`,
    `- **Window** ${rule.windowChars} characters around them`,
    ...(entropy > 0 ? [`- **Entropy** above ${entropy} bits per character`] : []),
    ...(path !== '' ? [`- **Files** whose path matches ${code(path)}`] : []),
    ...(allowLists.length > 0 ? [`- **Allow-lists** ${allowLists.length}`] : []),
  ];
  return { id, title, severity, doc: lines.join('\n') };
}
