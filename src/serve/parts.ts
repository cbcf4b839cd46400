/** What is collected of the parts of a body: each file in a spool of its own, all text in one. */
import { sanitizeLabel } from '../model/label.ts';
import type { Locator } from '../model/place.ts';
import { Spool } from '../sources/spool.ts';
import type { SpoolArena } from '../sources/spool-arena.ts';

const encoder = new TextEncoder();

export class Parts {
  readonly #arena: SpoolArena;
  readonly #files: { readonly label: string; readonly spool: Spool }[] = [];
  #text: Spool | undefined;

  constructor(arena: SpoolArena) {
    this.#arena = arena;
  }

  /** A spool that is closed with the parts. Throws SourceError. @param name of the part: what the client calls it */
  addFile(name: string): Spool {
    const spool = new Spool(this.#arena);
    this.#files.push({ label: sanitizeLabel(name), spool });
    return spool;
  }

  /** Texts are scanned together, each in a line: a name beside its value is what a detector looks for. Throws SourceError. */
  addText(name: string, value: string | Uint8Array): void {
    this.#text ??= new Spool(this.#arena);
    this.#text.write(encoder.encode(`${name}=`));
    this.#text.write(typeof value === 'string' ? encoder.encode(value) : value);
    this.#text.write(encoder.encode('\n'));
  }

  locators(): Locator[] {
    return [
      ...this.#files.map(({ label, spool }) => spool.locate(label)),
      ...(this.#text ? [this.#text.locate('fields')] : []),
    ];
  }

  close(): void {
    for (const { spool } of this.#files) spool.close();
    this.#text?.close();
  }
}
