/** Applies the suppressions of a configuration to a result, and says which of them are of no use any more. */
import type { ScanResult } from '../src/model/result.ts';
import { applySuppressions, type SuppressionRule } from '../src/suppress.ts';

const nameOf = ({ publicKeySha256, fingerprint, detector, path }: SuppressionRule): string =>
  [publicKeySha256 ?? fingerprint, detector, path].filter((part) => part !== undefined).join(' ');

export async function suppressFindings(
  result: ScanResult,
  rules: readonly SuppressionRule[],
  say: (line: string) => void,
): Promise<ScanResult> {
  if (rules.length === 0) return result;
  const { findings, unused, expired } = await applySuppressions(result.findings, rules);
  for (const rule of expired) say(`suppression ended on ${rule.expires}: ${nameOf(rule)}`);
  for (const rule of unused) say(`suppression without a finding: ${nameOf(rule)}`);
  return { ...result, findings };
}
