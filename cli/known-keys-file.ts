/** Reads lists of published keys from disk, into memory that threads share. */
import { createHash } from 'node:crypto';
import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type BadkeysData, parseBadkeysData, parseKnownList } from '../src/inventory/known-list-file.ts';
import { UsageError } from '../src/model/errors.ts';
import type { KnownList } from '../src/model/known-list.ts';

const METADATA = 'badkeysdata.json';
const BLOCKLIST = 'blocklist.dat';
const READ_BYTES = 64 * 1024 * 1024;

const allocate = (size: number): Uint8Array => new Uint8Array(new SharedArrayBuffer(size));

/** The whole file. Throws UsageError. */
function readShared(path: string): Uint8Array {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const bytes = allocate(fstatSync(file).size);
    let at = 0;
    while (at < bytes.length) {
      const done = readSync(file, bytes, at, Math.min(READ_BYTES, bytes.length - at), at);
      if (done === 0) throw new UsageError(`--known-keys: "${path}" changed while it was read`);
      at += done;
    }
    return bytes;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`--known-keys: "${path}" can't be read`);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** What is beside a blocklist.dat; a list without it has ids for names. */
function readMetadata(path: string): BadkeysData | undefined {
  return existsSync(path) ? parseBadkeysData(new TextDecoder().decode(readShared(path).slice()), path) : undefined;
}

/** Throws UsageError for what is no such list, or not the one that its metadata belong to. */
export function readKnownKeys(path: string): KnownList {
  const isMetadata = basename(path) === METADATA;
  if (isMetadata && !existsSync(path)) throw new UsageError(`--known-keys: "${path}" can't be read`);
  const listPath = isMetadata ? join(dirname(path), BLOCKLIST) : path;
  const bytes = readShared(listPath);
  if (basename(listPath) !== BLOCKLIST) return parseKnownList(bytes, basename(listPath), allocate);
  const data = readMetadata(join(dirname(listPath), METADATA));
  if (data && createHash('sha256').update(bytes).digest('hex') !== data.blocklistSha256) {
    throw new UsageError(
      `--known-keys: "${listPath}" is not the list that ${METADATA} beside it describes; fetch both again`,
    );
  }
  return parseKnownList(bytes, basename(listPath), allocate, data);
}
