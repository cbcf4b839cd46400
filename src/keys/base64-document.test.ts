import { describe, expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { readBase64Document } from './base64-document.ts';
import { proveKey } from './key-parts.ts';

const make = createMake('base64-document');

describe.each([0, 1, 2])('a document of 3n + %i bytes', (extra) => {
  const key = make.okp('Ed25519');
  const attributes = make.der.ctx(0, make.der.oct(make.bytes(8 + extra)));
  const bytes = make.der.seq(
    make.der.int(0),
    make.der.seq(make.der.oid('1.3.101.112')),
    make.der.oct(make.der.oct(key.d)),
    attributes,
  );
  const text = make.base64(bytes);

  it.each([
    ['alone', text],
    ['without padding', text.replaceAll('=', '')],
    ['before a quote', `${text}"}`],
    ['before another value of a list', `${text}","${text}"]`],
    ['before words', `${text} and so on`],
  ])('is read: %s', (_, source) => {
    const found = readBase64Document(make.ascii(`x=${source}`), 2)!;
    expect(proveKey(found.parts)).toMatchObject({ secret: key.d });
    expect(found.span.start).toBe(2);
    const read = source.slice(0, found.span.end - 2);
    expect(read.replaceAll('=', '')).toBe(text.replaceAll('=', ''));
  });
});

it.each(['', 'QUJD', 'MIIEpAIBAAKCAQEA', 'b3BlbnNzaC1rZXktdjEA'])('gives nothing for %j', (source) => {
  expect(readBase64Document(make.ascii(source), 0)).toBeUndefined();
});
