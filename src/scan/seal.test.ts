import { describe, expect, it } from 'vitest';
import type { Claim } from '../model/detector.ts';
import { KNOWN_KEYS } from '../proof/known-keys.ts';
import { createPublicInventory } from '../proof/public-inventory.ts';
import { seal } from './seal.ts';

const place = { start: 10, end: 20, input: 'core', encoding: 'bytes' } as const;
const detector = { id: 'a-b', severity: 'critical' } as const;
const key = new Uint8Array(32).fill(1);

const claim = (more: Partial<Claim> = {}): Claim => ({
  verdict: 'proven',
  span: { start: 0, end: 10 },
  traits: { algorithm: 'Ed25519', form: 'pem', proof: 'document' },
  secret: new Uint8Array(32).fill(0x5a),
  ...more,
});

describe('seal', () => {
  it('wipes the secret and keeps only a digest', () => {
    const open = claim();
    const finding = seal(open, detector, place, key);
    expect(open.secret).toEqual(new Uint8Array(32));
    expect(finding).toEqual({
      detector: 'a-b',
      severity: 'critical',
      verdict: 'proven',
      fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
      traits: open.traits,
      places: [{ ...place, detector: 'a-b', form: 'pem' }],
    });
  });

  it('gives the same secret one fingerprint under one project key', () => {
    const print = (of: Claim, under = key): string => seal(of, detector, place, under).fingerprint;
    expect(print(claim())).toBe(print(claim({ traits: { algorithm: 'Ed25519', form: 'der', proof: 'd*G=Q' } })));
    expect(print(claim())).not.toBe(print(claim(), new Uint8Array(32).fill(2)));
    expect(print(claim())).not.toBe(print(claim({ traits: { algorithm: 'X25519', form: 'pem', proof: 'document' } })));
    expect(print(claim())).not.toBe(print(claim({ secret: new Uint8Array(32).fill(0x5b) })));
  });

  it('lets a claim lower the severity', () => {
    expect(seal(claim({ severity: 'medium' }), detector, place, key).severity).toBe('medium');
  });

  describe('with an inventory', () => {
    const publicKeySha256 = 'a'.repeat(64);
    const inventory = createPublicInventory([{ label: 'prod', source: 'jwk', kid: 'k1', publicKeySha256 }]);
    const traits = { ...claim().traits, publicKeySha256 };
    const sealed = (more: Partial<Claim>) => seal(claim({ traits, ...more }), detector, place, key, inventory);

    it('names the entry', () => {
      expect(sealed({}).traits).toMatchObject({ inventory: 'prod', inventoryKid: 'k1' });
      expect(sealed({ traits: claim().traits }).traits).toEqual(claim().traits);
    });

    it('makes it at least high, unless it is encrypted', () => {
      expect(sealed({}).severity).toBe('critical');
      expect(sealed({ severity: 'low' }).severity).toBe('high');
      const locked = { ...traits, protection: 'pbes2' } as const;
      expect(sealed({ severity: 'medium', traits: locked }).severity).toBe('medium');
      const opened = { ...locked, openedWithDefaultPassword: true };
      expect(sealed({ severity: 'medium', traits: opened }).severity).toBe('high');
    });

    it('leaves a published test key known', () => {
      const [published] = [...KNOWN_KEYS.keys()];
      const known = createPublicInventory([{ label: 'prod', source: 'sha256', publicKeySha256: published! }]);
      const finding = seal(claim({ traits: { ...traits, publicKeySha256: published! } }), detector, place, key, known);
      expect(finding).toMatchObject({ verdict: 'known', severity: 'info', traits: { inventory: 'prod' } });
    });
  });

  it('reports a key of a loaded list as known, and takes off what it is looked up by', () => {
    const digest = 'ab'.repeat(32);
    const list = {
      ...({ name: 'list', of: 'value', digestBytes: 15, numberBytes: 1, labels: { 2: 'debianssl' } } as const),
      table: new Uint8Array([...new Array(15).fill(0xab), 2]),
    };
    const traits = { ...claim().traits, publicValueSha256: digest };
    const known = seal(claim({ traits }), detector, place, key, undefined, [list]);
    expect(known).toMatchObject({ verdict: 'known', severity: 'info' });
    expect(known.traits).toEqual({ ...claim().traits, known: 'list: debianssl' });
    expect(seal(claim({ traits }), detector, place, key).traits).toEqual(claim().traits);
  });

  it('reports a published value as known when the detector names it', () => {
    const traits = { ...claim().traits, known: 'RFC 6749 example' };
    expect(seal(claim({ verdict: 'likely', traits }), detector, place, key)).toMatchObject({
      verdict: 'known',
      severity: 'info',
    });
  });

  it('reports a published test key as known', () => {
    const [publicKeySha256, known] = [...KNOWN_KEYS][0]!;
    const traits = { algorithm: 'RSA', form: 'der', proof: 'p*q=n', publicKeySha256 } as const;
    expect(seal(claim({ traits }), detector, place, key)).toMatchObject({
      verdict: 'known',
      severity: 'info',
      traits: { known },
    });
  });
});
