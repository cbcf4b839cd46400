/** Fresh keys in the forms in which programs keep them, for the programs of planted-dumps.ts and for runtimes. */
import type { TrueKey } from '../brute/truth.ts';
import { LAYOUTS, writeNumber } from '../encode/numbers.ts';
import { be } from '../encode/text.ts';
import { type FreshKey, freshEc, freshEd25519, freshRsa } from './fresh-keys.ts';
import type { Planted } from './planted-dumps.ts';

export interface PlantedKeys {
  readonly keys: readonly FreshKey[];
  /** RSA on the heap, EC on the first stack and in the environment, Ed25519 on the second stack. */
  readonly planted: Planted;
  /** Private values alone, big-endian. */
  readonly secrets: readonly Uint8Array[];
}

export function plantKeys(): PlantedKeys {
  const keys = [freshRsa('heap'), freshEc('stack'), freshEd25519('second stack')];
  const [heap, stack, secondStack] = keys.map(formsOf);
  const length = Math.max(heap!.length, stack!.length, secondStack!.length);
  const pad = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc(length - bytes.length)]);
  const environment = Buffer.from(JSON.stringify({ key: keys[1]!.pem }));
  return {
    keys,
    planted: { heap: pad(heap!), stack: pad(stack!), secondStack: pad(secondStack!), environment },
    secrets: keys.flatMap(({ key }) => octetsOf(key)),
  };
}

function octetsOf(key: TrueKey['key']): readonly Uint8Array[] {
  switch (key.type) {
    case 'rsa':
      return [key.d, key.p, key.q, key.dp, key.dq, key.qi].map((value) => be(value));
    case 'ec':
    case 'okp':
      return [key.d];
    default:
      return [];
  }
}

/** Documents, then numbers; zeros between them. */
function formsOf({ key, keyObject, pem }: FreshKey): Buffer {
  const der = keyObject.export({ format: 'der', type: 'pkcs8' });
  const jwk = JSON.stringify(keyObject.export({ format: 'jwk' }));
  const documents = [
    Buffer.from(pem),
    Buffer.from(pem.replaceAll('\n', '\\n')),
    Buffer.from(pem, 'utf16le'),
    der,
    Buffer.from(der.toString('base64')),
    Buffer.from(der.toString('hex')),
    Buffer.from(jwk),
    Buffer.from(jwk, 'utf16le'),
  ];
  const numbers = octetsOf(key).flatMap((value) => {
    const octets = Buffer.from(value);
    const texts = [octets.toString('hex'), octets.toString('hex').toUpperCase(), octets.toString('base64url')];
    const memory = key.type === 'okp' ? [octets] : LAYOUTS.map((layout) => Buffer.from(writeNumber(layout, value)));
    return [...memory, ...texts.flatMap((text) => [Buffer.from(text), Buffer.from(text, 'utf16le')])];
  });
  return Buffer.concat([...documents, ...numbers].flatMap((bytes) => [bytes, Buffer.alloc(24 - (bytes.length % 8))]));
}
