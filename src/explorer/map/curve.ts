/**
 * How near is near on the map: UMAP's curve 1 / (1 + a d^2b), fitted to one that is 1 up to the least distance and
 * falls off as exp(-(d - least)) beyond (McInnes et al. 2018, section 3.2), over d in [0, 3].
 */

export interface Curve {
  readonly a: number;
  readonly b: number;
}

const SAMPLES = 300;
const MAX_ROUNDS = 200;

/** Levenberg-Marquardt in log(a) and log(b), which stay positive so. @param least in [0, 1]. */
export function fitCurve(least: number): Curve {
  const xs = Array.from({ length: SAMPLES - 1 }, (_, i) => (3 * (i + 1)) / (SAMPLES - 1));
  const wanted = xs.map((x) => (x < least ? 1 : Math.exp(-(x - least))));
  let at: Curve = { a: 1, b: 1 };
  let { error, step } = linearize(xs, wanted, at);
  for (let round = 0, damping = 1e-3; round < MAX_ROUNDS && damping < 1e12; round++) {
    const [da, db] = step(damping);
    const next = { a: at.a * Math.exp(da), b: at.b * Math.exp(db) };
    const tried = linearize(xs, wanted, next);
    if (tried.error < error) {
      at = next;
      ({ error, step } = tried);
      damping /= 10;
    } else damping *= 10;
  }
  return at;
}

/** The squared error at (a, b), and the step to make for a damping. */
function linearize(xs: readonly number[], wanted: readonly number[], { a, b }: Curve) {
  let [error, aa, ab, bb, ga, gb] = [0, 0, 0, 0, 0, 0];
  xs.forEach((x, i) => {
    const power = a * x ** (2 * b);
    const value = 1 / (1 + power);
    const residual = wanted[i] - value;
    // By log(a), and by log(b).
    const da = -power * value ** 2;
    const db = da * 2 * b * Math.log(x);
    error += residual ** 2;
    aa += da * da;
    ab += da * db;
    bb += db * db;
    ga += da * residual;
    gb += db * residual;
  });
  const step = (damping: number): [number, number] => {
    const [p, q] = [aa * (1 + damping), bb * (1 + damping)];
    const determinant = p * q - ab * ab;
    return [(q * ga - ab * gb) / determinant, (p * gb - ab * ga) / determinant];
  };
  return { error, step };
}
