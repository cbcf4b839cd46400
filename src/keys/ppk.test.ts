import { describe, expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { proveKey } from './key-parts.ts';
import { PPK_MAGIC, partsOfPpk, readPpk } from './ppk.ts';

const make = createMake('ppk');
const { concat } = make;
const key = make.okp('Ed25519');
const string = (bytes: Uint8Array | string): Uint8Array => {
  const content = concat(bytes);
  return concat(make.be(BigInt(content.length), 4), content);
};
const PUBLIC = concat(string('ssh-ed25519'), string(key.x));

function file(encryption: string, publicBlob: Uint8Array, privateBlob: Uint8Array, eol = '\n'): string {
  const lines = [
    `${PPK_MAGIC}3: ssh-ed25519`,
    `Encryption: ${encryption}`,
    'Comment: none of your business',
    'Public-Lines: 2',
    ...(make.base64(publicBlob).match(/.{1,64}/g) ?? []),
    'Private-Lines: 1',
    make.base64(privateBlob),
    `Private-MAC: ${make.hex(make.bytes(32))}`,
  ];
  return lines.join(eol);
}
const prove = (text: string) => {
  const ppk = readPpk(make.ascii(text), text.indexOf(PPK_MAGIC));
  const parts = ppk && partsOfPpk(ppk);
  return parts && proveKey(parts);
};

describe('a clear key', () => {
  it.each(['\n', '\r\n', '\\n', '\\\\n', '\\r\\n'])('with line ends %j', (eol) => {
    const text = `junk ${file('none', PUBLIC, string(key.d), eol)}${eol}more`;
    expect(prove(text)).toMatchObject({ verdict: 'proven', secret: key.d });
    const { start, end } = readPpk(make.ascii(text), 5)!;
    expect(text.slice(start, end)).toMatch(/^PuTTY.*[0-9a-f]{64}$/s);
  });

  it('that does not fit its public half is none', () => {
    expect(prove(file('none', PUBLIC, string(make.bytes(32))))).toBeUndefined();
    expect(prove(file('none', PUBLIC, string(make.bytes(31))))).toBeUndefined();
    expect(prove(file('none', concat(string('ssh-ed25519'), string('short')), string(key.d)))).toBeUndefined();
    expect(prove(file('none', concat(string('ssh-unknown'), string(key.x)), string(key.d)))).toBeUndefined();
  });
});

it('an encrypted key names its public half, whatever its comment says', () => {
  const traits = { protection: 'putty', publicKeySha256: make.publicKeySha256(key) };
  expect(prove(file('aes256-cbc', PUBLIC, make.bytes(48)))).toMatchObject({ traits });
});

it('no cut and no damage makes it fail', () => {
  const text = file('none', PUBLIC, string(key.d));
  for (let end = 0; end < text.length; end++) prove(text.slice(0, end));
  for (let round = 0; round < 500; round++) {
    const bytes = make.ascii(text);
    bytes[PPK_MAGIC.length + make.int(bytes.length - PPK_MAGIC.length)]! ^= 1 << make.int(8);
    const ppk = readPpk(bytes, 0);
    if (ppk) partsOfPpk(ppk);
  }
});
