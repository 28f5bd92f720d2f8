/** What a run with the settings of the form takes: measured a while after these have changed, or on demand. */
import { untrack } from 'svelte';
import type { Draft, Estimate } from '../../../shared/api/set-up';
import { costKey, forLength } from '../../form/draft';
import { Latest, type Pending } from '../../form/latest';
import { host, problemOf, type Problem } from '../../lib/host/client';
import { runs } from '../../lib/runs.svelte';
import type { DraftSettings } from './draft-settings';

/** Milliseconds of quiet before it is measured, which takes all of the machine. */
const DELAY = 1000;

export class DraftCost {
  problem: Problem | null = $state.raw(null);
  pending = $state<Pending>(null);

  readonly #settings: DraftSettings;
  #measured: { key: string; estimate: Estimate } | null = $state.raw(null);
  /** Not measured by itself until something that matters changes. */
  #heldKey: string | null = null;

  readonly #latest = new Latest<{ draft: Draft; key: string }, Estimate>({
    delay: DELAY,
    ask: ({ draft }, signal) => host.setUp.estimate(draft, { signal }),
    onAnswer: (estimate, { key }) => {
      this.#measured = { key, estimate };
      this.problem = null;
    },
    onError: (error) => (this.problem = problemOf(error)),
    onPending: (pending) => (this.pending = pending),
  });

  readonly #key = $derived.by(() => {
    const { form, draft } = this.#settings;
    return form && draft ? costKey(form.config, draft.from) : '';
  });
  /** Of the present settings; null where they were not measured. */
  readonly estimate: Estimate | null = $derived.by(() => {
    const { form } = this.#settings;
    return this.#measured && form && this.#measured.key === this.#key
      ? forLength(this.#measured.estimate, form.config)
      : null;
  });
  /** A run is training: what is measured beside it would come out too high. */
  readonly isDisturbed = $derived(runs.rows.some(({ state }) => state === 'running'));

  /** To be called while a component is set up. */
  constructor(settings: DraftSettings) {
    this.#settings = settings;
    $effect(() => this.#ask(this.#key, settings.faulty, this.isDisturbed));
    $effect(() => () => this.#latest.cancel());
  }

  measure(): void {
    const { draft } = this.#settings;
    if (!draft) return;
    this.#heldKey = null;
    this.#latest.askNow({ draft, key: this.#key });
  }

  /** Until something that matters changes. */
  stop(): void {
    this.#heldKey = this.#key;
    this.cancel();
  }

  /** Drops a measurement under way. */
  cancel(): void {
    this.#latest.cancel();
  }

  #ask(key: string, faulty: boolean, disturbed: boolean): void {
    untrack(() => {
      const { draft } = this.#settings;
      const known = this.#measured?.key === key;
      if (!draft || faulty || disturbed || known || this.#heldKey === key) this.#latest.cancel();
      else this.#latest.ask({ draft, key });
      this.problem = null;
    });
  }
}
