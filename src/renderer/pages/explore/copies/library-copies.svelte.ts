/** The pairs of a set that may be copies, grouped from a threshold on; facts of files as groups come into view. */
import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import type { CopyFacts, CopyPairs } from '../../../../shared/explorer/copies';
import { decodePairs } from '../../../../shared/explorer/copies';
import { CopyGrouping } from '../../../../shared/explorer/copy-groups';
import { copiesUrl } from '../../../../shared/api/files';
import { host, problemOf, type Problem } from '../../../lib/host/client';
import { fetchFromHost } from '../../../lib/host/problem';

/** Rows that one question may be about. */
const AT_ONCE = 1000;

export class LibraryCopies {
  pairs: CopyPairs | null = $state.raw(null);
  grouping: CopyGrouping | null = $state.raw(null);
  problem: Problem | null = $state.raw(null);
  readonly facts = new SvelteMap<number, CopyFacts>();

  readonly #asked = new SvelteSet<number>();

  constructor(readonly set: string) {}

  async load(): Promise<void> {
    try {
      const pairs = decodePairs(await (await fetchFromHost(copiesUrl(this.set))).arrayBuffer());
      this.pairs = pairs;
      this.grouping = new CopyGrouping(pairs);
      this.problem = null;
    } catch (error) {
      this.problem = problemOf(error);
    }
  }

  /** Has the facts of these rows come, where they are not known. */
  async learn(rows: readonly number[]): Promise<void> {
    const unknown = rows.filter((row) => !this.#asked.has(row));
    for (const row of unknown) this.#asked.add(row);
    for (let from = 0; from < unknown.length; from += AT_ONCE) {
      const part = unknown.slice(from, from + AT_ONCE);
      try {
        const found = await host.explorer.copies.facts({ set: this.set, rows: part });
        for (const fact of found) this.facts.set(fact.row, fact);
      } catch (error) {
        for (const row of part) this.#asked.delete(row);
        this.problem = problemOf(error);
        return;
      }
    }
  }

  /** The facts of a group; null while one of them is on its way. */
  factsOf(rows: readonly number[]): CopyFacts[] | null {
    const known = rows.map((row) => this.facts.get(row));
    return known.every((fact) => fact !== undefined) ? known : null;
  }
}
