/** Pairs of copies become groups: a slider moves the score from which on a pair counts, and counts follow at once. */
import type { CopyPairs } from './copies';

export interface CopyCounts {
  readonly pairs: number;
  readonly groups: number;
  /** Images that are in some group. */
  readonly images: number;
  /** Images that could go if one of each group were kept. */
  readonly surplus: number;
}

export interface CopyGroup {
  /** Ascending; at least two. */
  readonly rows: readonly number[];
  /** Highest and lowest score among the pairs that made the group. */
  readonly best: number;
  readonly weakest: number;
  /** Pairs of it at the threshold: less than all of its pairs where it is a chain. */
  readonly pairs: number;
}

/** Some of its images are not near each other themselves, only through another of the group. */
export const isChain = ({ rows, pairs }: CopyGroup): boolean => pairs < (rows.length * (rows.length - 1)) / 2;

/** Pairs are sorted once, by who made them; a threshold then only says how many of the first ones count. */
export class CopyGrouping {
  /** [pairs + 1]: groups, and images in groups, once the first n pairs count. */
  private readonly groupsAfter: Uint32Array;
  private readonly imagesAfter: Uint32Array;

  /** @param pairs by descending score. @throws Error where they are not sorted. */
  constructor(private readonly pairs: CopyPairs) {
    const { first, second, score } = pairs;
    const { length } = score;
    this.groupsAfter = new Uint32Array(length + 1);
    this.imagesAfter = new Uint32Array(length + 1);
    const union = new UnionFind(highestRow(pairs) + 1);
    let groups = 0;
    let images = 0;
    for (let i = 0; i < length; i++) {
      if (i > 0 && score[i] > score[i - 1]) throw new Error(`Pair ${i} scores higher than the one before it`);
      const alone = Number(union.isAlone(first[i])) + Number(union.isAlone(second[i]));
      if (union.join(first[i], second[i])) {
        images += alone;
        // Two loose images found a group, a loose one joins one, two groups become one.
        groups += alone - 1;
      }
      this.groupsAfter[i + 1] = groups;
      this.imagesAfter[i + 1] = images;
    }
  }

  /** How many pairs score at least `threshold`. */
  pairsAt(threshold: number): number {
    const { score } = this.pairs;
    // Scores are float32: the threshold is rounded alike, so that a pair is in at its own score.
    const limit = Math.fround(threshold);
    let low = 0;
    let high = score.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (score[middle] >= limit) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  countsAt(threshold: number): CopyCounts {
    const pairs = this.pairsAt(threshold);
    const groups = this.groupsAfter[pairs];
    const images = this.imagesAfter[pairs];
    return { pairs, groups, images, surplus: images - groups };
  }

  /** Groups at the threshold, the one with the highest score first, the lower row first among equals. */
  groupsAt(threshold: number): CopyGroup[] {
    const count = this.pairsAt(threshold);
    const { first, second, score } = this.pairs;
    const union = new UnionFind(highestRow(this.pairs) + 1);
    for (let i = 0; i < count; i++) union.join(first[i], second[i]);
    interface Draft {
      rows: Set<number>;
      best: number;
      weakest: number;
      pairs: number;
    }
    const drafts = new Map<number, Draft>();
    for (let i = 0; i < count; i++) {
      const root = union.find(first[i]);
      let draft = drafts.get(root);
      if (!draft)
        drafts.set(root, (draft = { rows: new Set(), best: score[i], weakest: score[i], pairs: 0 }));
      draft.rows.add(first[i]).add(second[i]);
      draft.weakest = score[i];
      draft.pairs++;
    }
    return Array.from(drafts.values(), ({ rows, ...draft }) => ({
      ...draft,
      rows: [...rows].sort((a, b) => a - b),
    })).sort((a, b) => b.best - a.best || a.rows[0] - b.rows[0]);
  }
}

export interface ScoreHistogram {
  /** Pairs of each bin, from `low` to `high` in equal widths. */
  readonly counts: Uint32Array;
  readonly low: number;
  readonly high: number;
}

/** @param low left edge: the lowest score that was looked for. Scores outside of [low, high] fall in the end bins. */
export function scoreHistogram(score: Float32Array, bins: number, low: number, high = 1): ScoreHistogram {
  const counts = new Uint32Array(bins);
  const scale = high > low ? bins / (high - low) : 0;
  for (const value of score) counts[Math.max(0, Math.min(bins - 1, Math.floor((value - low) * scale)))]++;
  return { counts, low, high };
}

/** Disjoint sets by size, with path halving (Tarjan and van Leeuwen 1984). */
class UnionFind {
  private readonly parent: Uint32Array;
  private readonly size: Uint32Array;

  constructor(count: number) {
    this.parent = Uint32Array.from({ length: count }, (_, row) => row);
    this.size = new Uint32Array(count).fill(1);
  }

  find(row: number): number {
    const { parent } = this;
    while (parent[row] !== row) {
      parent[row] = parent[parent[row]];
      row = parent[row];
    }
    return row;
  }

  isAlone(row: number): boolean {
    return this.size[this.find(row)] === 1;
  }

  /** @returns false where they were together already. */
  join(a: number, b: number): boolean {
    let [large, small] = [this.find(a), this.find(b)];
    if (large === small) return false;
    if (this.size[large] < this.size[small]) [large, small] = [small, large];
    this.parent[small] = large;
    this.size[large] += this.size[small];
    return true;
  }
}

function highestRow({ second }: CopyPairs): number {
  let highest = 0;
  for (const row of second) if (row > highest) highest = row;
  return highest;
}
