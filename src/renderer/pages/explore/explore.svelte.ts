/** What the page of the explorer looks at: sets, the query and how one came to it, filters. Pages come and go, it stays. */
import type { Filters, QueryInput, Result } from '../../../shared/explorer/search';
import type { EmbeddingSet } from '../../../shared/explorer/sets';
import { Answers, type SearchSource } from './answers.svelte';
import { isSame, refText, subjectOfRow, type Subject } from './subject';

export const TABS = ['neighbours', 'copies', 'map', 'evaluate'] as const;
export type ExploreTab = (typeof TABS)[number];

/** Steps back that are kept. */
const TRAIL = 50;

/** An image that is searched with, and what leans the search: "more like this" and "less like that". */
export interface Step {
  readonly query: Subject;
  readonly more: readonly Subject[];
  readonly less: readonly Subject[];
}

const NOTHING: ReadonlySet<string> = new Set();
const NONE: readonly Subject[] = [];

export const NO_FILTERS: Filters = { classes: [], folders: [], splits: [] };

export class Explore {
  tab: ExploreTab = $state('neighbours');
  /** Id of the set that is searched. */
  set: string | null = $state(null);
  /** Ids of more sets of the same space that are searched with it. */
  also: readonly string[] = $state.raw([]);
  /** Id of a set by another encoder that answers beside it. */
  other: string | null = $state(null);
  k = $state(20);
  filters: Filters = $state.raw(NO_FILTERS);
  /** The query is that of the last of them. */
  trail: readonly Step[] = $state.raw([]);
  /** Names of the images of the set's data that are selected on the map: rows of other sets may be of them too. */
  selected: ReadonlySet<string> = $state.raw(NOTHING);
  /** Name of the image of the set's data that keys stand on among the results. */
  current: string | null = $state(null);

  readonly first: Answers;
  readonly second: Answers;

  constructor(source: SearchSource) {
    this.first = new Answers(source);
    this.second = new Answers(source);
  }

  get query(): Subject | null {
    return this.trail.at(-1)?.query ?? null;
  }

  /** "More like this" and "less like that", beside the query. */
  get more(): readonly Subject[] {
    return this.trail.at(-1)?.more ?? NONE;
  }

  get less(): readonly Subject[] {
    return this.trail.at(-1)?.less ?? NONE;
  }

  /** What the first encoder is asked; null where there is nothing to ask. */
  get request(): QueryInput | null {
    return this.set === null ? null : this.#requestOf([this.set, ...this.also]);
  }

  get otherRequest(): QueryInput | null {
    return this.other === null ? null : this.#requestOf([this.other]);
  }

  #requestOf(sets: string[]): QueryInput | null {
    const { query, k, filters } = this;
    if (!query) return null;
    return {
      sets,
      like: [query, ...this.more].map(({ ref }) => ref),
      unlike: this.less.map(({ ref }) => ref),
      k,
      filters,
    };
  }

  /** Another image is the query; the one before is a step back. The query itself stays what it is. */
  ask(subject: Subject): void {
    if (this.query && isSame(this.query, subject)) return;
    this.#walk({ query: subject, more: NONE, less: NONE });
  }

  /** Several images are one query. */
  askAll([query, ...more]: readonly Subject[]): void {
    if (query) this.#walk({ query, more, less: NONE });
  }

  #walk(step: Step): void {
    this.trail = [...this.trail, step].slice(-TRAIL);
    this.current = null;
  }

  /**
   * The query as it was, with what leaned it.
   * @param place in the trail; the one before the query where it is not given.
   */
  back(place = this.trail.length - 2): void {
    if (place < 0 || place >= this.trail.length - 1) return;
    this.trail = this.trail.slice(0, place + 1);
    this.current = null;
  }

  /** Puts an image beside the query, on one side or the other; a second time takes it away. */
  lean(subject: Subject, side: 'more' | 'less'): void {
    const was = this[side].some((other) => isSame(other, subject));
    const without = (list: readonly Subject[]) => list.filter((other) => !isSame(other, subject));
    const step = { more: without(this.more), less: without(this.less) };
    this.#replace(was ? step : { ...step, [side]: [...step[side], subject] });
  }

  /** Changes the last step; there is nothing to change before the first. */
  #replace(change: Partial<Step>): void {
    const last = this.trail.at(-1);
    if (last) this.trail = [...this.trail.slice(0, -1), { ...last, ...change }];
  }

  /** How an image leans the query, if it does. */
  leanOf(subject: Subject): 'more' | 'less' | null {
    const has = (list: readonly Subject[]) => list.some((other) => isSame(other, subject));
    return has(this.more) ? 'more' : has(this.less) ? 'less' : null;
  }

  /** An address does not tell the query's class, nor its row where that has moved: what was found of it does. */
  learn(results: readonly Result[]): void {
    const { query } = this;
    if (query?.ref.kind !== 'row') return;
    const { set, row, name } = query.ref;
    const found = results.find(
      (result) => result.set === set && (name === undefined ? result.row === row : result.name === name),
    );
    if (!found || (found.name === name && found.row === row && found.label === query.label)) return;
    this.#replace({ query: subjectOfRow(found) });
  }

  /** Another set is looked at: what was chosen among the images of the last one means nothing here. */
  choose(set: string | null): void {
    if (set === this.set) return;
    this.set = set;
    this.also = [];
    this.filters = NO_FILTERS;
    this.selected = NOTHING;
    this.current = null;
    if (this.other === set) this.other = null;
  }

  /**
   * Sets that are gone are not asked any more.
   * @param dataset whose sets come before others.
   */
  keepOnly(sets: readonly EmbeddingSet[], dataset: string | null = null): void {
    const has = (id: string | null) => sets.some((set) => set.id === id);
    const space = sets.find(({ id }) => id === this.set)?.space;
    const also = this.also.filter((id) => sets.some((set) => set.id === id && set.space === space));
    if (also.length !== this.also.length) this.also = also;
    if (this.other !== null && !has(this.other)) this.other = null;
    const own = sets.filter(({ recipe }) => recipe.dataset === dataset);
    const isLeft = this.set === null || !has(this.set);
    if (isLeft || (own.length > 0 && !own.some(({ id }) => id === this.set)))
      this.choose((preferred(own) ?? preferred(sets))?.id ?? null);
    const isThere = ({ ref }: Subject) => ref.kind !== 'row' || has(ref.set);
    const isWhole = ({ query, more, less }: Step) => [query, ...more, ...less].every(isThere);
    if (this.trail.every(isWhole)) return;
    this.trail = this.trail
      .filter(({ query }) => isThere(query))
      .map(({ query, more, less }) => ({ query, more: more.filter(isThere), less: less.filter(isThere) }));
  }
}

/** The set that one most likely wants: what was made last and can be searched. */
export function preferred(sets: readonly EmbeddingSet[]): EmbeddingSet | undefined {
  const newest = [...sets].sort((a, b) => b.updatedAt - a.updatedAt);
  return newest.find(({ state, count }) => state === 'ready' && count > 0) ?? newest[0];
}

/** For the page's address. */
export function addressOf({ tab, set, other, query }: Explore): Record<string, string | undefined> {
  return {
    set: set ?? undefined,
    with: other ?? undefined,
    tab: tab === 'neighbours' ? undefined : tab,
    query: query ? refText(query.ref) : undefined,
  };
}
