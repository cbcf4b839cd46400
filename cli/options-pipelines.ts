/** Options of `dumpsieve serve` and `dumpsieve watch`. */
import { type Examples, GATE_OPTIONS, type OptionSpecs } from './options.ts';

const {
  format: _format,
  output: _output,
  verdict: _verdict,
  'verdict-key': _key,
  'no-color': _colour,
  'max-time': _time,
  quiet: _quiet,
  redact: _redact,
  ...SHARED_OPTIONS
} = GATE_OPTIONS;

export const SERVE_OPTIONS = {
  ...SHARED_OPTIONS,
  listen: {
    type: 'string',
    value: 'host:port',
    default: '127.0.0.1:8080',
    group: 'Input',
    doc: 'Where to listen; port 0 takes a free one.',
  },
  forward: {
    type: 'string',
    value: 'url',
    group: 'Output',
    doc: 'The endpoint behind, http or https: clean uploads go there, with path and query put behind its path. Required.',
  },
  redact: {
    type: 'boolean',
    group: 'Output',
    doc: 'Forward uploads with findings without them: overwritten at the same length, scanned again, or refused.',
  },
  'max-body': {
    type: 'string',
    value: 'size',
    default: '1G',
    group: 'Input',
    doc: 'Largest body; larger ones get 413.',
  },
  'max-decoded': {
    type: 'string',
    value: 'size',
    default: '4G',
    group: 'Input',
    doc: 'Largest body without its Content-Encoding; larger ones get 413.',
  },
  'max-uploads': {
    type: 'string',
    value: 'number',
    default: '64',
    group: 'Input',
    doc: 'Uploads in flight; more get 503 and are told to come back.',
  },
  'spool-memory': {
    type: 'string',
    value: 'size',
    default: '256M',
    group: 'Engine',
    doc: 'Memory for all uploads together; what is beyond goes to a temporary file, encrypted.',
  },
  'header-timeout': {
    type: 'string',
    value: 'time',
    default: '10s',
    group: 'Input',
    doc: 'Time for the head of a request.',
  },
  'body-timeout': { type: 'string', value: 'time', default: '10m', group: 'Input', doc: 'Time for a whole body.' },
  'idle-timeout': {
    type: 'string',
    value: 'time',
    default: '30s',
    group: 'Input',
    doc: 'Time without a byte of a body.',
  },
  'upstream-timeout': {
    type: 'string',
    value: 'time',
    default: '60s',
    group: 'Output',
    doc: 'Time without a byte from the endpoint behind.',
  },
  'max-time': {
    type: 'string',
    value: 'time',
    default: '2m',
    group: 'Policy',
    doc: 'Longest time for one scan, waiting for threads included, and for redacting; beyond it the gate stays closed.',
  },
  grace: {
    type: 'string',
    value: 'time',
    default: '30s',
    group: 'Input',
    doc: 'After SIGTERM: time for uploads in flight.',
  },
  quiet: { type: 'boolean', group: 'Output', doc: 'No line of JSON on standard output for each upload.' },
} as const satisfies OptionSpecs;

export const SERVE_EXAMPLES: Examples = [
  ['dumpsieve serve --forward https://sentry.example', 'in front of Sentry: put 127.0.0.1:8080 into the DSN'],
  [
    'dumpsieve serve --listen 0.0.0.0:80 --forward http://crash-collector:8000/submit',
    'in front of a Crashpad collector',
  ],
];

export const WATCH_OPTIONS = {
  ...SHARED_OPTIONS,
  quarantine: {
    type: 'string',
    value: 'dir',
    group: 'Output',
    doc: 'Move files that are not clean there, readable by their owner alone. Default: they stay.',
  },
  redact: {
    type: 'boolean',
    group: 'Output',
    doc: 'Put a redacted copy in the place of a file with findings; the original goes to the quarantine, or is replaced.',
  },
  state: {
    type: 'string',
    value: 'file',
    group: 'Output',
    doc: 'Remember there which files were scanned. Default: in the quarantine; without one, a restart scans all files again.',
  },
  settle: {
    type: 'string',
    value: 'time',
    default: '2s',
    group: 'Input',
    doc: 'A file is complete when it has not changed for so long.',
  },
  poll: {
    type: 'string',
    value: 'time',
    default: '5s',
    group: 'Input',
    doc: 'Look so often, for file systems that tell of nothing.',
  },
  once: {
    type: 'boolean',
    group: 'Input',
    doc: 'End when all files that are there were scanned; the exit code tells.',
  },
  'max-time': {
    type: 'string',
    value: 'time',
    group: 'Policy',
    doc: 'Longest time for one file, such as 90s or 10m; beyond it the file is not clean.',
  },
} as const satisfies OptionSpecs;

export const WATCH_EXAMPLES: Examples = [
  ['dumpsieve watch /var/lib/systemd/coredump --quarantine /var/lib/dumpsieve', 'new core dumps'],
  ['dumpsieve watch C:\\CrashDumps --quarantine D:\\Quarantine', 'dumps of Windows Error Reporting'],
  ['dumpsieve watch dumps --redact --quarantine originals', 'copies without keys, and the originals behind a lock'],
  ['dumpsieve watch dumps --once', 'what is there now'],
];
