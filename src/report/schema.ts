/** JSON Schema (2020-12) of the JSON report. Vocabularies and members are those of the code, so the two can't drift apart. */
import {
  ALGORITHMS,
  CURVES,
  type Finding,
  FORMS,
  GAP_CODES,
  type Gap,
  type Place,
  PROOFS,
  PROTECTIONS,
  SEVERITIES,
  type Traits,
  VERDICTS,
} from '../model/finding.ts';
import { ENCODINGS, REGION_KINDS, type Region, type Span, type Step } from '../model/place.ts';
import type { Stats } from '../model/task.ts';
import { REPORT_SCHEMA } from './json.ts';

type Schema = { readonly [key: string]: unknown };

const text: Schema = { type: 'string' };
const whole: Schema = { type: 'integer', minimum: 0 };
const flag: Schema = { type: 'boolean' };
const digest: Schema = { type: 'string', pattern: '^[0-9a-f]{64}$' };
const oneOf = (values: readonly string[]): Schema => ({ enum: values });
const listOf = (items: Schema): Schema => ({ type: 'array', items });

type OptionalOf<T> = { [K in keyof T]-?: object extends Pick<T, K> ? K : never }[keyof T];

/** All that `T` always has, and what it may have; later versions may add members. */
function object<T extends object>(
  required: Record<Exclude<keyof T, OptionalOf<T>>, Schema>,
  ...[optional]: [OptionalOf<T>] extends [never] ? [] : [Record<OptionalOf<T>, Schema>]
): Schema {
  return { type: 'object', required: Object.keys(required), properties: { ...required, ...optional } };
}

export function reportSchema(): Schema {
  const span = object<Span>({ start: whole, end: whole });
  const trail = listOf(object<Step>({ container: text, member: text }));
  const place = object<Place>(
    { input: text, start: whole, end: whole, detector: text, form: oneOf(FORMS), encoding: oneOf(ENCODINGS) },
    {
      trail,
      pieces: listOf(span),
      region: object<Region>({ kind: oneOf(REGION_KINDS), label: text }),
      address: { type: 'string', pattern: '^0x[0-9a-f]+$' },
      thread: whole,
    },
  );
  const traits = object<Traits>(
    { algorithm: oneOf(ALGORITHMS), form: oneOf(FORMS), proof: oneOf(PROOFS) },
    {
      bits: whole,
      curve: oneOf(CURVES),
      protection: oneOf(PROTECTIONS),
      openedWithDefaultPassword: flag,
      publicKeySha256: digest,
      jwkThumbprint: text,
      sshFingerprint: text,
      pgpFingerprint: text,
      expired: flag,
      known: text,
      inventory: text,
      inventoryKid: text,
    },
  );
  const finding = object<Finding>(
    {
      detector: text,
      severity: oneOf(SEVERITIES),
      verdict: oneOf(VERDICTS),
      fingerprint: digest,
      traits,
      places: { ...listOf(place), minItems: 1 },
    },
    { suppressed: object<NonNullable<Finding['suppressed']>>({ reason: text }, { expires: text }) },
  );
  const gap = object<Gap>({ code: oneOf(GAP_CODES), input: text }, { trail, span, detector: text, detail: text });
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:${REPORT_SCHEMA.replace('/', ':')}`,
    title: 'Report of dumpsieve',
    ...object({
      schema: { const: REPORT_SCHEMA },
      tool: object({ name: text, version: text }),
      startedAt: { type: 'string', format: 'date-time' },
      durationMs: { type: 'number', minimum: 0 },
      verdict: oneOf(['clean', 'findings', 'incomplete']),
      exitCode: { enum: [0, 1, 3] },
      interrupted: flag,
      inputs: whole,
      stats: object<Stats>({ bytes: whole, zeroBytes: whole, hits: whole, candidates: whole, claims: whole }),
      gapCounts: { type: 'object', propertyNames: oneOf(GAP_CODES), additionalProperties: whole },
      findings: listOf(finding),
      gaps: listOf(gap),
    }),
  };
}
