/** Images of OCI and `docker save`: a place names the layer by its digest and the file in it, and whiteouts hide nothing. */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { entry } from '../corpus/containers/tar.ts';
import { createMake } from '../corpus/make.ts';
import privateKeyPem from '../patterns/private-key-pem.ts';
import { concat } from '../src/bytes/reader.ts';
import containers from '../src/containers/index.ts';
import { createScanner } from './support/scan-bytes.ts';

const make = createMake('images');
const tar = (...entries: readonly Uint8Array[]): Uint8Array => concat(...entries, new Uint8Array(1024));
const key = make.ascii(make.pem('PRIVATE KEY', make.pkcs8(make.okp('Ed25519'))));
const layers = [tar(entry('etc/ssl/a.key', key)), tar(entry('etc/ssl/.wh.a.key', new Uint8Array(0)))];
const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

it.each([
  ['OCI', layers.map((layer) => new Uint8Array(gzipSync(layer))), (digest: string) => `blobs/sha256/${digest}`],
  ['docker save', layers, (digest: string) => `${digest}/layer.tar`],
])('%s', async (_, blobs, nameOf) => {
  const image = tar(
    entry('oci-layout', make.ascii('{"imageLayoutVersion":"1.0.0"}')),
    ...blobs.map((blob) => entry(nameOf(digestOf(blob)), blob)),
  );
  const { findings, gaps } = await (await createScanner([privateKeyPem], { plugins: { containers } })).scan(image);
  expect(gaps).toEqual([]);
  const trails = findings.flatMap(({ places }) => places.map(({ trail }) => trail!.map(({ member }) => member)));
  expect(trails).toHaveLength(1);
  expect([trails[0]![0], trails[0]!.at(-1)]).toEqual([nameOf(digestOf(blobs[0]!)), 'etc/ssl/a.key']);
});
