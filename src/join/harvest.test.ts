import { describe, expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { createPlan } from '../kernel/plan.ts';
import { createReferenceKernel } from '../kernel/reference.ts';
import { HARVESTERS } from './harvest.ts';
import { createWindow } from './join.ts';
import { readHarvestedKeys } from './public-keys.ts';

const make = createMake('harvest');

/** Spans that any harvester takes, found by its anchors. */
function harvest(bytes: Uint8Array): Uint8Array[] {
  const plan = createPlan(HARVESTERS);
  const kernel = createReferenceKernel(plan, { chunkBytes: 65_536, marginBytes: 4096 });
  kernel.window.fill(0);
  kernel.window.set(bytes);
  const spans: Uint8Array[] = [];
  kernel.search(0, 65_536, bytes.length, (index, at, length) => {
    for (const { detector, anchor } of plan.anchors[index]!.targets) {
      const harvester = HARVESTERS[detector]!;
      const start = Math.max(0, at - harvester.reach.before);
      const view = bytes.subarray(start, at + harvester.reach.after);
      const span = harvester.parse({ bytes: view, at: at - start, anchor, length });
      if (span) spans.push(view.slice(span.start, span.end));
    }
  });
  return spans;
}

const sshString = (bytes: Uint8Array): Uint8Array => make.concat(make.be(BigInt(bytes.length), 4), bytes);
const sshText = (text: string): Uint8Array => sshString(make.ascii(text));

const keys = [
  make.rsa(1024),
  make.rsa(2048),
  make.ec('P-256'),
  make.ec('P-384'),
  make.ec('P-521'),
  make.ec('secp256k1'),
  make.okp('Ed25519'),
  make.okp('Ed448'),
  make.okp('X25519'),
  make.okp('X448'),
  make.dsa(),
];

describe('SubjectPublicKeyInfo', () => {
  it.each(
    keys.map((key) => [key.type === 'rsa' ? `RSA ${key.bits}` : key.type === 'dsa' ? 'DSA' : key.curve, key] as const),
  )('%s', (_, key) => {
    const spki = make.spki(key);
    expect(harvest(make.concat(make.bytes(50), spki, make.bytes(3000)))).toEqual([spki]);
    expect(harvest(spki)).toEqual([spki]);
    expect(harvest(make.concat(make.bytes(9), spki.slice(0, -1)))).toEqual([]);
  });

  it('leaves private keys alone', () => {
    expect(keys.flatMap((key) => harvest(make.pkcs8(key)))).toEqual([]);
  });
});

describe('SSH', () => {
  const [rsa, , ec, , , , ed] = keys as [
    ReturnType<typeof make.rsa>,
    never,
    ReturnType<typeof make.ec>,
    never,
    never,
    never,
    ReturnType<typeof make.okp>,
  ];
  const dsa = make.dsa();
  const point = make.concat(Uint8Array.of(4), ec.x, ec.y);
  const blobs = [
    make.concat(
      sshText('ssh-rsa'),
      sshString(make.be(rsa.e)),
      sshString(make.concat(Uint8Array.of(0), make.be(rsa.n))),
    ),
    make.concat(sshText('ecdsa-sha2-nistp256'), sshText('nistp256'), sshString(point)),
    make.concat(sshText('ssh-ed25519'), sshString(ed.x)),
    make.concat(sshText('ssh-dss'), ...[dsa.p, dsa.q, dsa.g, dsa.y].map((number) => sshString(make.be(number)))),
  ];

  it('takes whole blobs, and no cut ones', () => {
    for (const blob of blobs) {
      expect(harvest(make.concat(make.bytes(20), blob, make.bytes(100)))).toEqual([blob]);
      expect(harvest(make.concat(make.bytes(20), blob.slice(0, -1)))).toEqual([]);
    }
  });

  it('reads what it takes, each key once', () => {
    const windows = [...blobs, ...keys.map((key) => make.spki(key))].map((bytes, i) =>
      createWindow({ kind: 'public-key', encoding: 'bytes', start: 1000 * i, end: 1000 * i + bytes.length }, bytes, 0),
    );
    const read = readHarvestedKeys(windows);
    expect(read.rsa.map(({ n }) => n)).toEqual([rsa.n, (keys[1] as typeof rsa).n]);
    expect(read.ec.map(({ curve }) => curve)).toEqual(['P-256', 'P-384', 'P-521', 'secp256k1']);
    expect(read.okp.map(({ curve }) => curve)).toEqual(['Ed25519', 'Ed448', 'X25519', 'X448']);
  });
});

describe('<Buffer >', () => {
  const pairs = (bytes: Uint8Array): string => (make.hex(bytes).match(/../g) ?? []).join(' ');
  const harvested = (text: string): string[] =>
    harvest(make.ascii(text)).map((bytes) => Buffer.from(bytes).toString('latin1'));

  it('with as many octets as a key', () => {
    const [seed, other] = [make.bytes(32), make.bytes(20)];
    expect(harvested(`d: <Buffer ${pairs(seed)}>, id: <Buffer ${pairs(other)}>`)).toEqual([pairs(seed)]);
  });

  it('with a seed, and the first octets of its public key', () => {
    const shown = make.bytes(50);
    expect(harvested(`<Buffer ${pairs(shown)} ... 14 more bytes>`)).toEqual([pairs(shown.subarray(0, 32))]);
    expect(harvested(`<Buffer ${pairs(shown)} ff>`)).toEqual([]);
  });
});
