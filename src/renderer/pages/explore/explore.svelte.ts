/** What the page of the explorer looks at: sets, the query and how one came to it, filters. Pages come and go, it stays. */
import type { Filters, QueryInput, Result } from '../../../shared/explorer/search';
import type { EmbeddingSet } from '../../../shared/explorer/sets';
import { Answers, type SearchSource } from './answers.svelte';
import { isSame, refText, subjectOfRow, type Subject } from './subject';

export const TABS = ['neighbours', 'copies', 'map', 'evaluate'] as const;
export type ExploreTab = (typeof TABS)[number];

/** Steps back that are kept. */
const TRAIL = 50;

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
  /** The query is the last of them. */
  trail: readonly Subject[] = $state.raw([]);
  /** "More like this" and "less like that", beside the query. */
  more: readonly Subject[] = $state.raw([]);
  less: readonly Subject[] = $state.raw([]);
  /** The rows of the set that are pointed at, on the map and in the grid alike. */
  selected: readonly number[] = $state.raw([]);

  readonly first: Answers;
  readonly second: Answers;

  constructor(source: SearchSource) {
    this.first = new Answers(source);
    this.second = new Answers(source);
  }

  get query(): Subject | null {
    return this.trail.at(-1) ?? null;
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

  /** Another image is the query; the one before is a step back. */
  ask(subject: Subject): void {
    this.more = this.less = [];
    if (this.query && isSame(this.query, subject)) return;
    this.trail = [...this.trail, subject].slice(-TRAIL);
  }

  /** Several images are one query. */
  askAll([first, ...rest]: readonly Subject[]): void {
    if (!first) return;
    this.ask(first);
    this.more = rest;
  }

  /** @param place in the trail; the one before the query where it is not given. */
  back(place = this.trail.length - 2): void {
    if (place < 0 || place >= this.trail.length - 1) return;
    this.trail = this.trail.slice(0, place + 1);
    this.more = this.less = [];
  }

  /** Puts an image beside the query, on one side or the other; a second time takes it away. */
  lean(subject: Subject, side: 'more' | 'less'): void {
    const was = this[side].some((other) => isSame(other, subject));
    const without = (list: readonly Subject[]) => list.filter((other) => !isSame(other, subject));
    this.more = without(this.more);
    this.less = without(this.less);
    if (!was) this[side] = [...this[side], subject];
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
    this.trail = [...this.trail.slice(0, -1), subjectOfRow(found)];
  }

  /** Another set is looked at: what was chosen among the images of the last one means nothing here. */
  choose(set: string | null): void {
    if (set === this.set) return;
    this.set = set;
    this.also = [];
    this.filters = NO_FILTERS;
    this.selected = [];
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
    const kept = this.trail.filter(({ ref }) => ref.kind !== 'row' || has(ref.set));
    if (kept.length !== this.trail.length) this.trail = kept;
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
