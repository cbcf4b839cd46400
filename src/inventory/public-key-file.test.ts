import { describe, expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { UsageError } from '../model/errors.ts';
import type { AnyKey, EcKey, OkpKey, RsaKey } from '../model/make.ts';
import { readPublicKeyFile } from './public-key-file.ts';

const make = createMake('public-key-file');
const { der } = make;
const [rsa, ec, okp, dsa] = [make.rsa(1024), make.ec('P-256'), make.okp('Ed25519'), make.dsa()];

const publicJwk = (key: RsaKey | EcKey | OkpKey): Record<string, string> =>
  Object.fromEntries(
    Object.entries(make.jwk(key)).filter(([name]) => ['kty', 'crv', 'n', 'e', 'x', 'y'].includes(name)),
  );

const expected = (key: AnyKey): object => ({
  publicKeySha256: make.publicKeySha256(key),
  ...(key.type !== 'dsa' && { key: publicJwk(key) }),
});

const read = (content: Uint8Array | string) =>
  readPublicKeyFile(typeof content === 'string' ? new TextEncoder().encode(content) : content, 'file');

/** A certificate whose signature is none: nobody checks it here. */
function certificate(key: AnyKey, name: string): Uint8Array {
  const algorithm = der.seq(der.oid('1.2.840.113549.1.1.11'), der.nul());
  const subject = der.seq(der.set(der.seq(der.oid('2.5.4.3'), der.utf8(name))));
  const time = (text: string): Uint8Array => make.concat(Uint8Array.of(0x17, text.length), text);
  const validity = der.seq(time('250101000000Z'), time('300102030405Z'));
  const tbs = der.seq(der.ctx(0, der.int(2)), der.int(5), algorithm, subject, validity, subject, make.spki(key));
  return der.seq(tbs, algorithm, der.bits(make.bytes(128)));
}

describe('certificates', () => {
  const one = certificate(rsa, 'prod signing');
  const two = certificate(ec, 'tls.example');
  const described = {
    ...expected(rsa),
    source: 'certificate',
    subject: 'CN=prod signing',
    notAfter: '2030-01-02T03:04:05.000Z',
    name: 'prod signing',
  };

  it('reads PEM, DER, and PEM with text around', () => {
    expect(read(one).keys).toEqual([described]);
    expect(read(make.pem('CERTIFICATE', one)).keys).toEqual([described]);
    const text = `Issuer: x\n${make.pem('CERTIFICATE', one, { eol: '\r\n' })}\nnote\n`;
    expect(read(text).keys).toEqual([described]);
    expect(read(make.pem('TRUSTED CERTIFICATE', make.concat(one, make.der.seq()))).keys).toEqual([described]);
  });

  it('reads several in one file, and PKCS#7 bundles', () => {
    const signed = der.seq(
      der.int(1),
      der.set(),
      der.seq(der.oid('1.2.840.113549.1.7.1')),
      der.ctx(0, one, two),
      der.set(),
    );
    const bundle = der.seq(der.oid('1.2.840.113549.1.7.2'), der.ctx(0, signed));
    const both = [described, { ...expected(ec), name: 'tls.example' }];
    const pem = make.pem('CERTIFICATE', one) + make.pem('CERTIFICATE', two);
    for (const file of [bundle, make.pem('PKCS7', bundle), pem]) expect(read(file).keys).toMatchObject(both);
  });

  it('makes names printable', () => {
    expect(read(certificate(ec, 'a\u001b[2J')).keys[0]!.subject).not.toContain('\u001b');
  });

  it('reads the key of a request', () => {
    const request = der.seq(
      der.seq(der.int(0), der.seq(), make.spki(ec), der.ctx(0)),
      der.seq(),
      der.bits(make.bytes(64)),
    );
    expect(read(make.pem('CERTIFICATE REQUEST', request)).keys).toEqual([{ source: 'public-key', ...expected(ec) }]);
  });
});

describe('public keys', () => {
  const curves = (['P-256', 'P-384', 'P-521', 'secp256k1', 'brainpoolP256r1'] as const).map((curve) => make.ec(curve));
  const others = (['Ed25519', 'Ed448', 'X25519', 'X448'] as const).map((curve) => make.okp(curve));
  const named = [rsa, dsa, ...curves, ...others].map(
    (key) => ['curve' in key ? key.curve : key.type, key] as [string, AnyKey],
  );

  it.each(named)('reads SubjectPublicKeyInfo, %s', (_, key) => {
    for (const file of [make.spki(key), make.pem('PUBLIC KEY', make.spki(key))]) {
      const [found] = read(file).keys;
      expect(found).toMatchObject({ source: 'public-key', publicKeySha256: make.publicKeySha256(key) });
      if (key.type === 'dsa') expect(found).not.toHaveProperty('key');
      else if (key.type !== 'ec') expect(found!.key).toEqual(publicJwk(key));
      else
        expect(found!.key).toEqual({ kty: 'EC', crv: key.curve, x: make.base64url(key.x), y: make.base64url(key.y) });
    }
  });

  it('reads PKCS#1, .NET XML and UTF-16 text', () => {
    const pkcs1 = der.seq(der.int(rsa.n), der.int(rsa.e));
    const xml = `<RSAKeyValue><Modulus>${make.base64(make.be(rsa.n))}</Modulus><Exponent>AQAB</Exponent></RSAKeyValue>`;
    const wide = make.concat(Uint8Array.of(0xff, 0xfe), make.utf16le(make.pem('PUBLIC KEY', make.spki(rsa))));
    for (const file of [pkcs1, make.pem('RSA PUBLIC KEY', pkcs1), xml, wide]) {
      expect(read(file).keys).toEqual([{ source: 'public-key', ...expected(rsa) }]);
    }
  });

  it('reads keys for RSA-PSS, whose digest is their own', () => {
    const spki = der.seq(der.seq(der.oid('1.2.840.113549.1.1.10')), der.bits(der.seq(der.int(rsa.n), der.int(rsa.e))));
    const [found] = read(spki).keys;
    expect(found).toMatchObject({ key: publicJwk(rsa), publicKeySha256: make.hex(make.hash('sha256', spki)) });
    expect(found!.publicKeySha256).not.toBe(make.publicKeySha256(rsa));
  });
});

describe('JSON', () => {
  it('reads JWK and JWK sets', () => {
    const keys = [rsa, ec, okp].map((key, i) => ({ ...publicJwk(key), kid: `k${i}`, use: 'sig' }));
    const described = [rsa, ec, okp].map((key, i) => ({
      source: 'jwk',
      ...expected(key),
      kid: `k${i}`,
      name: `k${i}`,
    }));
    expect(read(JSON.stringify({ keys })).keys).toEqual(described);
    expect(read(JSON.stringify(keys, null, 2)).keys).toEqual(described);
    expect(read(JSON.stringify(keys[1])).keys).toEqual([described[1]]);
  });

  it('reads maps from key ID to certificate', () => {
    const text = JSON.stringify({ k7: make.pem('CERTIFICATE', certificate(rsa, 'x')) });
    expect(read(text).keys).toMatchObject([{ ...expected(rsa), kid: 'k7', name: 'k7' }]);
  });

  it('skips keys it does not know, and says so', () => {
    const odd = { kty: 'AKP', alg: 'ML-DSA-44', pub: 'AA', kid: 'pq' };
    const { keys, skipped } = read(JSON.stringify({ keys: [odd, publicJwk(ec)] }));
    expect(keys).toHaveLength(1);
    expect(skipped).toEqual([expect.stringContaining('JWK pq')]);
    expect(() => read(JSON.stringify(odd))).toThrow('no key that can be used');
    const offCurve = { ...publicJwk(ec), y: publicJwk(ec)['x'] };
    expect(() => read(JSON.stringify(offCurve))).toThrow('no key that can be used');
  });

  it('ends at any depth', () => {
    expect(() => read('['.repeat(5000) + ']'.repeat(5000))).toThrow(UsageError);
  });
});

describe('SSH', () => {
  const field = (bytes: Uint8Array | string): Uint8Array => {
    const content = typeof bytes === 'string' ? make.ascii(bytes) : bytes;
    return make.concat(make.be(BigInt(content.length), 4), content);
  };
  const mpint = (value: bigint): Uint8Array => field(make.concat(Uint8Array.of(0), make.be(value)));
  const point = make.concat(Uint8Array.of(4), ec.x, ec.y);
  const fields = {
    'ssh-rsa': make.concat(mpint(rsa.e), mpint(rsa.n)),
    'ecdsa-sha2-nistp256': make.concat(field('nistp256'), field(point)),
    'ssh-ed25519': field(okp.x),
    'ssh-dss': make.concat(mpint(dsa.p), mpint(dsa.q), mpint(dsa.g), mpint(dsa.y)),
  };
  const byType: Record<string, AnyKey> = {
    'ssh-rsa': rsa,
    'ecdsa-sha2-nistp256': ec,
    'ssh-ed25519': okp,
    'ssh-dss': dsa,
  };
  const line = (type: keyof typeof fields): string => `${type} ${make.base64(make.concat(field(type), fields[type]))}`;

  it.each(Object.keys(fields) as (keyof typeof fields)[])('reads %s', (type) => {
    const key = { source: 'ssh', ...expected(byType[type]!) };
    expect(read(line(type)).keys).toEqual([key]);
    const named = { ...key, comment: 'me@host', name: 'me@host' };
    expect(read(`# keys\n\n${line(type)} me@host\r\n`).keys).toEqual([named]);
    expect(read(`from="10.0.0.1",command="echo ssh-rsa" ${line(type)} me@host\n`).keys).toEqual([named]);
    expect(read(`example.com,10.0.0.1 ${line(type)}\n`).keys).toMatchObject([{ name: 'example.com' }]);
    expect(read(`@cert-authority *.example.com ${line(type)}\n`).keys).toMatchObject([{ name: '*.example.com' }]);
    expect(read(`|1|c2FsdA==|aGFzaA== ${line(type)}\n`).keys).toEqual([key]);
    const [, blob] = line(type).split(' ');
    const rfc4716 = `---- BEGIN SSH2 PUBLIC KEY ----\nComment: "me@\\\nhost"\n${blob!.replace(/.{70}/g, '$&\n')}\n---- END SSH2 PUBLIC KEY ----\n`;
    expect(read(rfc4716).keys).toEqual([named]);
  });

  it('reads the key of a certificate', () => {
    const type = 'ssh-ed25519-cert-v01@openssh.com';
    const blob = make.concat(field(type), field(make.bytes(32)), fields['ssh-ed25519'], make.bytes(100));
    expect(read(`${type} ${make.base64(blob)} x`).keys).toMatchObject([expected(okp)]);
  });

  it('skips keys on tokens and broken ones', () => {
    const type = 'sk-ssh-ed25519@openssh.com';
    const token = `${type} ${make.base64(make.concat(field(type), field(make.bytes(32)), field('ssh:')))}`;
    const { keys, skipped } = read(`${token}\n${line('ssh-rsa')}\n${line('ssh-rsa').slice(0, 100)}\n`);
    expect(keys).toHaveLength(1);
    expect(skipped).toEqual([expect.stringContaining('token'), expect.stringContaining('ssh-rsa')]);
  });
});

describe('digests', () => {
  const digest = make.publicKeySha256(rsa);

  it.each([
    [digest, undefined],
    [`${digest}  prod key\n`, 'prod key'],
    [`# c\n\n  ${digest.toUpperCase()} *prod\n`, 'prod'],
    [`sha256:${digest}\tprod`, 'prod'],
  ])('reads %j', (text, name) => {
    expect(read(text).keys).toEqual([{ source: 'sha256', publicKeySha256: digest, ...(name && { name }) }]);
  });

  it.each([`${digest}0`, `x ${digest}`, digest.slice(1), `${digest}\nand text`])('refuses %j', (text) => {
    expect(() => read(text)).toThrow('holds no public key');
  });
});

describe('private material', () => {
  const label = (words: string): string => `-----BEGIN ${words}-----`;
  const keys: Record<string, AnyKey> = { rsa, ec, okp, dsa };
  const documents: [string, Uint8Array | string][] = [
    ...Object.entries(keys).map(([name, key]): [string, Uint8Array] => [`PKCS#8 ${name}`, make.pkcs8(key)]),
    ['PKCS#1', make.pkcs1(rsa)],
    ['SEC1', make.sec1(ec)],
    ['DSA', make.dsaKey(dsa)],
    ['encrypted PKCS#8', der.seq(der.seq(der.oid('1.2.840.113549.1.5.13'), der.seq()), der.oct(make.bytes(64)))],
    ['PKCS#12', der.seq(der.int(3), der.seq(der.oid('1.2.840.113549.1.7.1')), der.seq())],
    ['JKS', make.concat(Uint8Array.of(0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2), make.bytes(64))],
    ...['PRIVATE KEY', 'RSA PRIVATE KEY', 'OPENSSH PRIVATE KEY', 'ENCRYPTED PRIVATE KEY', 'PGP PRIVATE KEY BLOCK'].map(
      (words): [string, string] => [words, `text\n${label(words)}\nAAAA\n`],
    ),
    ['PuTTY', 'PuTTY-User-Key-File-3: ssh-ed25519\n'],
    ['DNSSEC', 'Private-key-format: v1.3\n'],
    ['WireGuard', `[Interface]\nPrivateKey = ${make.base64(make.bytes(32))}\n`],
    ['XML', '<RSAKeyValue><Modulus>AAAA</Modulus><D>AAAA</D></RSAKeyValue>'],
    ['JWK', JSON.stringify({ keys: [publicJwk(ec), make.jwk(ec)] })],
    ['JWK of a secret', JSON.stringify({ kty: 'oct', k: make.base64url(make.bytes(32)) })],
    ['PEM in JSON', JSON.stringify({ key: `${label('PRIVATE KEY')}\nAAAA\n` })],
    ['OpenPGP', make.concat(Uint8Array.of(0x94, 20, 4), make.bytes(19))],
  ];

  it.each(documents)('is refused: %s', (_, document) => {
    let message = '';
    try {
      read(document);
    } catch (error) {
      if (error instanceof UsageError) ({ message } = error);
    }
    expect(message).toMatch(/^"file" holds an? [\w#. ]+: an inventory is for public keys only; give its /);
  });

  it('is refused beside public keys', () => {
    const text = make.pem('CERTIFICATE', certificate(rsa, 'x')) + make.pem('PRIVATE KEY', make.pkcs8(ec));
    expect(() => read(text)).toThrow('a private key');
  });
});

describe('anything else', () => {
  it.each(['', 'hello', '{}', '{"a":', '[1,2]', '-----BEGIN CERTIFICATE-----\nAAAA\n'])('is refused: %j', (text) => {
    expect(() => read(text)).toThrow(UsageError);
  });

  it('damaged or random bytes throw nothing but UsageError', () => {
    const good = [certificate(rsa, 'x'), make.spki(ec), make.pkcs1(rsa), make.ascii(JSON.stringify(publicJwk(ec)))];
    for (let i = 0; i < 400; i++) {
      const bytes = i % 5 === 4 ? make.bytes(make.int(300)) : good[i % 5]!.slice(0, 20 + make.int(200));
      if (bytes.length > 0) bytes[make.int(bytes.length)] = make.int(256);
      try {
        read(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(UsageError);
      }
    }
  });
});
