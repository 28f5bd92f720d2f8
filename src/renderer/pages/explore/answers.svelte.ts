/** What one space of embeddings answers to the query as it changes: the latest answer, or why there is none. */
import type { QueryAnswer, QueryInput } from '../../../shared/explorer/search';
import type { Problem } from '../../lib/host/problem';

/** What the page needs of the host. */
export interface SearchSource {
  search(query: QueryInput): Promise<QueryAnswer>;
  problemOf(error: unknown): Problem;
}

export class Answers {
  /** Of the last query that was answered: it stays in sight while the next one is on its way. */
  latest: QueryAnswer | null = $state.raw(null);
  problem: Problem | null = $state.raw(null);
  busy = $state(false);
  /** From the question to the answer, as the page waited for it, ms. */
  waited: number | null = $state(null);

  /** The answer to the question that was asked last; null while it is on its way. */
  get present(): QueryAnswer | null {
    return this.busy ? null : this.latest;
  }

  #asking: symbol | null = null;

  constructor(private readonly source: SearchSource) {}

  /** @param request null asks for nothing and forgets what was known. */
  async ask(request: QueryInput | null): Promise<void> {
    const mine = (this.#asking = Symbol('query'));
    if (!request) {
      this.latest = this.problem = this.waited = null;
      this.busy = false;
      return;
    }
    this.busy = true;
    const began = performance.now();
    try {
      const answer = await this.source.search(request);
      if (this.#asking !== mine) return;
      this.latest = answer;
      this.problem = null;
      this.waited = performance.now() - began;
    } catch (error) {
      if (this.#asking !== mine) return;
      this.latest = null;
      this.problem = this.source.problemOf(error);
    }
    this.busy = false;
  }
}
