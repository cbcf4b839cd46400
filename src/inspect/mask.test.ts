import { describe, expect, it } from 'vitest';
import { createRng } from '../../corpus/rng.ts';
import { chooseShown } from './mask.ts';

const text = (value: string): Uint8Array => Uint8Array.from(value, (char) => char.charCodeAt(0));

/** What is shown of `bytes` between zeros, `·` where masked. */
function show(bytes: Uint8Array, secret: { start: number; end: number }[] = []): string {
  const all = new Uint8Array(bytes.length + 32);
  all.set(bytes, 16);
  const shown = chooseShown(all, {
    base: 0,
    secret,
    isAddress: (value) => value >= 0x7f00_0000_0000n && value < 0x7f01_0000_0000n,
  });
  return Array.from(bytes, (byte, i) => (shown[16 + i] ? String.fromCharCode(byte) : '·')).join('');
}

describe('chooseShown', () => {
  it.each([
    'hello world, this is a log line',
    'PATH=/usr/local/bin:/usr/bin',
    'HOME=/root',
    'libcrypto.so.3',
    'GET /index.html HTTP/1.1',
    'configuration-directory',
  ])('shows %s', (line) => {
    expect(show(text(line))).not.toContain('·');
    expect(
      show(Uint8Array.from(Array.from(line).flatMap((char) => [char.charCodeAt(0), 0]))).replaceAll('\0', ''),
    ).toBe(line);
  });

  it('shows small numbers, addresses in the dump, and runs', () => {
    expect(show(Uint8Array.of(0x41, 1, 0, 0, 0, 0, 0, 0))).not.toContain('·');
    expect(show(Uint8Array.of(0x18, 0x32, 0x54, 0x76, 0, 0x7f, 0, 0))).not.toContain('·');
    expect(show(new Uint8Array(32).fill(0xcc))).not.toContain('·');
    expect(show(Uint8Array.of(0x18, 0x32, 0x54, 0x76, 0x55, 0x7f, 0, 0)).slice(0, 6)).toBe('······');
  });

  it('shows nothing of random bytes, whatever their encoding', () => {
    const rng = createRng('mask');
    let shownBytes = 0;
    for (let i = 0; i < 2000; i++) {
      // A zero at its end would be one of the zeros around it.
      const random = rng.bytes(48).map((byte) => byte || 1);
      const hex = Buffer.from(random).toString('hex');
      const base64 = Buffer.from(random).toString('base64');
      expect(show(text(hex))).toBe('·'.repeat(96));
      expect(show(text(base64))).toBe('·'.repeat(64));
      expect(show(text(`KEY=${base64}`))).toBe(`KEY=${'·'.repeat(64)}`);
      shownBytes += show(random).replaceAll('·', '').length;
    }
    expect(shownBytes).toBe(0);
  });

  it('never shows what is named as secret', () => {
    expect(show(text('hello world'), [{ start: 18, end: 21 }])).toBe('he···' + ' world');
  });
});
