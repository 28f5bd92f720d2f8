/**
 * Retrieval by instance: which images show the same object is given by a file. Rankings are judged as revisitop does
 * (Radenovic et al. 2018, arXiv 1803.11285): junk leaves the ranking first, average precision is trapezoidal.
 */
import type { SetImage } from '../../shared/explorer/sets';
import type { GroundTruth, GroundTruthQuery } from '../../shared/explorer/ground-truth';
import { PLAIN, rankPositives, RetrievalSummary, REVISITED, type Counting } from '../metrics';
import { countOf, gather, join, type Products, type Rows } from '../products';
import { eachQuery, type OnQueries } from './each-query';
import { NameIndex } from './name-index';
import { AT, distractorsNote, rowOf, type Measured } from './report';

interface Level {
  readonly name: string;
  readonly positives: (query: GroundTruthQuery) => readonly string[];
  /** Left out of the ranking. */
  readonly junk: (query: GroundTruthQuery) => readonly string[];
}

/** Section 4 of the paper: what is right and what is ignored at each difficulty. */
const REVISITED_LEVELS: readonly Level[] = [
  { name: 'Easy', positives: ({ easy }) => easy, junk: ({ junk, hard }) => [...junk, ...hard] },
  { name: 'Medium', positives: ({ easy, hard }) => [...easy, ...hard], junk: ({ junk }) => junk },
  { name: 'Hard', positives: ({ hard }) => hard, junk: ({ junk, easy }) => [...junk, ...easy] },
];
/** A table of ours knows no difficulty: all that is right is "easy". */
const TABLE_LEVELS: readonly Level[] = [
  { name: 'all', positives: ({ easy }) => easy, junk: ({ junk }) => junk },
];

/** What a ground truth comes to on the images of a set. */
export interface JudgedQuery {
  readonly query: GroundTruthQuery;
  /** The query image's row. */
  readonly row: number;
}

export interface Judgement {
  /** Whose image is in the set. */
  readonly queries: readonly JudgedQuery[];
  /** Rows that answer: those that the ground truth lists, or all. */
  readonly database: Uint32Array;
  readonly index: NameIndex;
  readonly notes: readonly string[];
}

/** Names listed in a note; of the others there is a number. */
const NAMED = 20;

/** Finds the images that the ground truth names; those that are missing are told. */
export function judge(truth: GroundTruth, images: readonly SetImage[]): Judgement {
  const index = new NameIndex(images.map(({ name }) => name));
  const missing = new Set<string>();
  const find = (name: string): number | undefined => {
    const row = index.find(name);
    if (row === undefined) missing.add(name);
    return row;
  };
  const queries = truth.queries.flatMap((query) => {
    const row = find(query.image);
    return row === undefined ? [] : [{ query, row }];
  });
  for (const { easy, hard, junk } of truth.queries)
    for (const name of [...easy, ...hard, ...junk]) find(name);
  const database = truth.images ? truth.images.flatMap((name) => find(name) ?? []) : [...images.keys()];
  const notes: string[] = [];
  if (truth.queries.length > queries.length)
    notes.push(
      `${truth.queries.length - queries.length} queries are left out: their images are not in the set.`,
    );
  if (missing.size > 0) notes.push(missingNote([...missing]));
  if (index.ambiguous.size > 0)
    notes.push(
      `${index.ambiguous.size} names fit several files and are taken for none: ${listed([...index.ambiguous])}.`,
    );
  if (truth.images && database.length < images.length)
    notes.push(
      `${database.length} of the set's ${images.length} images answer: those that the ground truth lists.`,
    );
  return { queries, database: Uint32Array.from(new Set(database)).sort(), index, notes };
}

const missingNote = (names: readonly string[]): string =>
  `${names.length} files that the ground truth names are not in the set: ${listed(names)}.`;
const listed = (names: readonly string[]): string =>
  names.slice(0, NAMED).join(', ') + (names.length > NAMED ? `, and ${names.length - NAMED} more` : '');

export interface InstanceOptions {
  readonly products: Products;
  /** Vectors of images that answer too and are never right; null for none. */
  readonly distractors: Rows | null;
  readonly onQueries?: OnQueries;
}

/**
 * @param queries [judgement.queries]: their vectors, of the cropped images where they were cropped.
 */
export async function retrieveByInstance(
  rows: Rows,
  queries: Rows,
  truth: GroundTruth,
  { queries: judged, database, index, notes }: Judgement,
  { products, distractors, onQueries }: InstanceOptions,
): Promise<Measured> {
  if (countOf(queries) !== judged.length)
    throw new Error(`${countOf(queries)} vectors of ${judged.length} queries`);
  const isRevisited = truth.kind === 'revisited';
  const counting: Counting = isRevisited ? REVISITED : PLAIN;
  const levels = isRevisited ? REVISITED_LEVELS : TABLE_LEVELS;
  const summaries = levels.map(() => new RetrievalSummary(counting, AT));
  const place = new Map(Array.from(database, (row, at) => [row, at]));
  const placesOf = (names: readonly string[]) =>
    new Set(names.flatMap((name) => place.get(index.find(name) ?? -1) ?? []));
  const ask = (at: number, scores: Float32Array) => {
    const { query, row } = judged[at];
    // A query that is in the database is neither right nor wrong.
    const self = place.get(row);
    levels.forEach((level, i) => {
      const positives = placesOf(level.positives(query));
      const junk = placesOf(level.junk(query));
      if (self !== undefined) {
        positives.delete(self);
        junk.add(self);
      }
      const relation = (answer: number) =>
        junk.has(answer) ? 'junk' : positives.has(answer) ? 'positive' : 'negative';
      const ranks = rankPositives(scores, relation);
      summaries[i].add(ranks, ranks.length);
    });
  };
  // Places from the database's end on are distractors: no name of the ground truth leads there.
  await eachQuery(join(gather(rows, database), distractors), queries, products, ask, onQueries);
  return {
    rows: levels.map(({ name }, i) => rowOf(name, summaries[i])),
    notes: [
      isRevisited
        ? 'Average precision is trapezoidal and ignored images leave the ranking first, as revisitop counts.'
        : 'Average precision is the mean of the precisions at each right answer; junk leaves the ranking first.',
      ...notes,
      ...(distractors ? [distractorsNote(countOf(distractors))] : []),
    ],
  };
}
