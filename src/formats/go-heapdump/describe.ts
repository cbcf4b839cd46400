/** Names the record of a Go heap dump that owns a place, and what refers to it. The format holds no types of objects. */
import type { InputWindow } from '../../bytes/input-window.ts';
import { type GoRecord, TAG, walkRecords } from './records.ts';

/** Each owner is a pass over the dump. */
const MAX_OWNERS = 3;

export async function describeRecord(window: InputWindow, at: number): Promise<readonly string[]> {
  let found: GoRecord | undefined;
  let goroutine = 0;
  await walkRecords(window, (record) => {
    if (record.tag === TAG.GOROUTINE) goroutine = record.number;
    if (at >= record.at && at < record.end) found = { ...record };
    return at < record.end;
  });
  if (!found) return [];
  const names = [nameOf(found, goroutine)];
  for (let i = 0; i < MAX_OWNERS && found?.tag === TAG.OBJECT; i++) {
    const owner = await findOwner(window, found);
    if (owner) names.unshift(nameOf(owner.record, owner.goroutine));
    found = owner?.record;
  }
  return names;
}

function nameOf({ tag, address, dataStart, dataEnd, texts }: GoRecord, goroutine: number): string {
  const where = `0x${address.toString(16)}`;
  switch (tag) {
    case TAG.OBJECT:
      return `object at ${where}, ${dataEnd - dataStart} bytes`;
    case TAG.STACK_FRAME:
      return `frame of ${texts[0] ?? '?'}, goroutine ${goroutine}`;
    case TAG.DATA:
      return 'data segment';
    case TAG.BSS:
      return 'BSS segment';
    default:
      return 'record';
  }
}

interface Owner {
  readonly record: GoRecord;
  readonly goroutine: number;
}

/** The first record whose memory holds the address of `object`: a slice or string points to where it begins. Little-endian. */
async function findOwner(window: InputWindow, object: GoRecord): Promise<Owner | undefined> {
  const wanted = Buffer.alloc(8);
  wanted.writeBigUInt64LE(BigInt(object.address));
  const places = await findAll(window, wanted);
  let next = 0;
  let goroutine = 0;
  let owner: Owner | undefined;
  await walkRecords(window, (record) => {
    if (record.tag === TAG.GOROUTINE) goroutine = record.number;
    const { dataStart, dataEnd } = record;
    if (dataEnd === 0) return false;
    while (next < places.length && places[next]! < dataStart) next++;
    // Pointers lie at multiples of eight from where the memory begins.
    for (; next < places.length && places[next]! + 8 <= dataEnd; next++) {
      if ((places[next]! - dataStart) % 8 !== 0 || record.at === object.at) continue;
      owner = { record: { ...record }, goroutine };
      return true;
    }
    return next >= places.length;
  });
  return owner;
}

/** More places than an object has owners. */
const MAX_PLACES = 65_536;

async function findAll(window: InputWindow, wanted: Uint8Array): Promise<number[]> {
  const places: number[] = [];
  let at = 0;
  while (places.length < MAX_PLACES) {
    const bytes = await window.read(at, 262_144);
    if (bytes.length < wanted.length) break;
    // A view of the same memory: Buffer's search is native.
    const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    for (let found = view.indexOf(wanted); found >= 0; found = view.indexOf(wanted, found + 1)) places.push(at + found);
    at += bytes.length - wanted.length + 1;
  }
  return places;
}
