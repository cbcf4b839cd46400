/** Containers that are written again when a member in them changes. One per file. */
import { encodeApport } from './apport.ts';
import { encodeGzip } from './gzip.ts';
import type { Encoder } from './rewrite.ts';
import { encodeTar } from './tar.ts';
import { encodeZip } from './zip.ts';
import { encodeZstd } from './zstd.ts';

/** By the container's id. */
export const ENCODERS: Readonly<Record<string, Encoder | undefined>> = {
  apport: encodeApport,
  gzip: encodeGzip,
  zstd: encodeZstd,
  zip: encodeZip,
  tar: encodeTar,
};
