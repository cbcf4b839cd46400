import { createPrivateKey } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { AROUND_BYTES, BLOCK_BYTES } from './brute/search.ts';
import { type TrueForm, trueKey } from './brute/truth.ts';
import { searchDump } from './brute.ts';
import { createMake } from './make.ts';
import { createRng } from './rng.ts';
import { surroundings } from './wraps.ts';

const folder = mkdtempSync(join(tmpdir(), 'dumpsieve-'));
afterAll(() => rmSync(folder, { recursive: true }));

const make = createMake('brute.test');
const [rsa, ec, okp] = [make.rsa(), make.ec(), make.okp()];
const keys = [rsa, ec, okp].map((key) =>
  trueKey(key.type, createPrivateKey({ key: Buffer.from(make.pkcs8(key)), format: 'der', type: 'pkcs8' })),
);

const noise = surroundings('pointers', BLOCK_BYTES + AROUND_BYTES + 20_000, createRng('noise'));

function search(bytes: Uint8Array, at: number) {
  const path = join(folder, 'dump');
  const dump = noise.slice(0, at + bytes.length + 5000);
  dump.set(bytes, at);
  writeFileSync(path, dump);
  return searchDump(path, keys).occurrences;
}

const rsaPem = make.pem('PRIVATE KEY', make.pkcs8(rsa));
const cases: readonly (readonly [string, Uint8Array, TrueForm, number])[] = [
  ['PEM', make.ascii(rsaPem), 'pem', 0],
  ['PEM of one line, escaped', make.ascii(rsaPem.replaceAll('\n', '\\n')), 'pem', 0],
  ['PEM, UTF-16', make.utf16le(make.pem('EC PRIVATE KEY', make.sec1(ec))), 'pem', 1],
  ['PEM, UTF-16BE', make.utf16be(make.pem('EC PRIVATE KEY', make.sec1(ec))), 'pem', 1],
  ['PEM, UTF-32', make.utf32le(make.pem('PRIVATE KEY', make.pkcs8(okp))), 'pem', 2],
  ['PEM cut off after d', make.ascii(rsaPem.slice(0, 1200)), 'pem', 0],
  ['base64 of a PEM', make.ascii(make.base64(make.ascii(rsaPem))), 'pem-base64', 0],
  ['PKCS#1', make.pkcs1(rsa), 'der', 0],
  ['PKCS#8 without the public key', make.pkcs8(ec, { publicKey: false }), 'der', 1],
  ['PKCS#8 of Ed25519', make.pkcs8(okp), 'der', 2],
  ['base64 of PKCS#8', make.ascii(make.base64(make.pkcs8(ec))), 'der-base64', 1],
  ['JWK', make.ascii(JSON.stringify(make.jwk(rsa))), 'jwk', 0],
  ['JWK, UTF-16', make.utf16le(JSON.stringify(make.jwk(ec), null, 2)), 'jwk', 1],
  ['JWK in a JSON string', make.ascii(JSON.stringify(JSON.stringify(make.jwk(okp)))), 'jwk', 2],
  ['JWK members', make.ascii(Object.values(make.jwk(ec)).join('\0')), 'jwk-members', 1],
  ['a JWK member on its own', make.ascii(`\0${make.jwk(ec)['d']}\0`), 'jwk-part', 1],
  ['XML', make.ascii(`<RSAKeyValue><D>${make.base64(make.be(rsa.d))}</D></RSAKeyValue>`), 'xml', 0],
  ['bytes', make.be(rsa.q), 'bytes-be', 0],
  ['limbs', make.le(rsa.p), 'limbs-le', 0],
  ['a seed', okp.d, 'seed', 2],
  ['hex', make.ascii(make.hex(ec.d)), 'hex', 1],
  ['decimal', make.ascii(rsa.d.toString()), 'decimal', 0],
];

describe.each(cases)('%s', (_name, bytes, form, key) => {
  test.each([0, BLOCK_BYTES - 100, BLOCK_BYTES + AROUND_BYTES - 7])('at %d', { timeout: 60_000 }, (at) => {
    const found = search(make.concat(new Uint8Array(8), bytes, new Uint8Array(8)), at);
    expect(new Set(found.map((occurrence) => [occurrence.form, occurrence.key].join()))).toEqual(
      new Set([`${form},${key}`]),
    );
    const [first] = found;
    expect(first!.start).toBeGreaterThanOrEqual(at + 8);
    expect(Math.max(...found.map(({ end }) => end))).toBeLessThanOrEqual(at + 8 + bytes.length);
    if (['pem', 'der', 'pem-base64'].includes(form)) expect(found).toHaveLength(1);
  });
});

test('a part of a base64 document is no document, though its lines may begin like one', () => {
  const body = make.base64(make.pkcs8(rsa)).match(/.{64}/g) ?? [];
  const lines = body.slice(5).map((line) => `MA${line.slice(2)}`);
  const found = search(make.ascii(`\0${lines.join('\n')}\0`), 0);
  expect(found.filter(({ form }) => form === 'der-base64')).toEqual([]);
});
