/** Which images are trained on: held-out parts and subsets, drawn by counter-based randomness. */
import { UserError } from '../shared/errors';
import { permutation, random } from '../shared/random';

/**
 * Keeps a share for evaluation: of each class alike where there are labels; unlabelled images of labelled data
 * stay in training. At least one image stays in training.
 * @param labels class of each image or -1; null without classes.
 * @param share in [0, 1).
 * @returns indices in ascending order.
 */
export function holdOut(
  count: number,
  labels: Int32Array | null,
  share: number,
  seed: number,
): { train: Uint32Array; evaluation: Uint32Array } {
  const groups = labels ? [...byClass(allIndices(count), labels).values()] : [[...allIndices(count)]];
  const total = groups.reduce((sum, group) => sum + group.length, 0);
  const wanted = Math.min(Math.round(total * share), count - 1);
  const held = new Set<number>();
  const sizes = apportion(
    groups.map((group) => group.length),
    wanted,
  );
  groups.forEach((group, i) => {
    const order = permutation(group.length, random(seed, 'split', i));
    for (let j = 0; j < sizes[i]; j++) held.add(group[order[j]]);
  });
  return {
    train: allIndices(count).filter((i) => !held.has(i)),
    evaluation: Uint32Array.from(held).sort(),
  };
}

/**
 * `n` of the indices, those after the first `from` in the order that the seed draws: subsets that follow each other
 * share no image. A smaller subset of the same seed and place is part of a larger one.
 * @returns ascending. @throws UserError where there are fewer.
 */
export function subsetOf(indices: Uint32Array, n: number, seed: number, from = 0): Uint32Array {
  const left = Math.max(0, indices.length - from);
  if (n > left) {
    throw new UserError(
      from === 0
        ? `A subset of ${n} images was asked for, but there are only ${left} training images.`
        : `A subset of ${n} images after the first ${from} was asked for, but there are only ${indices.length} training images.`,
      `Set data.subset to at most ${left}, or leave it out.`,
      'usage',
    );
  }
  const order = permutation(indices.length, random(seed, 'subset'));
  return order
    .slice(from, from + n)
    .map((i) => indices[i])
    .sort();
}

/**
 * `perClass` of each class; a smaller one of the same seed is part of a larger one.
 * @returns ascending. @throws UserError without classes, or where a class has fewer.
 */
export function balancedSubsetOf(
  indices: Uint32Array,
  labels: Int32Array | null,
  classes: string[] | null,
  perClass: number,
  seed: number,
): Uint32Array {
  if (!labels || !classes) {
    throw new UserError(
      `${perClass} labels per class were asked for, but the images have no classes.`,
      'Sort the images into one folder per class, or leave data.labelsPerClass out.',
      'usage',
    );
  }
  const groups = byClass(indices, labels);
  const chosen = classes.flatMap((name, label) => {
    const group = groups.get(label) ?? [];
    if (group.length < perClass) {
      throw new UserError(
        `${perClass} labels per class were asked for, but the class "${name}" has ${group.length} training images.`,
        `Set data.labelsPerClass to at most ${group.length}.`,
        'usage',
      );
    }
    const order = permutation(group.length, random(seed, 'subset', 1, label));
    return Array.from(order.subarray(0, perClass), (i) => group[i]);
  });
  return Uint32Array.from(chosen).sort();
}

/**
 * The same share of each class, at least one image of it; a smaller one of the same seed is part of a larger one.
 * @param share in (0, 1].
 * @returns ascending. @throws UserError without classes.
 */
export function shareOf(
  indices: Uint32Array,
  labels: Int32Array | null,
  share: number,
  seed: number,
): Uint32Array {
  if (!labels) {
    throw new UserError(
      `A share of the labels, ${share}, was asked for, but the images have no classes.`,
      'Sort the images into one folder per class, or leave data.labelShare out.',
      'usage',
    );
  }
  const chosen = [...byClass(indices, labels)].flatMap(([label, group]) => {
    const order = permutation(group.length, random(seed, 'subset', 1, label));
    const count = Math.max(1, Math.round(share * group.length));
    return Array.from(order.subarray(0, count), (i) => group[i]);
  });
  return Uint32Array.from(chosen).sort();
}

/** Labelled indices by class, classes ascending. */
function byClass(indices: Uint32Array, labels: Int32Array): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  for (const index of indices) {
    if (labels[index] < 0) continue;
    const group = groups.get(labels[index]);
    if (group) group.push(index);
    else groups.set(labels[index], [index]);
  }
  return new Map([...groups].sort(([a], [b]) => a - b));
}

/** Shares `wanted` out in proportion to `sizes`, by largest remainder; equal remainders favour the first. */
function apportion(sizes: number[], wanted: number): number[] {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const exact = sizes.map((size) => (total ? (size * wanted) / total : 0));
  const shares = exact.map(Math.floor);
  let left = wanted - shares.reduce((sum, share) => sum + share, 0);
  const byRemainder = exact
    .map((value, i) => ({ i, rest: value - shares[i] }))
    .sort((a, b) => b.rest - a.rest || a.i - b.i);
  for (const { i } of byRemainder) if (left-- > 0) shares[i]++;
  return shares;
}

function allIndices(count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, i) => i);
}
