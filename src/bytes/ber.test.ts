import { describe, expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { transcodeBer } from './ber.ts';

const { der, concat, bytes, int } = createMake('ber');
const indefinite = (tag: number, ...parts: readonly Uint8Array[]) =>
  concat(Uint8Array.of(tag, 0x80), ...parts, Uint8Array.of(0, 0));

describe('transcodeBer', () => {
  const inner = [der.int(5), der.seq(der.oid('1.2.3'), der.nul()), der.oct(bytes(200))] as const;
  const whole = der.seq(...inner);

  it('leaves DER as it is', () => {
    const transcoded = transcodeBer(concat(Uint8Array.of(9), whole, Uint8Array.of(7)), 1)!;
    expect(transcoded.der).toEqual(whole);
    expect(transcoded.end).toBe(1 + whole.length);
  });

  it('ends indefinite lengths, at any depth', () => {
    const ber = indefinite(0x30, inner[0], indefinite(0x30, der.oid('1.2.3'), der.nul()), inner[2]);
    expect(transcodeBer(ber, 0)).toEqual({ der: whole, end: ber.length });
  });

  it('puts octet strings together, nested ones too', () => {
    const content = bytes(300);
    const pieces = [content.slice(0, 7), content.slice(7, 8), content.slice(8)].map((piece) => der.oct(piece));
    const ber = indefinite(0x24, pieces[0]!, indefinite(0x24, pieces[1]!), pieces[2]!);
    expect(transcodeBer(ber, 0)!.der).toEqual(der.oct(content));
  });

  it('shortens lengths that waste bytes', () => {
    expect(transcodeBer(Uint8Array.of(0x30, 0x84, 0, 0, 0, 3, 0x02, 0x01, 5), 0)!.der).toEqual(der.seq(der.int(5)));
  });

  it.each([
    ['nothing', new Uint8Array(0)],
    ['a tag', Uint8Array.of(0x30)],
    ['no end', Uint8Array.of(0x30, 0x80, 0x02, 0x01, 0x05)],
    ['half an end', Uint8Array.of(0x30, 0x80, 0x02, 0x01, 0x05, 0)],
    ['a primitive without length', Uint8Array.of(0x04, 0x80, 1, 2, 0, 0)],
    ['a long tag', Uint8Array.of(0x3f, 0x81, 0x01, 0)],
    ['a length beyond the end', Uint8Array.of(0x30, 0x82, 0xff, 0xff, 0x02, 0x01, 0x05)],
    ['a child longer than its parent', Uint8Array.of(0x30, 0x03, 0x04, 0x02, 0, 0)],
    ['endless nesting', new Uint8Array(4096).map((_, i) => (i % 2 ? 0x80 : 0x30))],
  ])('refuses %s', (_, ber) => {
    expect(transcodeBer(ber, 0)).toBeUndefined();
  });

  it('refuses every cut, and survives damage', () => {
    const ber = indefinite(0x30, inner[0], indefinite(0x24, der.oct(bytes(20))));
    for (let end = 0; end < ber.length; end++) expect(transcodeBer(ber.subarray(0, end), 0)).toBeUndefined();
    for (let round = 0; round < 500; round++) {
      const damaged = ber.slice();
      damaged[int(damaged.length)]! ^= 1 << int(8);
      transcodeBer(damaged, 0);
    }
  });
});
