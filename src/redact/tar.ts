/** tar again, when a member in it is compressed and changes its size: its header is changed, all else stays. */
import { readExactly, readPieces } from '../bytes/input-reader.ts';
import { sliceInput } from '../scan/member-input.ts';
import { NotRedactable } from './not-redactable.ts';
import { type EncodeTask, membersOf, rewrite, spoolAll } from './rewrite.ts';

const BLOCK = 512;
/** Octal digits hold no more. */
const MAX_OCTAL = 8 ** 11;

export async function* encodeTar({
  input,
  own,
  node,
  context,
}: EncodeTask): AsyncGenerator<Uint8Array, void, undefined> {
  let at = 0;
  const left = new Set(node.members.keys());
  for await (const { member, child, label } of membersOf(input, node, context)) {
    const { stored } = member;
    if (!stored) throw new NotRedactable('tar', label, 'is cut off');
    left.delete(label);
    const spool = await spoolAll(rewrite(sliceInput(input, stored), child, context));
    try {
      const oldBytes = stored.end - stored.start;
      if (spool.size === oldBytes) {
        yield* readPieces(own, at, stored.start);
      } else {
        const header = await readExactly(own, stored.start - BLOCK, BLOCK, 'tar.header');
        if (!hasSize(header, oldBytes))
          throw new NotRedactable('tar', label, 'keeps the size elsewhere (sparse or pax)');
        setSize(header, spool.size);
        yield* readPieces(own, at, stored.start - BLOCK);
        yield header;
      }
      yield* spool.content();
      yield new Uint8Array(padded(spool.size) - spool.size);
      at = Math.min(input.size, stored.start + padded(oldBytes));
    } finally {
      spool.close();
    }
  }
  const [missing] = left;
  if (missing !== undefined) throw new NotRedactable('tar', missing, 'no longer has a member that was searched');
  yield* readPieces(own, at);
}

const padded = (size: number): number => Math.ceil(size / BLOCK) * BLOCK;

/** Whether the block before the content is a header that says its size. */
function hasSize(header: Uint8Array, size: number): boolean {
  if ((header[124]! & 0x80) !== 0) {
    return header.subarray(128, 136).reduce((value, byte) => value * 256 + byte, 0) === size;
  }
  const octal = String.fromCharCode(...header.subarray(124, 136)).replace(/[\0 ]+$/, '');
  return /^[0-7 ]+$/.test(octal) && Number.parseInt(octal, 8) === size;
}

function setSize(header: Uint8Array, size: number): void {
  if (size < MAX_OCTAL) {
    setText(header, 124, `${size.toString(8).padStart(11, '0')}\0`);
  } else {
    header.fill(0, 124, 136);
    header[124] = 0x80;
    new DataView(header.buffer, header.byteOffset).setBigUint64(128, BigInt(size));
  }
  header.fill(0x20, 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  setText(header, 148, `${sum.toString(8).padStart(6, '0')}\0 `);
}

function setText(into: Uint8Array, at: number, text: string): void {
  for (let i = 0; i < text.length; i++) into[at + i] = text.charCodeAt(i);
}
