// Prints a table of src/bytes/machine-code.ts: how much likelier each byte is in one section of ELF files than among random bytes, in
// quarters of a bit.
//
//   node scripts/code-bytes.mjs .text /usr/bin/gdb /usr/lib/x86_64-linux-gnu/libc.so.6
import { readFileSync } from 'node:fs';

/** Share of bytes that are no code: constants between functions, and what other compilers prefer. */
const UNKNOWN = 0.15;

/** Contents of a section of a little-endian ELF file of 64 bits. */
function readSection(path, wanted) {
  const file = readFileSync(path);
  const [tableAt, entryBytes, count, namesIndex] = [
    Number(file.readBigUInt64LE(0x28)),
    file.readUInt16LE(0x3a),
    file.readUInt16LE(0x3c),
    file.readUInt16LE(0x3e),
  ];
  const section = (index) => {
    const at = tableAt + index * entryBytes;
    return {
      name: file.readUInt32LE(at),
      start: Number(file.readBigUInt64LE(at + 0x18)),
      size: Number(file.readBigUInt64LE(at + 0x20)),
    };
  };
  const names = section(namesIndex).start;
  for (let index = 0; index < count; index++) {
    const { name, start, size } = section(index);
    const end = file.indexOf(0, names + name);
    if (file.toString('latin1', names + name, end) === wanted) return file.subarray(start, start + size);
  }
  throw new Error(`${path} has no ${wanted}`);
}

const frequencies = new Float64Array(256);
const [wanted, ...paths] = process.argv.slice(2);
for (const path of paths) {
  const bytes = readSection(path, wanted);
  for (const byte of bytes) frequencies[byte] += 1 / (bytes.length * paths.length);
}
const scores = Array.from(frequencies, (share, byte) =>
  // Zeros are common everywhere.
  byte === 0 ? 0 : Math.round(4 * Math.log2((1 - UNKNOWN) * 256 * share + UNKNOWN)),
);
for (let row = 0; row < 256; row += 16) console.log(`  ${scores.slice(row, row + 16).join(', ')},`);
