/**
 * Windows that are the modulus of a harvested RSA key and nothing else: every process with a trust store has hundreds of them, as numbers
 * and in documents. Their parts are nobody's keys.
 */
import { bigintToBe } from '../bytes/limbs.ts';
import { equalBytes } from '../proof/hash.ts';
import type { LeadWindow } from './join.ts';
import { PrefixTable } from './prefix-table.ts';
import type { HarvestedKeys } from './public-keys.ts';

/** A modulus of 1024 bits. */
const MIN_BYTES = 128;
/** What a window may hold besides: less than a scalar or a seed, of which the bytes around it may have a part. */
const MAX_BESIDE_BYTES = 16;

export function withoutModuli(windows: readonly LeadWindow[], rsa: HarvestedKeys['rsa']): readonly LeadWindow[] {
  const octets = rsa.map(({ n }) => bigintToBe(n)).filter(({ length }) => length >= MIN_BYTES);
  if (octets.length === 0) return windows;
  const forms = octets.flatMap((bytes) => [bytes, bytes.slice().reverse()]);
  const table = new PrefixTable(forms.length);
  for (const [i, bytes] of forms.entries()) table.add(bytes, i);
  const lengths = [...new Set(octets.map(({ length }) => length))];
  const fits = ({ bytes, around }: LeadWindow, length: number): boolean =>
    around.length >= length && bytes.length - length <= MAX_BESIDE_BYTES;
  const isModulus = (window: LeadWindow): boolean => {
    // Most windows are as long as no modulus.
    if (!lengths.some((length) => fits(window, length))) return false;
    const { around } = window;
    let is = false;
    table.scan(around, (i, at) => {
      const form = forms[i]!;
      is ||= fits(window, form.length) && equalBytes(around.subarray(at, at + form.length), form);
    });
    return is;
  };
  return windows.filter((window) => !isModulus(window));
}
