/**
 * The anchors of all detectors as the literals that the peers search. Peers get, for each anchor, its longest stretch
 * of fixed bytes without a line feed (ripgrep works in lines): all peers the same work, and never more than ours.
 */
import type { Plan } from '../src/kernel/plan.ts';

/** The literals of a plan, without repeats. Dense tests have no counterpart in the peers and are left out. */
export function peerLiterals(plan: Plan): Uint8Array[] {
  const literals = new Map<string, Uint8Array>();
  for (const { bytes, mask, dense } of plan.anchors) {
    const literal = dense === undefined ? longestFixed(bytes, mask) : undefined;
    if (literal !== undefined) literals.set(Buffer.from(literal).toString('hex'), literal);
  }
  return [...literals.values()];
}

/** The longest stretch of `bytes` whose mask is set and that holds no line feed. Undefined when under 3 bytes. */
function longestFixed(bytes: Uint8Array, mask: Uint8Array): Uint8Array | undefined {
  let best = new Uint8Array(0);
  for (let at = 0; at < bytes.length; ) {
    let end = at;
    while (end < bytes.length && mask[end] === 0xff && bytes[end] !== 0x0a) end++;
    if (end - at > best.length) best = bytes.slice(at, end);
    at = end + 1;
  }
  return best.length >= 3 ? best : undefined;
}

/** For `peers/hyperscan.c`: each literal after its length as a 16-bit little-endian number. */
export function lengthPrefixed(literals: readonly Uint8Array[]): Buffer {
  return Buffer.concat(literals.flatMap((literal) => [Uint8Array.of(literal.length, literal.length >> 8), literal]));
}

/** For `rg -f`: one regular expression of escaped bytes a line. */
export function ripgrepPatterns(literals: readonly Uint8Array[]): string {
  return literals.map((literal) => `(?-u)${hexBytes(literal, '\\x')}\n`).join('');
}

/** One YARA rule with each literal as a hex string. */
export function yaraRule(literals: readonly Uint8Array[]): string {
  const strings = literals.map((literal, i) => `    $a${i} = {${hexBytes(literal, ' ')} }\n`).join('');
  return `rule anchors {\n  strings:\n${strings}  condition:\n    any of them\n}\n`;
}

function hexBytes(bytes: Uint8Array, before: string): string {
  return Array.from(bytes, (byte) => before + byte.toString(16).padStart(2, '0')).join('');
}
