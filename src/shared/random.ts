/**
 * Counter-based randomness: every number is a function of (seed, stream, counters), so any step of any run can
 * be drawn again without the steps before it. Philox-4x32-10 (Salmon et al. 2011, "Parallel random numbers: as
 * easy as 1, 2, 3").
 */

/** What a draw is for. Streams never share numbers; ids are part of the format: never renumber. */
export const STREAMS = {
  initialization: 1,
  order: 2,
  views: 3,
  split: 4,
  subset: 5,
  method: 6,
  copies: 7,
} as const;
export type Stream = keyof typeof STREAMS;

/** A sequence of draws at one place of the counter space. */
export interface Random {
  /** A 32-bit unsigned integer. */
  uint32(): number;
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Uniform in [low, high). */
  between(low: number, high: number): number;
  /** An integer in [0, n). */
  integer(n: number): number;
  /** Standard normal. */
  normal(): number;
  /** True with probability `p`. */
  chance(p: number): boolean;
}

/**
 * @param seed any safe non-negative integer.
 * @param counters at most three, each in [0, 2^32), e.g. (epoch, image index).
 */
export function random(seed: number, stream: Stream, ...counters: number[]): Random {
  const [a = 0, b = 0, c = 0] = counters;
  const block = new Uint32Array(4);
  let blockIndex = 0;
  let used = 4;
  const uint32 = (): number => {
    if (used === 4) {
      philox(
        block,
        blockIndex++,
        a,
        b,
        c,
        seed >>> 0,
        (Math.floor(seed / 2 ** 32) ^ (STREAMS[stream] << 20)) >>> 0,
      );
      used = 0;
    }
    return block[used++];
  };
  const uniform = () => uint32() / 2 ** 32;
  return {
    uint32,
    uniform,
    between: (low, high) => low + (high - low) * uniform(),
    integer: (n) => Math.floor(uniform() * n),
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    chance: (p) => uniform() < p,
  };
}

/** A random permutation of [0, n): Fisher-Yates. */
export function permutation(n: number, source: Random): Uint32Array {
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = source.integer(i + 1);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

/** Ten rounds of Philox-4x32 of counter (c0..c3) under key (k0, k1), into `out`. */
export function philox(
  out: Uint32Array,
  c0: number,
  c1: number,
  c2: number,
  c3: number,
  k0: number,
  k1: number,
): void {
  for (let round = 0; round < 10; round++) {
    const lo0 = Math.imul(0xd2511f53, c0);
    const hi0 = multiplyHigh(0xd2511f53, c0);
    const lo1 = Math.imul(0xcd9e8d57, c2);
    const hi1 = multiplyHigh(0xcd9e8d57, c2);
    c0 = hi1 ^ c1 ^ k0;
    c1 = lo1;
    c2 = hi0 ^ c3 ^ k1;
    c3 = lo0;
    k0 = (k0 + 0x9e3779b9) | 0;
    k1 = (k1 + 0xbb67ae85) | 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

/** The upper 32 bits of the 64-bit product of two 32-bit unsigned integers. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const middle2 = aLow * bHigh + (middle & 0xffff);
  // Sums stay below 2^49, so doubles are exact; >>> 16 would cut them to 32 bits first.
  return (aHigh * bHigh + Math.floor(middle / 65536) + Math.floor(middle2 / 65536)) | 0;
}
