/** What is asked of a new map, as it is typed. */
import { mapRequestSchema, type MapMethod, type MapRequest } from '../../../../shared/explorer/map';
import { parseNumber } from '../../../form/numbers';

export interface TypedOptions {
  readonly method: MapMethod;
  readonly seed: string;
  readonly neighbours: string;
  readonly minDistance: string;
  /** Empty: as many as classes. */
  readonly clusters: string;
}
export type OptionName = Exclude<keyof TypedOptions, 'method'>;

/** As the last map was made, or as one usually makes one. */
export function optionsOf(method: MapMethod, last: MapRequest | null): TypedOptions {
  const { seed, neighbours, minDistance, clusters } = last ?? mapRequestSchema.parse({ set: 'none', method });
  return {
    method,
    seed: String(seed),
    neighbours: String(neighbours),
    minDistance: String(minDistance),
    clusters: clusters === 0 ? '' : String(clusters),
  };
}

const LIMITS: Readonly<Record<OptionName, { least: number; most: number; whole: boolean }>> = {
  seed: { least: 0, most: 2 ** 31 - 1, whole: true },
  neighbours: { least: 2, most: 200, whole: true },
  minDistance: { least: 0, most: 1, whole: false },
  clusters: { least: 1, most: 500, whole: true },
};

/** By option, what is wrong with it, as a sentence; empty where nothing is. */
export function issuesOf(typed: TypedOptions): Partial<Record<OptionName, string>> {
  const issues: Partial<Record<OptionName, string>> = {};
  for (const name of Object.keys(LIMITS) as OptionName[]) {
    const { least, most, whole } = LIMITS[name];
    const value = valueOf(typed, name);
    const fits = value >= least && value <= most && (!whole || Number.isInteger(value));
    if (fits || (name === 'clusters' && typed.clusters.trim() === '')) continue;
    if (typed.method === 'pca' && (name === 'neighbours' || name === 'minDistance')) continue;
    issues[name] =
      `${whole ? 'A whole number' : 'A number'} from ${least} to ${most.toLocaleString('en-US')}.`;
  }
  return issues;
}

/** @returns null where an option is no number that the host would take. */
export function requestOf(set: string, typed: TypedOptions): MapRequest | null {
  if (Object.keys(issuesOf(typed)).length > 0) return null;
  const own = typed.method === 'umap' ? (['neighbours', 'minDistance'] as const) : [];
  return mapRequestSchema.parse({
    set,
    method: typed.method,
    seed: valueOf(typed, 'seed'),
    clusters: typed.clusters.trim() === '' ? 0 : valueOf(typed, 'clusters'),
    ...Object.fromEntries(own.map((name) => [name, valueOf(typed, name)])),
  });
}

const valueOf = (typed: TypedOptions, name: OptionName): number => parseNumber(typed[name]) ?? NaN;
