import { createPrivateKey } from 'node:crypto';
import { expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { openEncryptedKey } from './encrypted-key.ts';
import { proveKey } from './key-parts.ts';

const make = createMake('encrypted-key');
const key = make.ec('P-256');
const pkcs8 = make.pkcs8(key);

const encrypt = (passphrase: string): Uint8Array =>
  new Uint8Array(
    createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' }).export({
      format: 'der',
      type: 'pkcs8',
      cipher: 'aes-256-cbc',
      passphrase,
    }),
  );

it.each(['changeit', 'password', 'mimikatz'])('opens a key under %s', (password) => {
  const [opened, ...more] = [...openEncryptedKey(encrypt(password))].map(({ parts }) => parts.type);
  expect(opened).toBe('ec');
  expect(more).toEqual([]);
  for (const { parts } of openEncryptedKey(encrypt(password))) {
    expect(proveKey(parts)?.traits.publicKeySha256).toBe(make.publicKeySha256(key));
  }
});

it('wipes what it decrypted, also when the caller stops early', () => {
  const document = encrypt('changeit');
  let plain: Uint8Array | undefined;
  for (const opened of openEncryptedKey(document)) {
    plain = opened.plain;
    break;
  }
  expect(plain).toEqual(new Uint8Array(plain!.length));
});

it('opens with the password of the keystore around, and not with another', () => {
  const password = make.text(12);
  const document = encrypt(password);
  expect([...openEncryptedKey(document, password)]).toHaveLength(1);
  expect([...openEncryptedKey(document)]).toEqual([]);
});

it('takes rubbish', () => {
  expect([...openEncryptedKey(make.bytes(100))]).toEqual([]);
  expect([...openEncryptedKey(new Uint8Array(0))]).toEqual([]);
});
