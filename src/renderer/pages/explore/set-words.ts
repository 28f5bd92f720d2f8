/** What is said of an embedding set. */
import type { EmbeddingSet, SetWork } from '../../../shared/explorer/sets';
import { bytes, count, percent, timeLeft } from '../../lib/format';

/** Why a set cannot be searched, as a sentence; undefined where it can. */
export function notSearchable({ state, count: images, failure }: EmbeddingSet): string | undefined {
  if (images > 0) return undefined;
  if (state === 'embedding') return 'No image is embedded yet.';
  return failure ?? 'It has no images.';
}

export interface Trouble {
  readonly tone: 'error' | 'info';
  readonly message: string;
  readonly hint: string | null;
  /** Images are still to be embedded. */
  readonly isUnfinished: boolean;
}

/** What went wrong with the last work on a set, whichever it was, or what is still to come; null while one is on. */
export function troubleOf({ work, state, failure, hint }: EmbeddingSet): Trouble | null {
  // An index is built in the background, and nobody asked for it.
  if (work && work.kind !== 'indexing') return null;
  const isUnfinished = state === 'failed' || state === 'partial';
  if (failure !== null) return { tone: 'error', message: failure, hint, isUnfinished };
  if (!isUnfinished) return null;
  const message =
    'Embedding was ended before the last image. What is there can be searched; the rest is still to come.';
  return { tone: 'info', message, hint, isUnfinished };
}

/** "Embedding: 1,200 of 50,000, 310 images/s, 2 min 40 s left". */
export function workText({ doing, done, total, rate, unit, secondsLeft }: SetWork): string {
  const parts = [
    total > 0 && `${count(Math.round(done))} of ${count(Math.round(total))}`,
    rate !== null && `${count(Math.round(rate))} ${unit}/s`,
    secondsLeft !== null && `${timeLeft(secondsLeft)} left`,
  ].filter((part) => part !== false);
  return [doing, parts.join(', ')].filter(Boolean).join(': ');
}

/** What a set is, in a line: how much, how it was made, what it can do. */
export function factsOf(set: EmbeddingSet): string[] {
  const { recipe, index } = set;
  return [
    `${count(set.count)} images`,
    `${count(set.size)} numbers each`,
    recipe.feature === 'embedding' ? '' : recipe.feature,
    recipe.whitening ? `whitened to ${count(recipe.whitening.size)}` : '',
    recipe.precision === 'float16' ? 'float16' : '',
    bytes(set.bytes),
    set.rate === null ? '' : `embedded at ${count(Math.round(set.rate))} images/s`,
    index ? `indexed, recall@10 ${percent(index.recallAt10)} %` : '',
  ].filter(Boolean);
}
