import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { createRng } from './rng.ts';
import { findLeaks } from './spellings.ts';

const rng = createRng('spellings.test');
const secret = rng.bytes(64);
const buffer = Buffer.from(secret);
const reversed = Buffer.from(secret).reverse();
const number = BigInt(`0x${buffer.toString('hex')}`);

const outputs: readonly (readonly [string, string | Uint8Array])[] = [
  ['raw', secret],
  ['raw, reversed', reversed],
  ['hex', buffer.toString('hex')],
  ['HEX', buffer.toString('hex').toUpperCase()],
  ['a part of the hex', buffer.toString('hex').slice(7, 60)],
  ['hex, reversed', reversed.toString('hex')],
  ['hex with colons', buffer.toString('hex').replace(/..(?=.)/g, '$&:')],
  ['decimal', number.toString()],
  ['bigint inspected', inspect({ d: number })],
  ['little-endian decimal', BigInt(`0x${reversed.toString('hex')}`).toString()],
  ['base64', buffer.toString('base64')],
  ['base64 at 1', Buffer.concat([Buffer.of(9), buffer]).toString('base64')],
  ['base64 at 2', Buffer.concat([Buffer.of(9, 9), buffer]).toString('base64')],
  ['base64url', buffer.toString('base64url')],
  ['base64 in lines', buffer.toString('base64').replace(/.{19}/g, '$&\n')],
  ['base64 in JSON', JSON.stringify({ text: buffer.toString('base64').replace(/.{19}/g, '$&\n') })],
  ['base64 in a URL', encodeURIComponent(buffer.toString('base64'))],
  ['UTF-16 base64', Buffer.from(buffer.toString('base64'), 'utf16le')],
  ['inspected Uint8Array', inspect(secret)],
  ['inspected Buffer', inspect(buffer)],
  ['JSON of a Uint8Array', JSON.stringify(secret)],
  ['JSON of a Buffer', JSON.stringify(buffer)],
  ['latin1 as UTF-8', buffer.toString('latin1')],
  ['percent escapes', [...secret].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')],
  ['\\x escapes', [...secret].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')],
  ['backwards hex', Array.from(buffer.toString('hex')).reverse().join('')],
];

test.each(outputs)('%s is a leak', (_name, output) => {
  const bytes = typeof output === 'string' ? Buffer.from(output, 'utf8') : output;
  expect(findLeaks(Buffer.concat([Buffer.from('before '), bytes, Buffer.from(' after')]), [secret])).not.toEqual([]);
});

test('a short secret is searched as a whole', () => {
  expect(findLeaks(Buffer.from('password=hunter2-'), [Buffer.from('hunter2-')])).not.toEqual([]);
  expect(findLeaks(Buffer.from('password=hunter'), [Buffer.from('hunter2-')])).toEqual([]);
});

test('digests and other random bytes are no leak', () => {
  const other = rng.bytes(100_000);
  expect(findLeaks(other, [secret])).toEqual([]);
  expect(findLeaks(Buffer.from(Buffer.from(other).toString('base64')), [secret])).toEqual([]);
});
