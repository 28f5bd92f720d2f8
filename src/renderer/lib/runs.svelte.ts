/** All runs of the library, kept true by what the host tells. */
import { runRowsUrl } from '../../shared/api/files';
import type { HostEvent } from '../../shared/api/events';
import type { RunRow, RunRows } from '../../shared/api/run-rows';
import type { Progress } from '../../shared/api/runs';
import { host, problemOf, type Problem } from './host/client';
import { live } from './host/live.svelte';
import { fetchFromHost } from './host/problem';
import { applyToRows, newestFirst, type Rows } from './run-rows';

/** Events are shown in batches of this many milliseconds. */
const BATCH = 150;

class Runs {
  /** Newest first. */
  rows: readonly RunRow[] = $state.raw([]);
  /** Every metric that any run has. */
  metricNames: readonly string[] = $state.raw([]);
  /** The rows have been loaded once. */
  ready = $state(false);
  /** Why they could not be loaded. */
  problem: Problem | null = $state.raw(null);
  /** Of the runs at work, by id. */
  progress: Readonly<Record<string, Progress>> = $state.raw({});

  #byId: Rows = new Map();
  /** Metrics whose summaries the rows carry. */
  #wanted: ReadonlySet<string> = new Set(['loss', 'knn']);
  #seq = -1;
  #names = new Set<string>();
  /** Events that come while the rows are loaded. */
  #pending: { event: HostEvent; seq: number }[] = [];
  #loading: symbol | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stale = new Set<string>();

  constructor() {
    live.on((event, seq) => this.#hear(event, seq));
  }

  byId(id: string): RunRow | undefined {
    // Reading `rows` makes the answer reactive.
    return this.rows.length > 0 ? this.#byId.get(id) : undefined;
  }

  /** As `byId`, but not reactive. */
  byIdNow(id: string): RunRow | undefined {
    return this.#byId.get(id);
  }

  /** Has the rows carry the summaries of these metrics too. */
  async want(metrics: Iterable<string>): Promise<void> {
    const all = new Set([...this.#wanted, ...metrics]);
    if (all.size === this.#wanted.size) return;
    this.#wanted = all;
    await this.load();
  }

  async load(): Promise<void> {
    const mine = (this.#loading = Symbol('load'));
    try {
      const response = await fetchFromHost(runRowsUrl([...this.#wanted]));
      const { rows, metricNames, seq } = (await response.json()) as RunRows;
      if (this.#loading !== mine) return;
      this.#byId = new Map(rows.map((row) => [row.id, row]));
      this.#names = new Set(metricNames);
      this.#seq = seq;
      this.problem = null;
      this.#loading = undefined;
      for (const { event, seq } of this.#pending.splice(0)) this.#apply(event, seq);
      this.#show();
      this.ready = true;
    } catch (error) {
      if (this.#loading !== mine) return;
      this.problem = problemOf(error);
      this.#loading = undefined;
    }
  }

  #hear(event: HostEvent, seq: number): void {
    if (event.type === 'reset') {
      this.#pending = [];
      this.progress = {};
      void this.load();
      return;
    }
    // What comes during a load is told to the old rows as well, which stay visible until then.
    if (this.#loading) this.#pending.push({ event, seq });
    if (this.ready) this.#apply(event, seq);
  }

  #apply(event: HostEvent, seq: number): void {
    if (seq <= this.#seq) return;
    if (event.type === 'progress') {
      const { [event.run]: _, ...others } = this.progress;
      this.progress = event.progress ? { ...others, [event.run]: event.progress } : others;
    }
    if (event.type === 'metrics')
      for (const name of event.groups.flatMap(({ names }) => names)) this.#names.add(name);
    for (const run of applyToRows(this.#byId, event, this.#wanted)) this.#stale.add(run);
    this.#timer ??= setTimeout(() => this.#show(), BATCH);
  }

  #show(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.rows = newestFirst(this.#byId);
    if (this.#names.size !== this.metricNames.length) this.metricNames = [...this.#names].sort();
    for (const run of this.#stale) void this.#refresh(run);
    this.#stale.clear();
  }

  /** Asks for the summaries of one run. */
  async #refresh(run: string): Promise<void> {
    try {
      const { row, metrics } = await host.runs.get({ run });
      if (!this.#byId.has(run)) return;
      const kept = Object.entries(metrics).filter(([name]) => this.#wanted.has(name));
      this.#byId.set(run, { ...row, metrics: Object.fromEntries(kept) });
      this.#timer ??= setTimeout(() => this.#show(), BATCH);
    } catch {
      // Deleted meanwhile, or the host is away: then all is loaded anew.
    }
  }
}

export const runs = new Runs();
