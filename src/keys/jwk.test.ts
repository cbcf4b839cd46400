import type { KeyObject } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { generateKey } from '../../corpus/generate-key.ts';
import { createMake } from '../../corpus/make.ts';
import { readFlatObject } from '../bytes/json.ts';
import { type KeyType, keyTypeAt, proveJwk } from './jwk.ts';

const make = createMake('jwk');

function prove(text: string, type: KeyType) {
  const bytes = make.ascii(text);
  const at = text.indexOf('kty');
  const object = readFlatObject(bytes, at, at + 3);
  return object && proveJwk(bytes, object, type);
}
describe('keys as node exports them', () => {
  const keys: readonly (readonly [string, KeyType, KeyObject])[] = [
    ['RSA', 'RSA', generateKey('rsa', { modulusLength: 2048 })],
    ['P-521', 'EC', generateKey('ec', { namedCurve: 'P-521' })],
    ['secp256k1', 'EC', generateKey('ec', { namedCurve: 'secp256k1' })],
    ['Ed25519', 'OKP', generateKey('ed25519')],
    ['X448', 'OKP', generateKey('x448')],
  ];
  it.each(keys)('%s', (_, type, key) => {
    const jwk = key.export({ format: 'jwk' });
    for (const text of [JSON.stringify(jwk), JSON.stringify(JSON.stringify(jwk)), inspect(jwk), inspect([{ jwk }])]) {
      expect(prove(text, type)).toMatchObject({ verdict: 'proven' });
    }
  });
});

describe('members that are odd', () => {
  const ec = make.ec('P-256');
  const jwk = make.jwk(ec) as Record<'kty' | 'crv' | 'x' | 'y' | 'd', string>;
  const json = (members: object): string => JSON.stringify({ ...jwk, ...members });

  it('takes the old name of secp256k1, standard base64, and padding', () => {
    const k1 = make.ec('secp256k1');
    expect(prove(JSON.stringify({ ...make.jwk(k1), crv: 'P-256K' }), 'EC')?.traits.curve).toBe('secp256k1');
    expect(prove(json({ d: make.base64(ec.d), x: make.base64(ec.x) }), 'EC')?.secret).toEqual(ec.d);
  });

  it('proves nothing without the public half, with another curve, or a value too long', () => {
    expect(prove(json({ x: undefined, y: undefined }), 'EC')).toBeUndefined();
    expect(prove(json({ crv: 'P-384' }), 'EC')).toBeUndefined();
    expect(prove(json({ crv: 'P-999' }), 'EC')).toBeUndefined();
    expect(prove(json({ x: make.base64url(make.bytes(33)) }), 'EC')).toBeUndefined();
    expect(prove(json({ d: make.base64url(make.bytes(33)) }), 'EC')).toBeUndefined();
    expect(prove(json({ crv: 'Ed25519' }), 'OKP')).toBeUndefined();
  });

  it('calls a symmetric key likely, unless it is too short or too plain', () => {
    const k = make.bytes(32);
    expect(prove(`{"kty":"oct","k":"${make.base64url(k)}"}`, 'oct')).toMatchObject({ verdict: 'likely', secret: k });
    expect(prove(`{"kty":"oct","k":"${make.base64url(make.bytes(8))}"}`, 'oct')).toBeUndefined();
    expect(prove(`{"kty":"oct","k":"${make.base64url(new Uint8Array(32))}"}`, 'oct')).toBeUndefined();
  });
});

it('knows key types whole only', () => {
  const bytes = make.ascii('RSA EC OKP oct RSA1');
  const at = (start: number, end: number) => keyTypeAt(bytes, start, end);
  expect([at(0, 3), at(4, 6), at(7, 10), at(11, 14)]).toEqual(['RSA', 'EC', 'OKP', 'oct']);
  expect([at(0, 2), at(15, 19), at(17, 20), at(0, 0)]).toEqual(Array(4).fill(undefined));
});
