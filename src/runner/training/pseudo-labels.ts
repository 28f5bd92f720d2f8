/** The rounds of self-training: names all unlabelled images, and says which names are taken for labels. */
import * as z from 'zod';

export const takenSchema = z.object({
  /** Rounds done when they were taken; 0 where nothing was taken yet. */
  round: z.int().min(0),
  /** Numbers in the data set, ascending, and the class that each is taken for. */
  images: z.array(z.int().min(0)),
  labels: z.array(z.int().min(0)),
});
/** What training remembers of the last round; part of every checkpoint. */
export type Taken = z.infer<typeof takenSchema>;
export const nothingTaken: Taken = { round: 0, images: [], labels: [] };

/** Of products of shares: it is no image more. */
const NOISE = 1e-6;

export interface Choice {
  /** Least probability. */
  readonly confidence: number;
  /** Of all images, at most this share is taken, the surest of each class first. */
  readonly share: number;
  /** How frequent each class is among the labelled images; they sum to 1. */
  readonly frequencies: readonly number[];
}

/**
 * Of each class as many as it is frequent: by how many images are named as it, a class that is named too often would be
 * learnt, and so named, more often in each round (class balance as in Xie et al. 2020, Noisy Student, section 2).
 * @param scores [images, classes], the classifier's logits. @param images their numbers, ascending.
 * @returns those taken, ascending. Of equally sure ones, the first.
 */
export function takeSurest(
  scores: Float32Array,
  images: Uint32Array,
  { confidence, share, frequencies }: Choice,
): Pick<Taken, 'images' | 'labels'> {
  const classes = scores.length / images.length;
  const named: { image: number; label: number; sure: number }[][] = Array.from({ length: classes }, () => []);
  images.forEach((image, row) => {
    const { label, sure } = likeliest(scores.subarray(row * classes, (row + 1) * classes));
    named[label].push({ image, label, sure });
  });
  const taken = named.flatMap((group, label) =>
    group
      .sort((a, b) => b.sure - a.sure || a.image - b.image)
      .slice(0, Math.ceil(share * frequencies[label] * images.length - NOISE))
      .filter(({ sure }) => sure >= confidence),
  );
  taken.sort((a, b) => a.image - b.image);
  return { images: taken.map(({ image }) => image), labels: taken.map(({ label }) => label) };
}

/** The share of each class among these labels, at least one. */
export function frequenciesOf(labels: readonly number[], classes: number): number[] {
  const counts = Array<number>(classes).fill(0);
  for (const label of labels) counts[label]++;
  return counts.map((count) => count / labels.length);
}

/** The class of the highest score, and its probability. */
function likeliest(scores: Float32Array): { label: number; sure: number } {
  const highest = Math.max(...scores);
  const total = scores.reduce((sum, score) => sum + Math.exp(score - highest), 0);
  return { label: scores.indexOf(highest), sure: 1 / total };
}

/** Of the taken images whose class is known, the share that is right; null where none is known. */
export function shareRight({ images, labels }: Taken, truth: ArrayLike<number>): number | null {
  const judged = images.flatMap((image, i) => (truth[image] >= 0 ? [truth[image] === labels[i]] : []));
  return judged.length > 0 ? judged.filter(Boolean).length / judged.length : null;
}
