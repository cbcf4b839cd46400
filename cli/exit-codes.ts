/** Exit codes of every command. They are part of the interface: scripts and pipelines depend on them. */
export const EXIT = {
  /** Scanned completely; no finding fails. */
  clean: 0,
  /** At least one finding that fails. */
  findings: 1,
  /** Wrong usage, or an error of ours: nothing is known about the inputs. */
  error: 2,
  /** No such finding, but something was not scanned. */
  incomplete: 3,
} as const;

/** Of whatever was scanned or redacted; what is neither clean nor found was not looked at. */
export function exitCodeOf(outcome: string): (typeof EXIT)['clean' | 'findings' | 'incomplete'] {
  if (outcome === 'clean' || outcome === 'redacted') return EXIT.clean;
  return outcome === 'findings' || outcome === 'dirty' ? EXIT.findings : EXIT.incomplete;
}

/** For the help of a command. */
const list = (codes: Readonly<Record<string, string>>): string =>
  ['Exit codes:', ...Object.entries(codes).map(([code, means]) => `  ${code}  ${means}`)].join('\n');

const ERROR = 'wrong usage or internal error';

export const EXIT_CODES_HELP = list({
  0: 'clean: everything was scanned, and no finding fails',
  1: 'findings that fail (--fail-on, --level, --fail-on-known)',
  2: ERROR,
  3: 'incomplete: something was not scanned (see --allow-gaps)',
});

export const GATE_EXIT_CODES_HELP = `Exit codes:
  that of the command when the gate opened (0 without a command), else
  1  closed: findings that fail (--fail-on, --level, --fail-on-known)
  2  wrong usage, an internal error, or the command could not be started
  3  closed: something was not scanned, changed meanwhile, or took too long`;

export const REDACT_EXIT_CODES_HELP = list({
  0: 'written, and found clean',
  1: 'not written: it could not be made clean',
  2: "wrong usage, an internal error, or the output can't be written",
  3: 'not written: something was not searched (see --allow-gaps), or changed meanwhile',
});

export const WATCH_EXIT_CODES_HELP = list({
  0: 'ended by a signal; with --once, all files were clean or redacted',
  1: 'with --once: findings that fail',
  2: ERROR,
  3: 'with --once: something was not scanned, or took too long',
});

export const VERIFY_EXIT_CODES_HELP = list({
  0: 'the gate was open for exactly these files',
  1: 'it was not, or the signature is not that of the key',
  2: "wrong usage, or a file can't be read",
});

export const BASELINE_EXIT_CODES_HELP = list({
  0: 'written',
  2: 'not written: wrong usage or internal error',
  3: 'written, but something was not scanned (see --allow-gaps)',
});

export const INSPECT_EXIT_CODES_HELP = list({ 0: 'shown', 2: ERROR, 3: 'a file could not be read' });

export const CHECK_EXIT_CODES_HELP = list({
  0: 'all rules can be searched for',
  1: 'not all of them can',
  2: "wrong usage, or a file can't be read",
});

export const TEST_EXIT_CODES_HELP = list({
  0: 'all is found and ignored as the examples say',
  1: "something is not, or a rule can't be searched for",
  2: "wrong usage, or a file can't be read",
});
