/** What is known of a data set's images without their pixels: names, labels, splits. */
import type { Skipped } from './source';
import { balancedSubsetOf, holdOut, shareOf, subsetOf } from './splits';

export interface Contents {
  /** Paths inside of the source, with forward slashes, in the final order. */
  names: readonly string[];
  /** -1 for unlabelled; null where the data has no classes. */
  labels: readonly number[] | null;
  classes: string[] | null;
  /** Images before this one are for training; null without a split of its own. */
  trainCount: number | null;
  skipped: readonly Skipped[];
  notes: readonly string[];
}

export interface SplitOptions {
  /** Share kept for evaluation, in [0, 1), where the data has no split of its own. */
  heldOut: number;
  /** Draws the held-out images. */
  seed: number;
}

/**
 * Indices are positions in one fixed order: training images sorted by path, then the evaluation images of a split
 * of its own, sorted by path.
 */
export class ImageSet {
  readonly count: number;
  /** Paths inside of the source, with forward slashes. */
  readonly names: readonly string[];
  /** Class names in label order; null for unlabelled data. */
  readonly classes: string[] | null;
  /** [count], -1 for unlabelled images; null for unlabelled data. */
  readonly labels: Int32Array | null;
  /** Indices of the training images, ascending. */
  readonly train: Uint32Array;
  /** Indices of the evaluation images, ascending; may be empty. */
  readonly evaluation: Uint32Array;
  /** Files that should have been images, with the reason why they are not used. */
  readonly skipped: readonly Skipped[];
  /** What was understood from the folders that may surprise, as sentences. */
  readonly notes: readonly string[];

  constructor(contents: Contents, { heldOut, seed }: SplitOptions) {
    const { names, labels, classes, trainCount } = contents;
    this.count = names.length;
    this.names = names;
    this.classes = classes;
    this.labels = labels && Int32Array.from(labels);
    this.skipped = contents.skipped;
    this.notes = contents.notes;
    const indices = Uint32Array.from(names.keys());
    const parts =
      trainCount === null
        ? holdOut(names.length, this.labels, heldOut, seed)
        : { train: indices.slice(0, trainCount), evaluation: indices.slice(trainCount) };
    this.train = parts.train;
    this.evaluation = parts.evaluation;
  }

  /** `n` training images drawn by `seed` after the first `from`, ascending. @throws UserError where there are fewer. */
  subset(n: number, seed: number, from = 0): Uint32Array {
    return subsetOf(this.train, n, seed, from);
  }

  /** This share of the training images of each class, ascending. @throws UserError without classes. */
  shareOfClasses(share: number, seed: number): Uint32Array {
    return shareOf(this.train, this.labels, share, seed);
  }

  /** `perClass` training images of each class, ascending. @throws UserError without classes or with too few. */
  balancedSubset(perClass: number, seed: number): Uint32Array {
    return balancedSubsetOf(this.train, this.labels, this.classes, perClass, seed);
  }
}
