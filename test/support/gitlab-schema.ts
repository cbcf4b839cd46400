/**
 * What GitLab's schema 15.2.1 of secret-detection reports asks of the members that we write (security-report-schemas,
 * secret-detection-report-format), as a JSON Schema. Stricter than GitLab's in one thing: no other members. Compared member by
 * member with the file that GitLab itself validates with (lib/gitlab/ci/parsers/security/validators/schemas/15.2.1).
 */

const text = (more: object = {}) => ({ type: 'string', minLength: 1, ...more });
const object = (required: Record<string, unknown>, optional: Record<string, unknown> = {}) => ({
  type: 'object',
  required: Object.keys(required),
  properties: { ...required, ...optional },
  additionalProperties: false,
});
const list = (items: unknown, more: object = {}) => ({ type: 'array', items, ...more });

const time = text({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}$' });
const url = text({ pattern: '^https?://.+' });
const program = object({ id: text(), name: text(), version: text(), vendor: object({ name: text() }) }, { url });

const vulnerability = object(
  {
    id: text(),
    identifiers: list(object({ type: text(), name: text(), value: text() }, { url }), { minItems: 1 }),
    location: object({ commit: object({ sha: text() }) }, { file: text(), start_line: { type: 'number' } }),
  },
  {
    category: { const: 'secret_detection' },
    name: text({ maxLength: 255 }),
    description: text({ maxLength: 1_048_576 }),
    severity: { enum: ['Info', 'Unknown', 'Low', 'Medium', 'High', 'Critical'] },
    solution: text({ maxLength: 7000 }),
    raw_source_code_extract: { const: '' },
    flags: list(object({ type: { const: 'flagged-as-likely-false-positive' }, origin: text(), description: text() })),
  },
);

export const GITLAB_SCHEMA = object({
  version: { const: '15.2.1' },
  scan: object(
    {
      analyzer: program,
      scanner: program,
      type: { const: 'secret_detection' },
      start_time: time,
      end_time: time,
      status: { enum: ['success', 'failure'] },
    },
    { messages: list(object({ level: { enum: ['info', 'warn', 'fatal'] }, value: text() })) },
  ),
  vulnerabilities: list(vulnerability),
});
