/** Pieces through one of Node's streams, one at a time: a piece may use its memory again once it was taken. */
import type { Transform } from 'node:stream';

export async function* through(
  stream: Transform,
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const write = (piece: Uint8Array): Promise<void> =>
    new Promise((resolve, reject) => {
      stream.write(piece, (error) => (error ? reject(error) : resolve()));
    });
  const feed = async (): Promise<void> => {
    try {
      for await (const piece of pieces) await write(piece);
      stream.end();
    } catch (error) {
      stream.destroy(error instanceof Error ? error : new Error('the source failed'));
    }
  };
  const fed = feed();
  try {
    yield* stream as AsyncIterable<Uint8Array>;
  } finally {
    stream.destroy();
    await fed;
  }
}
