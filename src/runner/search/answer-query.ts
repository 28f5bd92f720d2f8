/** Answers one query: images to vectors, vectors to the nearest rows, rows to a vote. */
import { searchExact } from '../../explorer/search/exact';
import { filterRows } from '../../explorer/search/filter-rows';
import { compareHits, type Hit } from '../../explorer/search/hits';
import { queryVector } from '../../explorer/search/query-vector';
import { voteOf } from '../../explorer/search/vote';
import {
  APPROXIMATE_FROM,
  type ImageSource,
  type SearchAnswer,
  type searchRequests,
} from '../../shared/explorer/requests';
import type { Result } from '../../shared/explorer/search';
import type { z } from 'zod';
import { embedOne, type Encoders } from './encoders';
import { checkSpaces, type OpenSet, type OpenSets } from './open-sets';
import type { Place, QueryImages } from './query-images';
import { rowOf } from './row-of';
import { Recent } from '../../shared/recent';

export type SearchRequest = z.output<(typeof searchRequests)['search']['payload']>;

/** Vectors of dropped files that are kept: what one goes back and forth between. */
const KEPT_VECTORS = 500;

export class Searcher {
  private readonly vectors = new Recent<Float32Array>(KEPT_VECTORS);

  constructor(
    private readonly sets: OpenSets,
    private readonly images: QueryImages,
    private readonly encoders: Encoders,
  ) {}

  /** @throws UserError for what cannot be searched for, or not in these sets. */
  async search(request: SearchRequest): Promise<SearchAnswer<'search'>> {
    const { k, temperature } = request;
    const sets = request.sets.map((source) => this.sets.open(source));
    checkSpaces(sets);
    const clock = { decode: 0, embed: 0 };
    const vectorsOf = async (sources: readonly ImageSource[]) => {
      const vectors: Float32Array[] = [];
      for (const source of sources) vectors.push(await this.vectorOf(source, sets[0], clock));
      return vectors;
    };
    const query = queryVector(await vectorsOf(request.like), await vectorsOf(request.unlike));
    const queried = request.like.map((source) => this.images.placeOf(source));

    const started = performance.now();
    // The queried rows are shown beside the k that were asked for.
    const beside = { ...request, k: k + queried.length };
    const found = sets.map((set, at) => searchSet(set, at, query, beside));
    const hits = found.flatMap((part) => part.hits).sort(compareHits);
    const milliseconds = { ...clock, search: performance.now() - started };
    this.sets.settle(sets);
    let neighbours = 0;
    const results = hits.flatMap(({ set, row, score }): Result[] => {
      const { images, source, manifest } = sets[set];
      const { name, label } = images[row];
      const isQuery = queried.some((place) => isAt(place, manifest.dataPath, name));
      if (!isQuery && ++neighbours > k) return [];
      // Rounding of unit vectors may lead beyond 1.
      const cosine = Math.max(-1, Math.min(1, score));
      return [{ set: source.id, row, rank: isQuery ? 0 : neighbours, score: cosine, label, name, isQuery }];
    });
    const searched = found.reduce((sum, part) => sum + part.searched, 0);
    return {
      results,
      vote: voteOf(results, temperature),
      method: found.some(({ method }) => method === 'approximate') ? 'approximate' : 'exact',
      searched,
      milliseconds,
      warnings: [...warningsOf(sets, searched, request), ...found.flatMap(({ warnings }) => warnings)],
      unindexed: sets.filter((_, at) => found[at].wantsIndex).map(({ source }) => source.id),
    };
  }

  /** In the space of `set`: a row of that space as it is stored, everything else through the encoder. */
  async vectorOf(
    source: ImageSource,
    set: OpenSet,
    clock: { decode: number; embed: number },
  ): Promise<Float32Array> {
    const { space } = set.manifest;
    if (source.kind === 'row') {
      const own = this.sets.open(source.set);
      if (own.manifest.space === space) return own.row(rowOf(own, source));
    }
    const key = source.kind === 'file' ? `${space} ${source.id}` : null;
    const known = key && this.vectors.get(key);
    if (known) return known;
    const encoder = await this.encoders.of(set);
    const image = await this.images.open(source);
    const started = performance.now();
    const pixels = await image.decode(encoder.imageSize);
    const decoded = performance.now();
    const vector = await embedOne(encoder, pixels);
    clock.decode += decoded - started;
    clock.embed += performance.now() - decoded;
    if (key) this.vectors.put(key, vector);
    return vector;
  }
}

interface Found {
  readonly hits: readonly Hit[];
  readonly method: 'exact' | 'approximate';
  /** Vectors that may have been found. */
  readonly searched: number;
  readonly wantsIndex: boolean;
  readonly warnings: readonly string[];
}

/** By the index where that is wanted and can be; what passes filters is always looked at whole. */
function searchSet(
  set: OpenSet,
  at: number,
  query: Float32Array,
  { k, filters, method }: Pick<SearchRequest, 'k' | 'filters' | 'method'>,
): Found {
  const { images, manifest } = set;
  const allowed = filterRows(images, filters);
  const wanted = method === 'approximate' || (method === 'auto' && images.length >= APPROXIMATE_FROM);
  const found = wanted && !allowed ? set.searchIndex(query, k, at) : null;
  if (found && 'hits' in found)
    return {
      ...found,
      method: 'approximate',
      searched: images.length,
      wantsIndex: false,
      warnings: [],
    };
  const rows = { vectors: set.vectors, size: manifest.size, allowed };
  return {
    hits: searchExact([rows], query, k).map((hit) => ({ ...hit, set: at })),
    method: 'exact',
    searched: allowed?.length ?? images.length,
    wantsIndex: found !== null,
    warnings: found ? [`${found.why}: the set was searched exactly.`] : [],
  };
}

const isAt = (place: Place | null, dataPath: string, name: string): boolean =>
  place?.name === name && place.dataPath === dataPath;

function warningsOf(sets: readonly OpenSet[], searched: number, { k, filters }: SearchRequest): string[] {
  const warnings: string[] = [];
  const total = sets.reduce((sum, { images }) => sum + images.length, 0);
  if (total === 0) warnings.push('Nothing is embedded in this set yet.');
  else if (searched === 0) warnings.push('No image passes the filters.');
  else if (searched < k && searched < total)
    warnings.push(
      `Only ${searched.toLocaleString('en-US')} of ${total.toLocaleString('en-US')} images pass the filters.`,
    );
  const unknown = filters.classes.filter((name) =>
    sets.every(({ images }) => images.every(({ label }) => label !== name)),
  );
  if (unknown.length > 0)
    warnings.push(`There is no class ${unknown.map((name) => `"${name}"`).join(', ')} here.`);
  return warnings;
}
