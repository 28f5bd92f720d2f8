/** Retrieval by class: an answer is right where its class is the query's. */
import type { RetrievalRow } from '../../shared/explorer/retrieval';
import type { SetImage } from '../../shared/explorer/sets';
import { permutation, random } from '../../shared/random';
import { PLAIN, rankPositives, RetrievalSummary } from '../metrics';
import { countOf, gather, join, type Products, type Rows } from '../products';
import { AT, distractorsNote, rowOf, type Measured } from './report';
import { eachQuery, type OnQueries } from './each-query';

export interface ClassOptions {
  /** Queries are drawn by `seed` where there are more labelled images. */
  readonly maxQueries: number;
  readonly seed: number;
  readonly products: Products;
  /** Vectors of images that answer too and are never right; null for none. */
  readonly distractors: Rows | null;
  readonly onQueries?: OnQueries;
}

/** Every labelled image may ask; all other labelled images answer, and the distractors. */
export async function retrieveByClass(
  rows: Rows,
  images: readonly SetImage[],
  { maxQueries, seed, products, distractors, onQueries }: ClassOptions,
): Promise<Measured> {
  const labelled = [...images.keys()].filter((row) => images[row].label !== null);
  const order = permutation(labelled.length, random(seed, 'copies', 2)).subarray(0, maxQueries);
  const asking = Array.from(order, (at) => labelled[at]).sort((a, b) => a - b);
  const sizes = new Map<string, number>();
  for (const row of labelled) sizes.set(images[row].label!, (sizes.get(images[row].label!) ?? 0) + 1);
  const summary = new RetrievalSummary(PLAIN, AT);
  const ask = (query: number, scores: Float32Array) => {
    const self = asking[query];
    const { label } = images[self];
    const ranks = rankPositives(scores, (row) => {
      if (row >= images.length) return 'negative';
      if (row === self || images[row].label === null) return 'junk';
      return images[row].label === label ? 'positive' : 'negative';
    });
    summary.add(ranks, sizes.get(label!)! - 1);
  };
  await eachQuery(join(rows, distractors), gather(rows, asking), products, ask, onQueries);
  return {
    rows: [named(summary, asking.length)],
    notes: [
      ...notesOf(countOf(rows), labelled.length, asking.length, seed),
      ...(distractors ? [distractorsNote(countOf(distractors))] : []),
    ],
  };
}

const named = (summary: RetrievalSummary, queries: number): RetrievalRow =>
  rowOf(`all ${queries} queries`, summary);

function notesOf(count: number, labelled: number, queries: number, seed: number): string[] {
  const notes = ['An answer is right where its class is that of the query. The query itself is no answer.'];
  if (queries < labelled)
    notes.push(
      `${queries} of ${labelled} labelled images ask, drawn with the seed ${seed}; all of them answer.`,
    );
  if (labelled < count) notes.push(`${count - labelled} images without a class neither ask nor answer.`);
  return notes;
}
