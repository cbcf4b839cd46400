import { describe, expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { isArmoured, readBody, readBodyBefore, readMarker } from './pem.ts';

const make = createMake('pem');
const DASHES = '-'.repeat(5);
const begin = (label: string): string => `${DASHES}BEGIN ${label}${DASHES}`;
const end = (label: string): string => `${DASHES}END ${label}${DASHES}`;
const LABEL = 'RSA PRIVATE KEY';
const plain = make.bytes(640);
const lines = make.base64(plain).match(/.{1,64}/g) ?? [];
const markerIn = (text: string) => readMarker(make.ascii(text), text.indexOf('PRIVATE'));

describe('readMarker', () => {
  it.each([
    ['PKCS#8', begin('PRIVATE KEY'), 'begin', 'PRIVATE KEY'],
    ['PKCS#1', begin(LABEL), 'begin', LABEL],
    ['OpenSSH', end('OPENSSH PRIVATE KEY'), 'end', 'OPENSSH PRIVATE KEY'],
    ['PGP', begin('PGP PRIVATE KEY BLOCK'), 'begin', 'PGP PRIVATE KEY BLOCK'],
    ['SSH.COM', '---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----', 'begin', 'SSH2 ENCRYPTED PRIVATE KEY'],
    ['digits', begin('NEBULA X25519 PRIVATE KEY'), 'begin', 'NEBULA X25519 PRIVATE KEY'],
    ['form encoding', begin(LABEL).replaceAll(' ', '+'), 'begin', LABEL],
    ['percent encoding', begin(LABEL).replaceAll(' ', '%20'), 'begin', LABEL],
    ['four dashes left', begin(LABEL).slice(1), 'begin', LABEL],
  ])('reads: %s', (_, text, kind, label) => {
    expect(markerIn(text)).toEqual({ kind, label, start: 0, end: text.length });
  });

  it('keeps to its own line', () => {
    const text = `${end('CERTIFICATE')}\n${begin(LABEL)}\nMIIE`;
    expect(markerIn(text)).toMatchObject({ kind: 'begin', start: 26, end: 26 + 31 });
  });

  it.each([
    ['three dashes', `---BEGIN ${LABEL}${DASHES}`],
    ['no closing dashes', `${DASHES}BEGIN ${LABEL}`],
    ['lower case', `${DASHES}BEGIN rsa PRIVATE KEY${DASHES}`],
    ['another word', `${DASHES}FOUND ${LABEL}${DASHES}`],
    ['no blank', `${DASHES}BEGINRSA PRIVATE KEY${DASHES}`],
    ['a label without end', `${DASHES}BEGIN ${'A '.repeat(40)}PRIVATE KEY${DASHES}`],
    ['only the label', LABEL],
    ['a format string', `${DASHES}BEGIN %s PRIVATE KEY${DASHES}`],
  ])('refuses: %s', (_, text) => {
    expect(markerIn(text)).toBeUndefined();
  });
});

describe('readBody', () => {
  const read = (text: string) => {
    const bytes = make.ascii(text);
    return readBody(bytes, readMarker(bytes, text.indexOf('PRIVATE'))!);
  };
  const join = (separator: string): string => [begin(LABEL), ...lines, end(LABEL)].join(separator);

  it.each([
    ['LF', join('\n')],
    ['CRLF', join('\r\n')],
    ['escaped', join('\\n')],
    ['doubly escaped', join('\\\\n')],
    ['one line', join(' ')],
    ['no line ends at all', join('')],
    ['YAML', join('\n        ')],
    ['JavaScript', join("\\n' +\n      '")],
    ['C', join('\\n"\n  "')],
    ['list', join('",\n  "')],
    ['URL', encodeURIComponent(join('\n')).replaceAll('%20', '+')],
    ['XML attribute', join('&#xA;')],
    ['blank line after BEGIN', join('\n').replace('\n', '\n\n')],
  ])('reads: %s', (_, text) => {
    const body = read(text);
    expect(body.bytes).toEqual(plain);
    expect(body).toMatchObject({ start: 0, end: text.length, cut: 'none', encrypted: false });
  });

  const headers = 'Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00112233445566778899AABBCCDDEEFF\n';
  it.each([
    ['RFC 1421', `${headers}\n`, '\n', true],
    ['RFC 1421, CRLF', `${headers}\n`, '\r\n', true],
    ['RFC 1421, escaped', `${headers}\n`, '\\n', true],
    ['RFC 1421, doubly escaped', `${headers}\n`, '\\\\n', true],
    ['RFC 1421 on one line', `${headers}\n`, ' ', true],
    ['RFC 4716', 'Subject: me\nComment: "a b: c, \\\nd"\n', '\n', false],
  ])('skips headers: %s', (_, head, eol, encrypted) => {
    const text = join('\n').replace('\n', `\n${head}`);
    const body = read(eol === '\n' ? text : text.replaceAll('\n', eol));
    expect(body.bytes).toEqual(plain);
    expect(body).toMatchObject({ encrypted, cut: 'none' });
  });

  it.each([
    ['the end of the data', ''],
    ['NUL, as in an environment block', '\0PATH=/usr/bin'],
    ['a quote, as in a heap snapshot', '",\n"next string'],
    ['another PEM', `\n${begin('CERTIFICATE')}\nMIIC`],
  ])('is cut off by: %s', (_, after) => {
    const text = [begin(LABEL), ...lines.slice(0, 5)].join('\\n');
    const body = read(text + after);
    expect(body.bytes.subarray(0, 240)).toEqual(plain.slice(0, 240));
    expect(body.cut).toBe('tail');
  });

  it('stops in front of a PEM that follows', () => {
    const text = join('\n');
    expect(read(`${text}\n${begin('CERTIFICATE')}\nAAAA`)).toMatchObject({ end: text.length, bytes: plain });
  });

  it('takes the checksum of OpenPGP into the span', () => {
    const text = [begin(LABEL), ...lines, '=abcd', end(LABEL)].join('\n');
    expect(read(text)).toMatchObject({ cut: 'none', end: text.length, bytes: plain });
  });
});

describe('readBodyBefore', () => {
  const read = (text: string) => {
    const bytes = make.ascii(text);
    return readBodyBefore(bytes, readMarker(bytes, text.lastIndexOf('PRIVATE'))!);
  };

  describe.each([
    ['LF', '\n'],
    ['CRLF', '\r\n'],
    ['escaped', '\\n'],
    ['doubly escaped', '\\\\n'],
    ['escaped CRLF', '\\r\\n'],
    ['one line', ' '],
    ['C', '\\n"\n  "'],
  ])('%s', (_, eol) => {
    // 638, 639 and 640 bytes: no, one and two characters of padding.
    it.each([638, 639, 640])('reads the tail of %i bytes, wherever the head was cut', (length) => {
      const whole = plain.slice(0, length);
      const text = [...(make.base64(whole).match(/.{1,64}/g) ?? []), end(LABEL)].join(eol);
      for (let from = 300; from < 300 + 64 + eol.length; from++) {
        const body = read(`\0${text.slice(from)}`);
        expect(body?.cut).toBe('head');
        expect(body!.bytes.length).toBeGreaterThan(300);
        expect(body!.bytes).toEqual(whole.slice(-body!.bytes.length));
      }
    });
  });

  it.each([
    ['the BEGIN line is there', [begin(LABEL), ...lines, end(LABEL)].join('\n')],
    ['nothing before', end(LABEL)],
    ['only line ends before', `\0\n\n${end(LABEL)}`],
    ['END right after BEGIN', `${begin(LABEL)}\n${end(LABEL)}`],
  ])('gives nothing when: %s', (_, text) => {
    expect(read(text)).toBeUndefined();
  });
});

describe('isArmoured', () => {
  it.each([
    ['LF', `${begin(LABEL)}\n`, true],
    ['escaped', `${begin(LABEL)}\\n`, true],
    ['quoted and added', `"${begin(LABEL)}\\n" +\n   "`, true],
    ['no line end', begin(LABEL), true],
    ['nothing before', '', false],
    ['another label', `${begin('SECRET')}\n`, false],
    ['an END line', `${end(LABEL)}\n`, false],
    ['words between', `${begin(LABEL)}\nkey=`, false],
  ])('%s', (_, before, expected) => {
    expect(isArmoured(make.ascii(`${before}MIIEpAIBAAKCAQEA`), before.length)).toBe(expected);
  });
});
