/**
 * What a key document holds, whatever encoding it came in, and the one way from there to a proof. PEM, base64,
 * keystores and binary detectors all carry the same documents; they meet here.
 */
import type { Protection } from '../model/finding.ts';
import { type DhNumbers, type DsaNumbers, proveDh, proveDsa } from '../proof/dsa.ts';
import { type EcNumbers, type OkpNumbers, proveEc, proveOkp } from '../proof/ec.ts';
import { type ElGamalNumbers, proveElGamal } from '../proof/elgamal.ts';
import { type PostQuantumNumbers, provePostQuantum } from '../proof/post-quantum.ts';
import type { KeyTraits, ProvenKey } from '../proof/proven-key.ts';
import { proveRsa, type RsaNumbers } from '../proof/rsa.ts';

export type KeyParts =
  | {
      readonly type: 'rsa';
      readonly numbers: RsaNumbers;
      /** AlgorithmIdentifier of a key restricted to PSS or OAEP; its SubjectPublicKeyInfo carries the same. */
      readonly algorithm?: Uint8Array;
    }
  | { readonly type: 'ec'; readonly numbers: EcNumbers }
  | { readonly type: 'okp'; readonly numbers: OkpNumbers }
  | { readonly type: 'dsa'; readonly numbers: DsaNumbers }
  | { readonly type: 'elgamal'; readonly numbers: ElGamalNumbers }
  | {
      readonly type: 'dh';
      readonly numbers: DhNumbers;
      /** AlgorithmIdentifier, as in the SubjectPublicKeyInfo. */
      readonly algorithm: Uint8Array;
    }
  | { readonly type: 'post-quantum'; readonly numbers: PostQuantumNumbers }
  | {
      /** PKCS#8 of an algorithm that isn't known here. */
      readonly type: 'other';
      readonly privateKey: Uint8Array;
    }
  | {
      readonly type: 'encrypted';
      readonly protection: Protection;
      readonly ciphertext: Uint8Array;
      /** The EncryptedPrivateKeyInfo, if it is one: default passwords are tried on it. */
      readonly document?: Uint8Array;
      /** What the clear part of the document says about the key inside. */
      readonly traits?: Partial<KeyTraits>;
    };

/** A document that was read, and where it lies in the bytes it was read from. */
export interface KeyDocument {
  readonly parts: KeyParts;
  readonly start: number;
  readonly end: number;
}

/** Proves what can be proven. Wipes nothing: the caller owns the bytes that the parts view. */
export function proveKey(parts: KeyParts): ProvenKey | undefined {
  switch (parts.type) {
    case 'rsa':
      return proveRsa(parts.numbers, parts.algorithm);
    case 'ec':
      return proveEc(parts.numbers);
    case 'okp':
      return proveOkp(parts.numbers);
    case 'dsa':
      return proveDsa(parts.numbers);
    case 'elgamal':
      return proveElGamal(parts.numbers);
    case 'dh':
      return proveDh(parts.numbers, parts.algorithm);
    case 'post-quantum':
      return provePostQuantum(parts.numbers);
    case 'other':
      return { verdict: 'likely', secret: parts.privateKey.slice(), traits: { algorithm: 'other', proof: 'none' } };
    case 'encrypted':
      return {
        verdict: 'proven',
        secret: parts.ciphertext.slice(),
        traits: { algorithm: 'opaque', proof: 'document', ...parts.traits, protection: parts.protection },
      };
  }
}
