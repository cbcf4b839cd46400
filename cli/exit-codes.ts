/** Exit codes of every command. They are part of the interface: scripts and pipelines depend on them. */
export const EXIT = {
  /** Scanned completely; nothing at or above `--fail-on`. */
  clean: 0,
  /** At least one finding at or above `--fail-on`. */
  findings: 1,
  /** Wrong usage, or an error of ours: nothing is known about the inputs. */
  error: 2,
  /** No such finding, but something was not scanned. */
  incomplete: 3,
} as const;

export const EXIT_CODES_HELP = `Exit codes:
  0  clean: everything was scanned, nothing at or above --fail-on
  1  findings at or above --fail-on
  2  wrong usage or internal error
  3  incomplete: something was not scanned (see --allow-gaps)`;

export const REDACT_EXIT_CODES_HELP = `Exit codes:
  0  written, and found clean
  1  not written: it could not be made clean
  2  wrong usage, an internal error, or the output can't be written
  3  not written: something was not searched (see --allow-gaps), or changed meanwhile`;

export const GATE_EXIT_CODES_HELP = `Exit codes:
  that of the command when the gate opened (0 without a command), else
  1  closed: findings at or above --fail-on
  2  wrong usage, an internal error, or the command could not be started
  3  closed: something was not scanned, changed meanwhile, or took too long`;
