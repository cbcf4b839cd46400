/** What ssh-keygen doesn't write; its own files are read in document.test.ts. */
import { describe, expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { proveKey } from './key-parts.ts';
import { readOpenSshKey } from './openssh.ts';

const make = createMake('openssh');
const u32 = (value: number): Uint8Array => make.be(BigInt(value), 4);
const string = (bytes: Uint8Array | string): Uint8Array => make.concat(u32(bytes.length), bytes);
const mpint = (value: bigint): Uint8Array => string(make.concat(new Uint8Array(1), make.be(value)));

const ed = make.okp('Ed25519');
const edFields = make.concat(string('ssh-ed25519'), string(ed.x), string(make.concat(ed.d, ed.x)));
const rsa = make.rsa(1024);
const rsaFields = (members: readonly bigint[]): Uint8Array => make.concat(string('ssh-rsa'), ...members.map(mpint));
const rsaNumbers = [rsa.n, rsa.e, rsa.d, rsa.qi, rsa.p, rsa.q];

function file(fields: Uint8Array, options: { cipher?: string; kdf?: string; count?: number; check?: Uint8Array } = {}) {
  const { cipher = 'none', kdf = 'none', count = 1, check = u32(7) } = options;
  const section = make.concat(u32(7), check, fields, string('comment'), Uint8Array.of(1, 2, 3));
  const keys = Array.from({ length: Math.min(count, 3) }, () => string(make.bytes(51)));
  const head = make.concat('openssh-key-v1\0', string(cipher), string(kdf), string(''), u32(count), ...keys);
  return make.concat(head, string(section));
}
const prove = (bytes: Uint8Array) => {
  const document = readOpenSshKey(bytes, 0);
  return document && proveKey(document.parts);
};

it('reads the key and where it ends', () => {
  const bytes = file(edFields);
  expect(readOpenSshKey(make.concat(make.bytes(9), bytes, make.bytes(9)), 9)).toMatchObject({
    start: 9,
    end: 9 + bytes.length,
  });
  expect(prove(bytes)).toMatchObject({ verdict: 'proven', secret: ed.d });
});

it('reads the first of several keys', () => {
  expect(prove(file(edFields, { count: 3 }))).toMatchObject({ secret: ed.d });
});

describe('cut off', () => {
  const bytes = file(rsaFields(rsaNumbers));
  const endOf = (index: number): number =>
    bytes.length - 4 - 7 - 3 - rsaNumbers.slice(index + 1).reduce((sum, value) => sum + mpint(value).length, 0);
  it.each([
    ['after q', 5, 'p*q=n'],
    ['after p', 4, 'n%p=0'],
    ['after d', 2, 'd*e=1'],
  ])('%s', (_, index, proof) => {
    const cut = bytes.slice(0, endOf(index));
    expect(prove(cut)).toMatchObject({ secret: make.secret(rsa), traits: { proof } });
    expect(readOpenSshKey(cut, 0)!.end).toBeLessThanOrEqual(cut.length);
  });

  it('inside d', () => {
    expect(prove(bytes.slice(0, endOf(2) - 1))).toBeUndefined();
  });
});

describe('security keys and certificates hold no private key of their own', () => {
  it.each(['sk-ssh-ed25519@openssh.com', 'ssh-ed25519-cert-v01@openssh.com', 'ssh-unknown'])('%s', (type) => {
    expect(prove(file(make.concat(string(type), string(ed.x), string(make.bytes(64)))))).toBeUndefined();
  });
});

it.each([
  ['another magic', make.concat('openssh-key-v2\0', file(edFields).slice(15))],
  ['check numbers that differ', file(edFields, { check: u32(8) })],
  ['no key', file(edFields, { count: 0 })],
  ['too many keys', file(edFields, { count: 1e9 })],
  ['a name that is none', file(edFields, { cipher: 'no\x01e' })],
  ['a ciphertext of zeros', file(new Uint8Array(128), { cipher: 'aes256-ctr', kdf: 'bcrypt' })],
  [
    'another public key',
    file(make.concat(string('ssh-ed25519'), string(make.okp().x), string(make.concat(ed.d, ed.x)))),
  ],
])('refuses: %s', (_, bytes) => {
  expect(prove(bytes)).toBeUndefined();
});

it('never fails on damaged bytes', () => {
  const documents = [file(edFields), file(rsaFields(rsaNumbers))];
  for (let round = 0; round < 2000; round++) {
    const bytes = make.pick(documents).slice();
    for (let flips = 1 + make.int(4); flips > 0; flips--) bytes[make.int(bytes.length)] = make.int(256);
    expect(() => readOpenSshKey(bytes.subarray(0, make.int(bytes.length + 1)), 0)).not.toThrow();
  }
});
