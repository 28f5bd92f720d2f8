/** The weights and images of the golden cases; make_golden.py holds the same formula. */

/** `size` numbers in [-1, 1): 32-bit integers that are hashed from (name, index). */
export function values(name: string, size: number): Float32Array {
  const start = fnv1a(name);
  const result = new Float32Array(size);
  for (let i = 0; i < size; i++) {
    let x = (Math.imul(i, 2654435761) + start) | 0;
    x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
    result[i] = ((x ^ (x >>> 16)) >>> 0) / 2 ** 31 - 1;
  }
  return result;
}

/**
 * Values of a parameter, of a size that keeps activations near 1.
 * @param key what they are hashed from, where the name alone is not unique.
 */
export function parameterValues(name: string, shape: readonly number[], key = name): Float32Array {
  const u = values(
    key,
    shape.reduce((product, n) => product * n, 1),
  );
  const fanIn = shape.slice(1).reduce((product, n) => product * n, 1);
  if (name.endsWith('running_var') || name.endsWith('cluster_size')) return u.map((x) => 1 + 0.3 * x);
  if (name === 'prior') return u.map((x) => Math.fround(1 + x) / u.length);
  if (name.endsWith('bn3.weight')) return u.map((x) => 0.2 + 0.1 * x);
  if (shape.length === 1 && name.endsWith('weight')) return u.map((x) => 1 + 0.2 * x);
  if (shape.length === 1 || name === 'cls_token' || name === 'pos_embed') return u.map((x) => 0.2 * x);
  return u.map((x) => x * Math.fround(Math.sqrt(3 / fanIn)));
}

/** make_golden.py's: [sum, norm, dot with the formula's values, largest size]. */
function summary(data: Float32Array): number[] {
  const weights = values('summary', data.length);
  const total = (f: (x: number, i: number) => number) => data.reduce((sum, x, i) => sum + f(x, i), 0);
  return [
    total((x) => x),
    Math.sqrt(total((x) => x * x)),
    total((x, i) => x * weights[i]),
    data.reduce((largest, x) => Math.max(largest, Math.abs(x)), 0),
  ];
}

/** Sums may cancel: their deviations are measured against the norm times the root of the size, their bound. */
export function summaryDeviation(data: Float32Array, expected: readonly number[]): number {
  const scale = [expected[1] * Math.sqrt(data.length), expected[1], expected[1], expected[3]];
  return Math.max(...summary(data).map((x, i) => Math.abs(x - expected[i]) / scale[i]));
}

function fnv1a(text: string): number {
  let value = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) value = Math.imul(value ^ byte, 0x01000193);
  return value;
}
