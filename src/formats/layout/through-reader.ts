/** The way of a format that reads tables at many places. */
import { InputReader } from '../../bytes/random-reader.ts';
import type { Layout } from '../../model/format.ts';
import type { Input } from '../../model/input.ts';

/** A `readLayout` by way of a reader, which is wiped at the end. */
export function throughReader(layOut: (reader: InputReader) => Promise<Layout>): (input: Input) => Promise<Layout> {
  return async (input) => {
    const reader = new InputReader(input);
    try {
      return await layOut(reader);
    } finally {
      reader.wipe();
    }
  };
}
