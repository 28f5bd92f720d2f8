/** The pairs of a set that may be copies, grouped from a threshold on; facts of files as groups come into view. */
import { SvelteMap } from 'svelte/reactivity';
import { copiesUrl } from '../../../../shared/api/files';
import { decodePairs, type CopyFacts, type CopyPairs } from '../../../../shared/explorer/copies';
import { CopyGrouping, type CopyGroup } from '../../../../shared/explorer/copy-groups';
import type { EmbeddingSet } from '../../../../shared/explorer/sets';
import { host, problemOf, type Problem } from '../../../lib/host/client';
import { fetchFromHost, HostError } from '../../../lib/host/problem';

/** Rows that one question is about: a search that comes in between waits for no more than these. */
const AT_ONCE = 100;

/** Where pairs and facts come from. */
export interface CopySource {
  readonly pairs: (set: string) => Promise<ArrayBuffer>;
  readonly facts: (set: string, rows: number[]) => Promise<CopyFacts[]>;
}

const fromHost: CopySource = {
  pairs: async (set) => (await fetchFromHost(copiesUrl(set))).arrayBuffer(),
  facts: (set, rows) => host.explorer.copies.facts({ set, rows }),
};

export class LibraryCopies {
  pairs: CopyPairs | null = $state.raw(null);
  grouping: CopyGrouping | null = $state.raw(null);
  problem: Problem | null = $state.raw(null);
  readonly facts = new SvelteMap<number, CopyFacts>();

  /** Of the rows that all of this is about; null where nothing has been looked for. */
  #version: string | null = null;
  /** Settles when the facts of a row have come, or cannot. */
  #coming = new SvelteMap<number, Promise<void>>();
  #last: Promise<void> = Promise.resolve();

  constructor(
    readonly set: string,
    private readonly source = fromHost,
  ) {}

  /**
   * Takes up the pairs of the set as it is. Where it is another than before, all that was known goes first: row n may be
   * another image now. Cheap where nothing has changed.
   */
  async load({ copies, updatedAt }: Pick<EmbeddingSet, 'copies' | 'updatedAt'>): Promise<void> {
    const version = copies && `${copies.madeAt} ${updatedAt}`;
    if (version === this.#version) return;
    this.#forget();
    this.#version = version;
    if (version !== null) await this.#fetch();
  }

  /** After a problem. */
  async again(): Promise<void> {
    this.problem = null;
    if (this.#version !== null) await this.#fetch();
  }

  /** Has the facts of these rows come, where they are not known; settles when they have, or cannot. */
  async learn(rows: readonly number[]): Promise<void> {
    const unknown = rows.filter((row) => !this.facts.has(row) && !this.#coming.has(row));
    for (let from = 0; from < unknown.length; from += AT_ONCE) this.#ask(unknown.slice(from, from + AT_ONCE));
    await Promise.all(rows.map(async (row) => this.#coming.get(row)));
  }

  /** The facts of a group; null while one of them is on its way. */
  factsOf(rows: readonly number[]): CopyFacts[] | null {
    const known = rows.map((row) => this.facts.get(row));
    return known.every((fact) => fact !== undefined) ? known : null;
  }

  /**
   * The facts of each of these groups: nothing may be missing from a list that people delete by.
   * @throws HostError where some did not come, or the set changed in between.
   */
  async listOf(groups: readonly CopyGroup[]): Promise<CopyFacts[][]> {
    const version = this.#version;
    await this.learn(groups.flatMap(({ rows }) => rows));
    if (version !== this.#version)
      throw new HostError('The list was not saved: the set has changed meanwhile.', 'Look for copies again.');
    const listed = groups.map(({ rows }) => this.factsOf(rows)).filter((facts) => facts !== null);
    const missing = groups.length - listed.length;
    if (missing > 0)
      throw new HostError(
        `The list was not saved: nothing is known of the files of ${missing} of ${groups.length} groups.`,
        this.problem?.message ?? 'Save it again.',
      );
    return listed;
  }

  #forget(): void {
    this.pairs = this.grouping = this.problem = null;
    this.facts.clear();
    this.#coming = new SvelteMap();
  }

  async #fetch(): Promise<void> {
    const version = this.#version;
    try {
      const pairs = decodePairs(await this.source.pairs(this.set));
      if (version !== this.#version) return;
      this.grouping = new CopyGrouping(pairs);
      this.pairs = pairs;
    } catch (error) {
      if (version === this.#version) this.problem = problemOf(error);
    }
  }

  /** One question at a time. */
  #ask(rows: number[]): void {
    const coming = this.#coming;
    const isCurrent = () => coming === this.#coming;
    const answered = this.#last.then(async () => {
      if (!isCurrent()) return;
      try {
        const found = await this.source.facts(this.set, rows);
        if (isCurrent()) for (const fact of found) this.facts.set(fact.row, fact);
      } catch (error) {
        if (isCurrent()) this.problem = problemOf(error);
      } finally {
        for (const row of rows) coming.delete(row);
      }
    });
    for (const row of rows) coming.set(row, answered);
    this.#last = answered;
  }
}
