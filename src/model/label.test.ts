import { describe, expect, it } from 'vitest';
import { MAX_LABEL_LENGTH, sanitizeLabel } from './label.ts';

describe('sanitizeLabel', () => {
  it.each([
    ['plain', 'dumps/app.core', 'dumps/app.core'],
    ['other alphabets', 'отчёт/日本語.dmp', 'отчёт/日本語.dmp'],
    ['newline', 'a\nb', 'a\ufffdb'],
    ['ANSI colour', '\u001b[31mred', '\ufffd[31mred'],
    ['C1 control sequence introducer', '\u009b2J', '\ufffd2J'],
    ['bidi override', 'gpj.\u202eexe', 'gpj.\ufffdexe'],
    ['zero width', 'a\u200bb\ufeff', 'a\ufffdb\ufffd'],
    ['line separator', 'a\u2028b', 'a\ufffdb'],
    ['lone surrogate', 'a\ud800b', 'a\ufffdb'],
    ['password in a URL', 'https://user:pa@ss@host/x', 'https://host/x'],
    ['signed query', 's3://bucket/key?X-Amz-Signature=0123', 's3://bucket/key'],
    ['URL inside', 'copy of ftp://u:p@h/f', 'copy of ftp://h/f'],
    ['command of GitHub', '::add-mask::x', '\ufffd:add-mask::x'],
    ['command of GitHub behind blanks', '  ::stop-commands::x', '  \ufffd:stop-commands::x'],
    ['older command of GitHub', 'a##[add-path]b', 'a\ufffd#[add-path]b'],
    ['command of Azure', '###VSO[task.complete result=Succeeded]', '#\ufffd#VSO[task.complete result=Succeeded]'],
    ['colons within', 'std::vector', 'std::vector'],
    ['no URL', 'mail@host?x#y', 'mail@host?x#y'],
  ])('%s', (_, text, label) => {
    expect(sanitizeLabel(text)).toBe(label);
  });

  it('cuts the middle out of long names', () => {
    const label = sanitizeLabel(`${'a'.repeat(100_000)}/end.dmp`);
    expect(Array.from(label)).toHaveLength(MAX_LABEL_LENGTH);
    expect(label.endsWith('/end.dmp')).toBe(true);
  });

  it('never cuts a surrogate pair', () => {
    expect(sanitizeLabel('😀'.repeat(6000))).not.toMatch(/\p{Cs}/u);
  });

  it('is fast on names made to backtrack', () => {
    const started = performance.now();
    sanitizeLabel(`${'a'.repeat(60_000)}`);
    sanitizeLabel(`${'a:/'.repeat(20_000)}`);
    sanitizeLabel(`${'a://'.repeat(20_000)}`);
    expect(performance.now() - started).toBeLessThan(500);
  });
});
