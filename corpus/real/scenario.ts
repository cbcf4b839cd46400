/** One real program, with keys made on the spot or without any, and the dumps that are taken of it. */
import type { TrueKey } from '../brute/truth.ts';

export interface Dump {
  /** A file, or a folder of build artifacts. */
  readonly path: string;
  /** All private keys that the program was given. None: whatever is found in the dump is a false alarm. */
  readonly keys: readonly TrueKey[];
  /** The program hides its keys under a key that is in the dump as well. */
  readonly shielded?: boolean;
  /** A file that names the public keys, for `--inventory`. */
  readonly inventory?: string;
}

export interface Scenario {
  readonly name: string;
  /** What runs and what is dumped. */
  readonly title: string;
  /** Command lines that must succeed, or the scenario is skipped. */
  readonly needs: readonly (readonly string[])[];
  /** No keys are made: for false alarms alone. */
  readonly keyless?: boolean;
  /** Starts the program, lets it use its keys, dumps it. `folder` is empty, and deleted afterwards. */
  run(folder: string): Promise<Dump>;
}
