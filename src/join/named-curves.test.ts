import { expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { COMMON_CURVES } from '../proof/short-curves.ts';
import { createWindow } from './join.ts';
import { curvesNamedIn } from './named-curves.ts';

const make = createMake('named-curves');
const windowOf = (bytes: Uint8Array) =>
  createWindow({ kind: 'number', encoding: 'bytes', start: 8, end: 8 + bytes.length }, bytes, 0);

it('takes the common curves, and rare ones of public keys or of what is left of a document', () => {
  const [key, other] = [make.ec('brainpoolP384r1'), make.ec('brainpoolP256r1')];
  const document = make.sec1(other);
  const rest = windowOf(document.slice(document.indexOf(other.d[0]!, 5)));
  expect(curvesNamedIn([windowOf(make.bytes(200))], [])).toEqual(COMMON_CURVES);
  expect(curvesNamedIn([], [{ curve: key.curve, point: key.x, start: 0 }])).toEqual([...COMMON_CURVES, key.curve]);
  expect(curvesNamedIn([rest], [])).toEqual([...COMMON_CURVES, other.curve]);
});
