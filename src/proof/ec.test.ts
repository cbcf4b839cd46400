import { ECDH } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { EC_CURVES, OKP_CURVES } from './curves.ts';
import { okpPublicKey, proveEc, proveOkp } from './ec.ts';

const make = createMake('proof/ec');

describe.each(EC_CURVES.map(({ name, size, openssl }) => ({ name, size, openssl })))(
  '$name',
  ({ name, size, openssl }) => {
    const key = make.ec(name);
    const point = make.concat(Uint8Array.of(4), key.x, key.y);
    const traits = { algorithm: 'EC', curve: name, publicKeySha256: make.publicKeySha256(key) };
    const scalar = key.d;

    it('is proven by the point, whether the curve is named or not', () => {
      const proven = { verdict: 'proven', secret: scalar, traits: { ...traits, proof: 'd*G=Q' } };
      expect(proveEc({ curve: name, scalar, point })).toMatchObject(proven);
      expect(proveEc({ scalar, point })).toMatchObject(proven);
      const compressed = ECDH.convertKey(point, openssl, undefined, undefined, 'compressed') as Buffer;
      expect(proveEc({ curve: name, scalar, point: compressed })).toMatchObject(proven);
    });

    it('is proven by a document, likely in one that is cut off', () => {
      const found = { verdict: 'proven', secret: scalar, traits: { ...traits, proof: 'document' } };
      expect(proveEc({ curve: name, scalar, document: true })).toMatchObject(found);
      const likely = { verdict: 'likely', traits: { ...traits, proof: 'none' } };
      expect(proveEc({ curve: name, scalar, document: false })).toMatchObject(likely);
    });

    it('takes a scalar with zeros in front', () => {
      const padded = make.concat(new Uint8Array(2), scalar);
      expect(proveEc({ curve: name, scalar: padded, point })?.secret).toEqual(scalar);
    });

    it('refuses what does not fit', () => {
      const other = make.ec(name);
      const damaged = point.slice();
      damaged[size]! ^= 1;
      expect(proveEc({ curve: name, scalar: other.d, point })).toBeUndefined();
      expect(proveEc({ curve: name, scalar, point: damaged })).toBeUndefined();
      expect(proveEc({ curve: name, scalar, point: point.subarray(0, size) })).toBeUndefined();
      expect(proveEc({ curve: name, scalar, point: new Uint8Array(0) })).toBeUndefined();
      expect(proveEc({ curve: name, scalar: make.concat(Uint8Array.of(1), scalar), point })).toBeUndefined();
      expect(proveEc({ curve: name, scalar: new Uint8Array(size), document: true })).toBeUndefined();
      expect(proveEc({ curve: name, scalar: new Uint8Array(size).fill(0xff), point })).toBeUndefined();
      expect(proveEc({ curve: name, scalar })).toBeUndefined();
    });
  },
);

it('takes a scalar that lost its zeros', () => {
  let key = make.ec('P-256');
  while (key.d[0] !== 0) key = make.ec('P-256');
  const point = make.concat(Uint8Array.of(4), key.x, key.y);
  expect(proveEc({ curve: 'P-256', scalar: key.d.slice(1), point })?.secret).toEqual(key.d);
});

it('can only guess when a document has a curve that is none of ours', () => {
  const { d } = make.ec('P-256');
  const point = make.concat(Uint8Array.of(4), make.bytes(64));
  const likely = { verdict: 'likely', secret: d, traits: { algorithm: 'EC', bits: 256, proof: 'none' } };
  expect(proveEc({ scalar: d, point, document: true, isOtherCurve: true })).toEqual(likely);
  expect(proveEc({ scalar: d, point, document: true })).toBeUndefined();
  expect(proveEc({ scalar: d, point, document: false, isOtherCurve: true })).toBeUndefined();
  expect(proveEc({ scalar: new Uint8Array(32), point, document: true, isOtherCurve: true })).toBeUndefined();
  expect(proveEc({ scalar: d.subarray(0, 8), point, document: true, isOtherCurve: true })).toBeUndefined();
});

it('can only guess when a document names neither curve nor point', () => {
  const { d } = make.ec('P-256');
  const likely = { verdict: 'likely', secret: d, traits: { algorithm: 'EC', bits: 256, proof: 'none' } };
  expect(proveEc({ scalar: d, document: true })).toEqual(likely);
  expect(proveEc({ scalar: d, document: false })).toBeUndefined();
});

describe.each(OKP_CURVES.map(({ name, size }) => ({ name, size })))('$name', ({ name, size }) => {
  const key = make.okp(name);
  const traits = { algorithm: name, publicKeySha256: make.publicKeySha256(key) };
  const numbers = { curve: name, privateKey: key.d };

  it('is proven by the public key or a document, likely in one that is cut off', () => {
    expect(okpPublicKey(name, key.d)).toEqual(key.x);
    expect(proveOkp({ ...numbers, publicKey: key.x })).toMatchObject({
      verdict: 'proven',
      secret: key.d,
      traits: { ...traits, proof: 'd*G=Q' },
    });
    expect(proveOkp({ ...numbers, document: true })).toMatchObject({
      verdict: 'proven',
      traits: { proof: 'document' },
    });
    expect(proveOkp({ ...numbers, document: false })).toMatchObject({ verdict: 'likely', traits: { proof: 'none' } });
  });

  it('refuses what does not fit', () => {
    expect(proveOkp({ ...numbers, publicKey: make.okp(name).x })).toBeUndefined();
    expect(proveOkp({ ...numbers, publicKey: new Uint8Array(0) })).toBeUndefined();
    expect(proveOkp({ ...numbers, privateKey: key.d.slice(1), document: true })).toBeUndefined();
    expect(proveOkp({ ...numbers, privateKey: new Uint8Array(size), document: true })).toBeUndefined();
    expect(proveOkp(numbers)).toBeUndefined();
    expect(okpPublicKey(name, new Uint8Array(size + 1))).toBeUndefined();
  });
});
