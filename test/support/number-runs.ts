/** Number runs by the rules of src/kernel/numbers.ts, for the differential test of its kernels. */
import { alignmentsOf, NUMBER_REACH_BYTES, type NumberPhases } from '../../src/kernel/numbers.ts';

const PAGE = 4096;

export type Run = readonly [at: number, length: number];

/** The rules of numbers.ts, word by word; shares nothing with the kernels. */
export function findRunsByBruteForce(data: Uint8Array, start: number, end: number, phases: NumberPhases): Run[] {
  const runs: Run[] = [];
  const isAnywhere = phases === 'hprof' || phases === 'go';
  const padded = Buffer.alloc(16 + data.length + NUMBER_REACH_BYTES + PAGE);
  padded.set(data, 16);
  const word = (at: number) => padded.readBigUInt64LE(at + 16);
  const wordOrZero = (at: number) => (at >= -16 && at + 24 <= padded.length ? word(at) : 0n);
  const bytes = (at: number, length: number) => [...padded.subarray(at + 16, at + 16 + length)];
  const isRandom = (at: number) => {
    const ones = word(at).toString(2).replaceAll('0', '').length;
    return ones >= 10 && ones <= 54 && word(at) >= 1n << 48n && !isFill(at) && !isInDigits(at);
  };
  const halfOrZero = (at: number) => (at >= -16 && at + 20 <= padded.length ? padded.readUInt32LE(at + 16) : 0);
  const isShort = (digit: number) => digit >= 4096 && digit < 2 ** 28;
  const isHalf = (at: number) => halfOrZero(at) % 2 === 0 && isShort(halfOrZero(at) / 2);
  const isHermes = (at: number) => halfOrZero(at) % 8 === 4 && isShort((halfOrZero(at) - 4) / 8);
  /** One of eight stretches of nine digits that hold both. */
  const isInDigits = (at: number) =>
    !isAnywhere &&
    [isHalf, isHermes].some((isDigit) =>
      Array.from({ length: 8 }, (_, i) => at - 4 * i).some((first) =>
        Array.from({ length: 9 }, (_, i) => first + 4 * i).every(isDigit),
      ),
    );
  const isFill = (at: number) =>
    word(at) >> 32n === word(at) % 2n ** 32n && (word(at) === wordOrZero(at - 8) || word(at) === wordOrZero(at + 8));
  const isProbe = (at: number) => {
    const probe = bytes(at, 16);
    return (
      probe.some((byte) => byte >= 0x80) &&
      probe.filter((byte) => byte === 0).length <= 2 &&
      probe.filter((byte, i) => byte === probe[i + 4]).length <= 2
    );
  };
  const pages = Array.from({ length: Math.ceil((end - start) / PAGE) }, (_, i) => start + i * PAGE);
  const probes = pages
    .filter((page) => data.subarray(page, page + PAGE).some((byte) => byte !== 0))
    .flatMap((page) => Array.from({ length: 172 }, (_, i) => page + 24 * i));
  const beginsWithField = (at: number) => {
    const probe = bytes(at, 16);
    const hasTops = [word(at), word(at + 8)].every((value) => value >= 1n << 48n);
    return hasTops && probe.some((byte) => byte >= 0x80) && probe.slice(0, 8).filter((byte) => byte === 0).length >= 3;
  };
  const isSmall = (byte: number | undefined) => byte! <= 16;
  /** 32 bytes between small fields, of which three whole words begin at `first`. */
  const isBetweenFields = (first: number) =>
    [1, 2, 3, 4, 5, 6, 7].some((before) => {
      const [tag, ...number] = bytes(first - before - 1, 33);
      const [next, afterNext] = bytes(first - before + 32, 2);
      const high = number.filter((byte) => byte >= 0x80).length;
      return (
        isSmall(tag) &&
        number[0] !== 0 &&
        number[31] !== 0 &&
        (next === 0 || (isSmall(next) && afterNext === 0)) &&
        high >= 4 &&
        high <= 26 &&
        new Set(number).size >= 24
      );
    });
  const goSizeBefore = (at: number) => {
    if (phases !== 'go') return 0;
    const record = Buffer.from(bytes(at - 8, 8)).toString('latin1');
    const short = /[\x80-\xff][\0-\x7f]([\0-\x7f])$/.exec(record);
    const long = /[\x80-\xff][\0-\x7f]([\x80-\xff])([\0-\x7f])$/.exec(record);
    const [low, high] = short ? [short[1]!, '\0'] : long ? [long[1]!, long[2]!] : ['\0', '\0'];
    const size = (low.charCodeAt(0) & 127) + 128 * high.charCodeAt(0);
    return size >= 32 && size % 16 === 0 ? size : 0;
  };
  const double = (at: number) => padded.readDoubleLE(at + 16);
  const half = (at: number) => padded.readUInt32LE(at + 16);
  const kinds: { slot: number; limit?: number; digit: (at: number) => number; isWide?: boolean }[] = [
    { slot: 8, limit: 2 ** 30, digit: (at) => (word(at) % 2n ** 32n === 0n ? Number(word(at) >> 32n) : -1) },
    { slot: 8, limit: 2 ** 30, digit: (at) => (word(at) >> 32n === 0xfffe_0000n ? Number(word(at) % 2n ** 32n) : -1) },
    { slot: 8, limit: 2 ** 30, digit: (at) => (word(at) >> 32n === 0xfff8_8000n ? Number(word(at) % 2n ** 32n) : -1) },
    { slot: 8, digit: (at) => (Number.isInteger(double(at)) ? double(at) : -1) },
    { slot: 4, digit: (at) => (half(at) % 2 === 0 ? half(at) / 2 : -1) },
    { slot: 4, digit: (at) => (half(at) % 8 === 4 ? (half(at) - 4) / 8 : -1) },
  ];
  const wide: ((at: number) => number)[] = [
    (at) => (word(at) < 1n << 32n ? Number(word(at)) : -1),
    (at) => (Number.isInteger(double(at)) && double(at) < 2 ** 28 ? double(at) : -1),
  ];
  for (const [i, digit] of phases === 1 ? wide.entries() : []) {
    const typeBehind = (at: number) =>
      (i === 1 && digit(at + 8) >= 4096) || bytes(at + 8, 1)[0]! >= 64 ? -1 : bytes(at + 8, 1)[0]!;
    const goesOn = (at: number, type: number, least = 4096) => digit(at + 16) >= least && typeBehind(at) === type;
    for (let at = start; at < end; at += 8) {
      const type = typeBehind(at);
      if (digit(at) < 4096 || type < 0 || !goesOn(at, type)) continue;
      if (at >= 16 && digit(at - 16) >= 4096 && goesOn(at - 16, type)) continue;
      let last = at;
      while (goesOn(last, type)) last += 16;
      const isProbed = pages.some((page) =>
        Array.from({ length: 86 }, (_, i) => page + 96 * (i >> 1) + 8 * (i & 1)).some(
          (probe) =>
            (probe - at) % 16 === 0 &&
            probe >= at &&
            probe < last &&
            digit(probe) >= 65_536 &&
            digit(probe + 16) >= 65_536,
        ),
      );
      const sample = Array.from({ length: 24 }, (_, i) => (digit(at + 16 * Math.floor(i / 3)) >> (8 * (i % 3))) & 255);
      const high = sample.filter((byte) => byte >= 0x80).length;
      const isMixture = high >= 3 && high <= 21 && new Set(sample).size >= 18;
      if (!isProbed || !isMixture || last - at < 16 * 7 || last - at > 32_760) continue;
      runs.push([at, Math.min(last + (goesOn(last, type, 1) ? 24 : 8), data.length) - at]);
    }
  }
  const isDigitProbe = (probe: number, { slot, digit, limit = 2 ** 28 }: (typeof kinds)[0]) =>
    Array.from({ length: 16 / slot }, (_, i) => digit(probe + i * slot)).every((it) => it >= 65_536 && it < limit) &&
    bytes(probe, 16).some((byte) => byte >= 0x80);
  const isBoxed = (probe: number) => phases === 1 && kinds.some((kind) => kind.slot === 8 && isDigitProbe(probe, kind));
  for (const kind of isAnywhere ? [] : kinds.filter(({ slot }) => phases === 1 || slot === 4)) {
    const { slot, digit, limit = 2 ** 28 } = kind;
    const isBetween = (digit: number, least: number) => digit >= least && digit < limit;
    for (let at = start; at < end; at += slot) {
      if (!isBetween(digit(at), 4096) || isBetween(digit(at - slot), 4096)) continue;
      let next = at + slot;
      while (isBetween(digit(next), 4096)) next += slot;
      const isProbed = probes.some((probe) => probe >= at && probe + 16 <= next && isDigitProbe(probe, kind));
      const sample = Array.from(
        { length: 27 },
        (_, i) => (digit(at + slot * Math.floor(i / 3)) >> (8 * (i % 3))) & 255,
      );
      const high = sample.filter((byte) => byte >= 0x80).length;
      const isMixture = high >= 4 && high <= 23 && new Set(sample).size >= 20;
      if (!isProbed || !isMixture || next - at < 9 * slot || next - at > 32_768) continue;
      runs.push([at, Math.min(isBetween(digit(next), 1) ? next + slot - at : next - at, data.length - at)]);
    }
  }
  const alignments = alignmentsOf(phases);
  for (let phase = 0; phase < alignments; phase++) {
    const shift = (phase * 8) / alignments;
    for (let first = start + shift; first < end; first += 8) {
      if (!isRandom(first) || isRandom(first - 8)) continue;
      let next = first + 8;
      while (isRandom(next)) next += 8;
      const isText = (at: number) => bytes(at, 8).every((byte) => byte < 0x80);
      let text = first;
      while (text < next && isText(text)) text += 8;
      const behindText = Array.from({ length: 16 }, (_, i) => text + 8 * i).filter(
        (at) => at > first && at < next && isText(at - 8) && !isText(at),
      );
      const ends = (at: number) => {
        const texts = Array.from({ length: (next - at) / 8 }, (_, i) => at + 32 + 8 * i);
        const end = texts.find(
          (text) =>
            text + 32 <= next &&
            (bytes(text, 32).every((byte) => byte < 0x80) || (isTagged(text) && isTagged(text + 8))),
        );
        return end === undefined ? [next] : [next, end];
      };
      const isTagged = (at: number) =>
        /^(?!0000)..[0-7].(00|aa|ff).{10}$/.test(word(at).toString(16).padStart(16, '0'));
      const isField = (at: number) => word(at) % 2n ** 32n < 2n ** 24n || isTagged(at);
      const fields = [0, 8, 16, 24].findIndex((skip) => !isField(first + skip));
      const besideText = [0, 8, 16, 24, 32].slice(0, fields < 0 ? 5 : fields + 1).flatMap((skip) => {
        const at = first + skip;
        return ends(at).map((end) => [at, end] as const);
      });
      const alone = (at: number) => [at, next] as const;
      const candidates = isAnywhere
        ? (goSizeBefore(first + 8) > 0 ? [first, first + 8] : [first]).map(alone)
        : next - first > 32_768
          ? []
          : [...besideText, ...behindText.map(alone)];
      const sees = (at: number) => at >= first && at + 16 <= next && isProbe(at);
      const isSeen = probes.some(
        (probe) =>
          !isBoxed(probe) && (sees(probe + shift) || (phases === 1 && beginsWithField(probe) && sees(probe + 8))),
      );
      if (!isSeen) continue;
      if (phases === 1 && next - first === 24 && isBetweenFields(first)) {
        runs.push([first - 8, Math.min(40, data.length - first + 8)]);
      }
      for (const [at, next] of candidates) {
        const length = next - at;
        if (length < 32 || length > 32_768) continue;
        const before = word(at - 8);
        const elements = Number(before >> 32n);
        const [c0, c1, c2, c3, type] = bytes(at - 5, 5) as [number, number, number, number, number];
        const hprof = (c0 * 2 ** 24 + c1 * 2 ** 16 + c2 * 2 ** 8 + c3) * ({ 8: 1, 10: 4, 11: 8 }[type] ?? 0);
        const object = goSizeBefore(at) > 0 ? goSizeBefore(at) : undefined;
        const array = [1, 4, 8].map((size) => size * elements).find((size) => Math.floor(size / 8) * 8 === length);
        const stated =
          phases === 'hprof'
            ? [hprof].find((size) => size >= 32 && size < length + 8)
            : (array ?? (object !== undefined && object < length + 8 ? object : undefined));
        const isSmall = before < 0x10000n && data[at] !== 0;
        const isBoundary = isSmall || before === 2n ** 64n - 1n || stated !== undefined || object !== undefined;
        if (isAnywhere && !isBoundary) continue;
        const isMixture = [
          [32, 4, 26, 24],
          [64, 12, 48, 44],
          [256, 70, 160, 100],
        ].every(([size, least, most, variety], i) => {
          if (length < size! || (i === 1 && length >= 256)) return true;
          const sample = bytes(at, size!);
          const high = sample.filter((byte) => byte >= 0x80).length;
          return high >= least! && high <= most! && new Set(sample).size >= variety!;
        });
        if (!isMixture) continue;
        const isPrekey = [0x4010n, 0x4020n].includes(before & ~7n) && length >= 128;
        const isDigit = (at: number, least: bigint) => word(at) >= least && word(at) < 1n << 52n;
        const five = Array.from({ length: 5 }, (_, i) => next + 8 * i);
        const areDigits = five.every((at) => isDigit(at, 1n << 40n)) && five.some((at) => word(at) >= 1n << 48n);
        let digits = 0;
        if (length <= 80 && (isDigit(next - 8, 0n) || areDigits))
          while (digits < 80 && isDigit(next + digits, 1n << 40n)) digits += 8;
        const tail = digits || isPrekey ? digits : word(next) > 0n && word(next) < 1n << 32n ? 8 : 0;
        const whole = stated ?? (isPrekey ? Math.max(length, 16_384) : length + tail);
        runs.push([at, Math.min(whole, data.length - at)]);
        if (!isAnywhere) break;
      }
    }
  }
  return runs.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
}
