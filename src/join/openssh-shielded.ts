/**
 * Keys of ssh-agent and sshd, which OpenSSH keeps encrypted in memory against side channels ("shielded", sshkey.c):
 * AES-256-CTR with key and counter from the SHA-512 of a random prekey of 16 KiB. Both lie in the dump. The clear text
 * begins with the name of the key's type, so its first encrypted bytes can be searched for.
 */
import { concat, latin1, u32le } from '../bytes/reader.ts';
import { proveKey } from '../keys/key-parts.ts';
import { readSshPrivateKey } from '../keys/openssh.ts';
import { SshReader } from '../keys/ssh-wire.ts';
import type { Claim } from '../model/detector.ts';
import { decrypt, digest } from '../proof/hash.ts';
import { bytesFrom, type Join, type JoinClaim, type LeadWindow, startOfAround } from './join.ts';
import { PrefixTable } from './prefix-table.ts';

/** SSHKEY_SHIELD_PREKEY_LEN of sshkey.c. */
const PREKEY_BYTES = 16 * 1024;
/** Sizes of the allocation in glibc's header, above its three flag bits. */
const CHUNK_BYTES = [PREKEY_BYTES + 16, PREKEY_BYTES + 32];
/** Other allocators keep no such header: there, a run of random bytes is as long, but for a word or two behind it. */
const SLACK_BYTES = 16;
const KEY_BYTES = 32;
const IV_BYTES = 16;
/** Longest private key that OpenSSH keeps: RSA with 16384 bits. */
const MAX_PRIVATE_BYTES = 10_240;
const MAX_PREKEYS = 1024;

/** Length and first characters of the names of key types: RSA and DSA; Ed25519; ECDSA on three curves. */
const PREFIXES = [
  [7, 'ssh-'],
  [11, 'ssh-'],
  [19, 'ecds'],
] as const;
const PREFIX_BYTES = 8;

interface Prekey {
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
}

export function createOpenSshShieldedJoin(maxPrekeys = MAX_PREKEYS): Join {
  return {
    id: 'openssh-shielded',
    title: 'OpenSSH private key, shielded in memory',
    severity: 'critical',
    doc: `
\`ssh-agent\` and \`sshd\` keep private keys encrypted while they don't use them, against side channels. What decrypts them, a prekey of
16 KiB, is in the same memory, so a dump holds both. Source: \`sshkey_shield_private\` in OpenSSH's \`sshkey.c\`.

**Proof**: what was decrypted is a private key whose numbers fit together (p·q = n, d·G = Q).

**What to do**: replace the key wherever its public half is authorised, or the host key; find out who could read the dump.
`,
    kinds: ['number'],
    join(windows) {
      const prekeys = windows.filter(isPrekey);
      const some = prekeys.slice(0, maxPrekeys).map(readPrekey);
      const claims = [...joinPrekeys(windows, some)];
      for (const { key, iv } of some) {
        key.fill(0);
        iv.fill(0);
      }
      return { claims, overBudget: prekeys.length > maxPrekeys };
    },
  };
}

function isPrekey({ bytes, around }: LeadWindow): boolean {
  if (bytes.length < PREKEY_BYTES) return false;
  const header = u32le(around, bytes.byteOffset - around.byteOffset - 8) ?? 0;
  return bytes.length <= PREKEY_BYTES + SLACK_BYTES || CHUNK_BYTES.includes(header & ~7);
}

function readPrekey({ bytes }: LeadWindow): Prekey {
  const hash = digest('sha512', bytes.subarray(0, PREKEY_BYTES))!;
  const prekey = { key: hash.slice(0, KEY_BYTES), iv: hash.slice(KEY_BYTES, KEY_BYTES + IV_BYTES) };
  hash.fill(0);
  return prekey;
}

function* joinPrekeys(windows: readonly LeadWindow[], prekeys: readonly Prekey[]): Generator<JoinClaim> {
  const table = new PrefixTable(prekeys.length * PREFIXES.length);
  for (const [i, { key, iv }] of prekeys.entries()) {
    for (const [length, text] of PREFIXES) {
      // In counter mode, encryption and decryption are one.
      const encrypted = decrypt('aes-256-ctr', key, iv, concat(Uint8Array.of(0, 0, 0, length), latin1(text)));
      if (encrypted?.length === PREFIX_BYTES) table.add(encrypted, i);
    }
  }
  const matches: { readonly prekey: Prekey; readonly lead: LeadWindow['lead']; readonly start: number }[] = [];
  for (const window of windows) {
    const start = startOfAround(window);
    table.scan(window.around, (i, at) => matches.push({ prekey: prekeys[i]!, lead: window.lead, start: start + at }));
  }
  table.wipe();
  for (const { prekey, lead, start } of matches) {
    const encrypted = bytesFrom(windows, start, MAX_PRIVATE_BYTES);
    const claim = openKey(prekey, encrypted, start);
    encrypted.fill(0);
    if (claim) yield { lead, claim };
  }
}

function openKey({ key, iv }: Prekey, encrypted: Uint8Array, start: number): Claim | undefined {
  const clear = decrypt('aes-256-ctr', key, iv, encrypted);
  if (!clear) return undefined;
  const reader = new SshReader(clear);
  const parts = readSshPrivateKey(reader);
  const proven = parts && proveKey(parts);
  clear.fill(0);
  if (!proven) return undefined;
  const { verdict, traits, secret, publicKey } = proven;
  return {
    verdict,
    span: { start, end: start + reader.at },
    traits: { ...traits, form: 'openssh' },
    secret,
    publicKey,
  };
}
