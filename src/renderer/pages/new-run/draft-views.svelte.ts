/** What a few images look like to the encoder with the settings of the form; asked for anew while these change. */
import { untrack } from 'svelte';
import type { Draft, ViewPreview } from '../../../shared/api/set-up';
import { viewsKey } from '../../form/draft';
import { Latest, type Pending } from '../../form/latest';
import { host, problemOf, type Problem } from '../../lib/host/client';
import { SETTLED, type DraftSettings } from './draft-settings';

/** Images whose views are shown. */
export const SHOWN_IMAGES = 8;

interface Question {
  readonly draft: Draft;
  readonly round: number;
  readonly key: string;
}

export class DraftViews {
  preview: ViewPreview | null = $state.raw(null);
  problem: Problem | null = $state.raw(null);
  pending = $state<Pending>(null);

  readonly #settings: DraftSettings;
  #round = $state(0);
  #shownKey = $state('');

  readonly #latest = new Latest<Question, ViewPreview>({
    delay: SETTLED,
    ask: ({ draft, round }, signal) => host.setUp.views({ draft, round, count: SHOWN_IMAGES }, { signal }),
    onAnswer: (answer, { key }) => {
      this.preview = answer;
      this.problem = null;
      this.#shownKey = key;
    },
    onError: (error) => (this.problem = problemOf(error)),
    onPending: (pending) => (this.pending = pending),
  });

  readonly #key = $derived.by(() =>
    this.#settings.form ? `${viewsKey(this.#settings.form.config)} ${this.#round}` : '',
  );
  /** Those on show are of other settings. */
  readonly isOld = $derived.by(() => this.preview !== null && this.#shownKey !== this.#key);

  /** There are none, for the settings are not in order. */
  readonly areHeld = $derived.by(() => this.preview === null && this.#settings.faulty);

  /** To be called while a component is set up. */
  constructor(settings: DraftSettings) {
    this.#settings = settings;
    $effect(() => this.#ask(this.#key, settings.faulty));
    $effect(() => () => this.#latest.cancel());
  }

  /** The views of the next epoch. */
  drawAgain(): void {
    this.#round++;
  }

  #ask(key: string, faulty: boolean): void {
    untrack(() => {
      const { draft } = this.#settings;
      const known = key === this.#shownKey && !this.problem;
      if (!draft || faulty || known) this.#latest.cancel();
      else this.#latest.ask({ draft, round: this.#round, key });
      // What is wrong with the settings is said in the form.
      if (faulty) this.problem = null;
    });
  }
}
