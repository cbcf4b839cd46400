// JSON Web Keys (RFC 7517) in whatever dialect and escape they lie in memory. The trap: member order is free, and the
// one member that every key has, `kty`, says only three letters; everything else is decided by arithmetic.
import { type FlatObject, readFlatObject, readValueAfter } from '../src/bytes/json.ts';
import { type KeyType, keyTypeAt, proveJwk } from '../src/keys/jwk.ts';
import { defineDetector, type Hit } from '../src/model/detector.ts';
import type { EcKey, OkpKey, RsaKey } from '../src/model/make.ts';

const NAME = 'kty';

interface Candidate {
  readonly bytes: Uint8Array;
  readonly object: FlatObject;
  readonly type: KeyType;
}

export default defineDetector<Candidate>({
  id: 'jwk',
  title: 'Private or symmetric JSON Web Key',
  severity: 'critical',
  doc: `
A private key as a JSON Web Key ([RFC 7517](https://www.rfc-editor.org/rfc/rfc7517), [7518](https://www.rfc-editor.org/rfc/rfc7518),
[8037](https://www.rfc-editor.org/rfc/rfc8037), [8812](https://www.rfc-editor.org/rfc/rfc8812)): RSA, EC, Ed25519, Ed448, X25519,
X448, ML-DSA, ML-KEM and SLH-DSA (\`AKP\`), and symmetric keys (\`oct\`); alone or in a JWK Set. Seen in the heaps of token issuers, in environment variables,
configuration and logs. Found as JSON with members in any order, inside JSON strings (escaped once or more), URL- or
HTML-escaped, as \`util.inspect\`, Python or Java print it, in UTF-8, UTF-16 and UTF-32, and cut off as long as what is left
proves the key.

**Proof**: n = p·q, n mod p = 0, or 2^(ed) = 2 mod n; d·G = (x, y); the public key recomputed from \`d\` or \`priv\`. A symmetric key
proves nothing and is *likely*.

**What to do**: replace the key, remove the old one from the published JWK Set, and find out who could read the dump. For a
symmetric key, every token signed with it can be forged.
`,
  anchors: [{ text: NAME, wide: true }],
  // An RSA-8192 key has 6.3 KB, and more when escaped or with certificates in x5c.
  reach: { before: 16_384, after: 16_384 },

  parse({ bytes, at }) {
    const value = readValueAfter(bytes, at + NAME.length);
    const type = value && keyTypeAt(bytes, value.start, value.end);
    const object = type && readFlatObject(bytes, at, at + NAME.length);
    if (!object) return undefined;
    const secret =
      object.get(type === 'oct' ? 'k' : type === 'AKP' ? 'priv' : 'd') ?? object.get('p') ?? object.get('q');
    return secret && secret.end - secret.start >= 20 ? { bytes, object, type } : undefined;
  },

  verify({ bytes, object, type }) {
    const key = proveJwk(bytes, object, type);
    if (!key) return [];
    const traits = { ...key.traits, form: 'jwk' } as const;
    const claim = { verdict: key.verdict, span: object.span, traits, publicKey: key.publicKey };
    // Nothing proves a symmetric key: documentation and tests are full of them.
    return [{ ...claim, secret: key.secret, ...(type === 'oct' && { severity: 'high' as const }) }];
  },

  examples(make) {
    const rsa = make.rsa(2048);
    const ec = make.ec('P-256');
    const ed = make.okp('Ed25519');
    const members = make.jwk(rsa);
    const json = JSON.stringify(members);
    const pretty = JSON.stringify({ use: 'sig', ...members, key_ops: ['sign'] }, undefined, 2);
    const quoted = (text: string): string => JSON.stringify(text).slice(1, -1);
    const pairs = (object: object, pair: (name: string, value: string) => string, separator: string): string =>
      Object.entries(object)
        .map(([name, value]) => pair(name, value))
        .join(separator);

    const hit = (name: string, key: RsaKey | EcKey | OkpKey, text: string, more: Partial<Hit> = {}): Hit => ({
      name,
      bytes: make.ascii(`key: ${text}\0`),
      span: { start: 5, end: 5 + text.length },
      verdict: 'proven',
      traits: { form: 'jwk', publicKeySha256: make.publicKeySha256(key) },
      secrets: make.secrets(key),
      ...more,
    });
    const simple = (key: EcKey | OkpKey): Hit =>
      hit(key.curve, key, JSON.stringify({ kid: 'a', ...make.jwk(key), alg: 'x' }), {
        traits: { form: 'jwk', proof: 'd*G=Q', publicKeySha256: make.publicKeySha256(key) },
      });
    const set = `{"keys":[${JSON.stringify({ ...make.jwk(ed), d: undefined })},`;
    const { kty: _, ...rest } = members;
    const cut = json.slice(0, json.indexOf('"p":'));
    const secret = make.bytes(32);
    const oct = `{"kty":"oct","k":"${make.base64url(secret)}","alg":"HS256"}`;
    const bits = (key: RsaKey) => ({ algorithm: 'RSA', bits: key.bits, proof: 'p*q=n' }) as const;
    const small = make.rsa(1024);

    return {
      hits: [
        hit('RSA', rsa, json, {
          traits: { form: 'jwk', ...bits(rsa), publicKeySha256: make.publicKeySha256(rsa) },
        }),
        hit('RSA, 1024 bits', small, JSON.stringify(make.jwk(small)), { traits: { form: 'jwk', ...bits(small) } }),
        hit('without CRT members', rsa, JSON.stringify(make.jwk(rsa, { crt: false })), { traits: { proof: 'd*e=1' } }),
        hit('pretty-printed, other members', rsa, pretty),
        hit('kty last', rsa, JSON.stringify({ ...rest, kty: 'RSA' })),
        hit('certificate chain', rsa, JSON.stringify({ x5c: [make.base64(make.bytes(900))], ...members })),
        hit('nested object', rsa, `{"meta":{"d":"x","a":{}},${json.slice(1)}`),
        hit('inside a JSON string', rsa, quoted(json)),
        hit('inside a JSON string, pretty-printed', rsa, quoted(pretty)),
        hit('escaped twice', rsa, quoted(quoted(json))),
        hit('escaped as \\u0022', rsa, json.replaceAll('"', '\\u0022')),
        hit('URL-escaped', rsa, encodeURIComponent(json)),
        hit('HTML-escaped', rsa, json.replaceAll('"', '&quot;')),
        hit('util.inspect', rsa, `{\n  ${pairs(members, (name, value) => `${name}: '${value}'`, ',\n  ')}\n}`),
        hit('Python repr', rsa, `{${pairs(members, (name, value) => `'${name}': '${value}'`, ', ')}}`),
        hit('Java Map.toString', rsa, `{${pairs(members, (name, value) => `${name}=${value}`, ', ')}}`),
        hit('cut off after d', rsa, cut, {
          span: { start: 5, end: 5 + cut.lastIndexOf('"') },
          traits: { proof: 'd*e=1' },
        }),
        simple(ec),
        simple(make.ec('P-384')),
        simple(make.ec('P-521')),
        simple(make.ec('secp256k1')),
        hit('EC without y', ec, JSON.stringify({ ...make.jwk(ec), y: undefined })),
        simple(ed),
        simple(make.okp('Ed448')),
        simple(make.okp('X25519')),
        simple(make.okp('X448')),
        hit('second key of a set', ec, `${JSON.stringify(make.jwk(ec))}]}`, {
          bytes: make.ascii(`${set}${JSON.stringify(make.jwk(ec))}]}`),
          span: { start: set.length, end: set.length + JSON.stringify(make.jwk(ec)).length },
        }),
        hit('oct', ed, oct, {
          verdict: 'likely',
          traits: { algorithm: 'symmetric', bits: 256, form: 'jwk', proof: 'none' },
          secrets: [secret],
        }),
      ],
      misses: [
        {
          name: 'source code',
          bytes: make.ascii("if (jwk.kty === 'RSA') return { kty: 'RSA', n, e }"),
          reaches: 'anchor',
        },
        {
          name: 'public key',
          bytes: make.ascii(JSON.stringify({ kty: 'RSA', n: members['n'], e: members['e'] })),
          reaches: 'anchor',
        },
        { name: 'no key type', bytes: make.ascii(json.replace('RSA', 'RSB')), reaches: 'anchor' },
        {
          name: 'd of another key',
          bytes: make.ascii(JSON.stringify({ ...make.jwk(ec), d: make.base64url(make.bytes(32)) })),
          reaches: 'verify',
        },
        {
          name: 'numbers of noise',
          bytes: make.ascii(
            JSON.stringify({
              kty: 'RSA',
              n: make.base64url(make.bytes(256)),
              e: 'AQAB',
              d: make.base64url(make.bytes(256)),
            }),
          ),
          reaches: 'verify',
        },
        {
          name: 'oct of one letter',
          bytes: make.ascii(JSON.stringify({ kty: 'oct', k: 'A'.repeat(43) })),
          reaches: 'verify',
        },
      ],
    };
  },
});
