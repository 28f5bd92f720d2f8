/** Curves in small, for the rows in sight only; those of live runs are asked for again as they grow. */
import { SvelteMap } from 'svelte/reactivity';
import { isLive, type RunRow } from '../../../shared/api/run-rows';
import { host } from '../../lib/host/client';
import { toastProblem } from '../../lib/toasts.svelte';

const POINTS = 60;
/** A curve that grows is asked for anew at most this often, ms. */
const FRESH = 3000;
/** Scrolling passes over rows that nobody wants. */
const SETTLE = 60;
const AT_ONCE = 500;

type Values = readonly (number | null)[];

interface Kept {
  values: Values;
  /** The run's step when it was asked for. */
  step: number;
  at: number;
}

export class Sparklines {
  readonly #kept = new SvelteMap<string, Kept>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking = false;
  #next: (() => void) | undefined;
  #failed = false;

  /** Undefined until it is known. */
  values(run: string, metric: string): Values | undefined {
    return this.#kept.get(`${metric}\n${run}`)?.values;
  }

  /** These rows are in sight, with curves of these metrics. */
  show(rows: readonly RunRow[], metrics: readonly string[]): void {
    clearTimeout(this.#timer);
    this.#next = () => void this.#ask(rows, metrics);
    this.#timer = setTimeout(() => {
      if (!this.#asking) this.#continue();
    }, SETTLE);
  }

  async #ask(rows: readonly RunRow[], metrics: readonly string[]): Promise<void> {
    this.#asking = true;
    this.#next = undefined;
    try {
      for (const metric of metrics) {
        const wanted = rows.filter((row) => this.#isStale(row, metric)).slice(0, AT_ONCE);
        if (wanted.length === 0) continue;
        const at = Date.now();
        const found = await host.runs.sparklines({
          runs: wanted.map(({ id }) => id),
          metric,
          points: POINTS,
        });
        for (const { id, step } of wanted) {
          this.#kept.set(`${metric}\n${id}`, { values: found[id] ?? [], step, at });
        }
      }
      this.#failed = false;
    } catch (error) {
      // Once, not for every row that is scrolled by.
      if (!this.#failed) toastProblem(error);
      this.#failed = true;
    } finally {
      this.#asking = false;
      this.#continue();
    }
  }

  #continue(): void {
    this.#next?.();
  }

  #isStale({ id, step, state }: RunRow, metric: string): boolean {
    const kept = this.#kept.get(`${metric}\n${id}`);
    if (!kept) return true;
    return kept.step !== step && (!isLive(state) || Date.now() - kept.at > FRESH);
  }
}
