/** Builds the approximate index of a set, measures how much it finds, and puts it beside the set. */
import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import usearch from 'usearch';
import type { SetIndex } from '../../shared/explorer/sets';
import { random } from '../../shared/random';
import { readManifest, readWholeImages } from '../set-files';
import { ApproximateIndex, IndexBuilder } from './approximate';
import { BestHits } from './hits';
import { publishIndex } from './index-file';
import { VectorFile } from './vector-file';

/** Rows that are added, or compared, at once: a second or so. */
const PART = 2000;
/** Rows that recall is measured with. */
const QUERIES = 100;
const NEIGHBOURS = 10;

export interface BuildOptions {
  readonly threads: number;
  /** Called between parts; what it throws ends the work, and nothing is left behind. */
  readonly onProgress: (
    doing: 'Building the index' | 'Measuring the index',
    done: number,
    total: number,
  ) => Promise<void>;
}

/** @throws UserError where the set cannot be read; Error of the file system. */
export async function buildIndex(folder: string, { threads, onProgress }: BuildOptions): Promise<SetIndex> {
  const manifest = readManifest(folder);
  // Vectors may lie behind the last whole row: a writer was ended between them and the lines that name them.
  const count = readWholeImages(folder, manifest).length;
  const vectors = new VectorFile(folder, manifest);
  const written = join(folder, `index.${process.pid}.tmp`);
  try {
    const started = performance.now();
    const builder = new IndexBuilder(manifest.size, threads);
    for (let start = 0; start < count; start += PART) {
      await onProgress('Building the index', start, count);
      const rows = Math.min(PART, count - start);
      builder.add(vectors.read(start, rows), rows);
    }
    builder.save(written);
    const buildSeconds = (performance.now() - started) / 1000;
    const { bytes, ...measured } = {
      bytes: statSync(written).size,
      ...(await measureRecall(written, vectors, count, onProgress)),
    };
    const facts = { ...measured, buildSeconds, bytes };
    publishIndex(folder, manifest, written, { ...facts, count });
    return facts;
  } finally {
    vectors.close();
    rmSync(written, { force: true });
  }
}

/** Share of the true nearest 10 that are found, the row itself not counted, over rows drawn at random. */
async function measureRecall(
  file: string,
  vectors: VectorFile,
  count: number,
  onProgress: BuildOptions['onProgress'],
): Promise<Pick<SetIndex, 'recallAt10' | 'queries'>> {
  const draw = random(0, 'subset', 0);
  const rows = Array.from({ length: Math.min(QUERIES, count) }, () => draw.integer(count));
  const queries = rows.map((row) => vectors.read(row, 1));
  const truth = await trueNeighbours(queries, vectors, count, onProgress);
  const index = ApproximateIndex.open(file, { size: vectors.size, count });
  let [found, wanted] = [0, 0];
  queries.forEach((query, at) => {
    const neighbours = (hits: readonly { row: number }[]) =>
      hits
        .map(({ row }) => row)
        .filter((row) => row !== rows[at])
        .slice(0, NEIGHBOURS);
    const expected = neighbours(truth[at].sorted());
    const actual = new Set(neighbours(index.search(query, NEIGHBOURS + 1, 0, (row) => vectors.read(row, 1))));
    found += expected.filter((row) => actual.has(row)).length;
    wanted += expected.length;
  });
  return { recallAt10: wanted === 0 ? 1 : found / wanted, queries: rows.length };
}

/** The best 11 of each query among the first `count` rows, part after part. */
async function trueNeighbours(
  queries: readonly Float32Array[],
  vectors: VectorFile,
  count: number,
  onProgress: BuildOptions['onProgress'],
): Promise<BestHits[]> {
  const { size } = vectors;
  const best = queries.map(() => new BestHits(NEIGHBOURS + 1));
  const all = new Float32Array(queries.length * size);
  queries.forEach((query, at) => all.set(query, at * size));
  for (let start = 0; start < count; start += PART) {
    await onProgress('Measuring the index', start, count);
    const rows = Math.min(PART, count - start);
    const k = Math.min(NEIGHBOURS + 1, rows);
    const found = usearch.exactSearch(vectors.read(start, rows), all, size, k, usearch.MetricKind.IP, 1);
    for (const [at, hits] of best.entries()) {
      const { keys, distances } = found instanceof usearch.BatchMatches ? found.get(at) : found;
      keys.forEach((key, i) => hits.offer({ set: 0, row: start + Number(key), score: 1 - distances[i] }));
    }
  }
  return best;
}
