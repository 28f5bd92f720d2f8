/**
 * Copydays-style blocks (Douze et al. 2009; DINO's eval_copy_detection): each distorted image asks for its original
 * among all originals and distractors. Average precision is trapezoidal, a mean per block; over all pairs of a block
 * the micro-AP and the recall at 90 % precision of DISC21 (Douze et al. 2021, arXiv 2106.09672).
 */
import type { CopiesManifest } from '../../shared/explorer/copies-manifest';
import type { RetrievalRow } from '../../shared/explorer/retrieval';
import { BACKGROUND_NEIGHBOURS, backgroundOf } from '../copies/background';
import { backgrounds } from '../copies/check';
import { COPYDAYS, RankCounter, rankPositives, RetrievalSummary } from '../metrics';
import { nearest } from '../nearest';
import { countOf, gather, join, type Products, type Rows } from '../products';
import { eachQuery, type OnQueries } from './each-query';
import { AT, pooled, rowOf, type Measured } from './report';

interface Query {
  /** Of the set. */
  readonly row: number;
  readonly block: string;
  /** Place of its original among the references. */
  readonly original: number;
}

export interface CopyBlockOptions {
  readonly products: Products;
  /** Vectors of images that are no copies of any: they answer too. */
  readonly distractors: Rows | null;
  readonly onQueries?: OnQueries;
}

/** @param names of the rows: paths inside of the folder. */
export async function measureCopyBlocks(
  rows: Rows,
  names: readonly string[],
  manifest: CopiesManifest,
  { products, distractors, onQueries = () => {} }: CopyBlockOptions,
): Promise<Measured> {
  const { queries, originals, notes } = find(names, manifest);
  const references = join(gather(rows, originals), distractors);
  const asking = gather(
    rows,
    queries.map(({ row }) => row),
  );
  const blocks = [...new Set(queries.map(({ block }) => block))];
  const phases = (part: number) => (done: number, total: number) => onQueries(part * total + done, 3 * total);

  // Scores of right pairs first: wrong ones are then only counted between them.
  const right = new Float64Array(queries.length);
  const note = (query: number, scores: Float32Array) => void (right[query] = scores[queries[query].original]);
  await eachQuery(references, asking, products, note, phases(0));

  const of = (wanted: string | null) =>
    queries.flatMap(({ block }, i) => (wanted === null || block === wanted ? [i] : []));
  const groups = [...blocks, null];
  const counters = groups.map((block) => new RankCounter(of(block).map((i) => right[i])));
  const summaries = groups.map(() => new RetrievalSummary(COPYDAYS, AT));
  const ask = (query: number, scores: Float32Array) => {
    const { original, block } = queries[query];
    const mine = [blocks.indexOf(block), blocks.length];
    const ranks = rankPositives(scores, (answer) => (answer === original ? 'positive' : 'negative'));
    for (const at of mine) summaries[at].add(ranks, 1);
    for (let answer = 0; answer < scores.length; answer++)
      if (answer !== original) for (const at of mine) counters[at].add(scores[answer]);
  };
  await eachQuery(references, asking, products, ask, phases(1));
  const table: RetrievalRow[] = groups.map((block, at) => ({
    ...rowOf(block ?? 'all', summaries[at]),
    ...pooled(counters[at], of(block).length),
  }));
  if (queries.length > 0)
    table.push(await normalizedRow(references, asking, queries, right, products, phases(2)));
  return { rows: table, notes: [...notes, ...notesOf(manifest, countOf(references), distractors)] };
}

/** All queries again, their scores less the background of both sides. No copies are known, and none left out of it. */
async function normalizedRow(
  references: Rows,
  asking: Rows,
  queries: readonly Query[],
  right: Float64Array,
  products: Products,
  onQueries: OnQueries,
): Promise<RetrievalRow> {
  const near = await nearest(references, asking, BACKGROUND_NEIGHBOURS, null);
  const mine = queries.map((_, i) => backgroundOf(near.scores.subarray(i * near.k, (i + 1) * near.k)) / 2);
  const everyone = Uint32Array.from({ length: countOf(references) }, (_, row) => row);
  const theirs = (await backgrounds(references, everyone, Infinity)).map((background) => background / 2);
  const normalized = (query: number, answer: number, score: number) => score - mine[query] - theirs[answer];
  const counter = new RankCounter(queries.map(({ original }, i) => normalized(i, original, right[i])));
  const summary = new RetrievalSummary(COPYDAYS, AT);
  const ask = (query: number, scores: Float32Array) => {
    const { original } = queries[query];
    const adjusted = Float64Array.from(scores, (score, answer) => normalized(query, answer, score));
    summary.add(
      rankPositives(adjusted, (answer) => (answer === original ? 'positive' : 'negative')),
      1,
    );
    for (let answer = 0; answer < adjusted.length; answer++)
      if (answer !== original) counter.add(adjusted[answer]);
  };
  await eachQuery(references, asking, products, ask, onQueries);
  return { ...rowOf('all, normalized scores', summary), ...pooled(counter, queries.length) };
}

function find(names: readonly string[], manifest: CopiesManifest) {
  const rowOfName = new Map(names.map((name, row) => [name, row]));
  const place = new Map<string, number>();
  const originals: number[] = [];
  const missing: string[] = [];
  for (const { file, block } of manifest.images) {
    const row = rowOfName.get(file);
    if (row === undefined) missing.push(file);
    else if (block === 'original') {
      place.set(file, originals.length);
      originals.push(row);
    }
  }
  const queries = manifest.images.flatMap(({ file, block, original }): Query[] => {
    const row = rowOfName.get(file);
    const at = place.get(original);
    return block === 'original' || row === undefined || at === undefined
      ? []
      : [{ row, block, original: at }];
  });
  const notes =
    missing.length === 0
      ? []
      : [
          `${missing.length} files of the manifest are not in the set and left out: ${missing.slice(0, 20).join(', ')}` +
            (missing.length > 20 ? `, and ${missing.length - 20} more.` : '.'),
        ];
  return { queries, originals, notes };
}

function notesOf({ seed, source }: CopiesManifest, references: number, distractors: Rows | null): string[] {
  const others = distractors ? countOf(distractors) : 0;
  return [
    `Synthetic: the distortions were made by a program from ${source}, with the seed ${seed}. No print was scanned.`,
    `Each distorted image asks for its original among ${references} images, ${others} of them distractors.`,
    'Copies among the originals themselves count as wrong answers.',
  ];
}
