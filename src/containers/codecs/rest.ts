/** All that follows in the input as one member: the payload of a package, an archive behind an archive. */
import type { ForwardReader } from '../../bytes/forward-reader.ts';
import type { Member } from '../../model/container.ts';
import type { Input } from '../../model/input.ts';

export function restAsMember(name: string, reader: ForwardReader, input: Input): Member {
  return {
    name,
    ...(Number.isFinite(input.size) && { stored: { start: reader.at, end: input.size } }),
    content: () => reader.pieces(Number.POSITIVE_INFINITY),
  };
}
