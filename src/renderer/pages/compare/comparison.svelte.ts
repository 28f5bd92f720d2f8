/** The compared runs with their curves, kept true by what the host tells. */
import { curveUrl, decodeCurve } from '../../../shared/api/files';
import { curvesOf, type HostEvent } from '../../../shared/api/events';
import type { RunDetail } from '../../../shared/api/runs';
import type { Span } from '../../charts/series';
import { forEachBounded } from '../../lib/bounded';
import { problemOf, type Problem } from '../../lib/host/problem';
import { CurveSet, type CurveName, type RunCurves } from './curve-set';

/** Of a whole curve: some hundreds are as many as a chart has pixels, and there may be many runs. */
const PARTS = 500;
const AT_ONCE = 6;
/** Live points are shown in batches of this many milliseconds. */
const BATCH = 250;

/** What the comparison needs of the host. */
export interface CompareSource {
  get(run: string): Promise<RunDetail>;
  curve(url: string): Promise<ArrayBuffer>;
}

export class Comparison {
  /** By run id. */
  details: Readonly<Record<string, RunDetail>> = $state.raw({});
  /** By run id, then by metric. */
  curves: Readonly<Record<string, RunCurves>> = $state.raw({});
  /** Ids that the library does not have. */
  missing: readonly string[] = $state.raw([]);
  loading = $state(false);
  problem: Problem | null = $state.raw(null);

  readonly #set = new CurveSet(PARTS);
  /** Runs whose curves changed since they were shown. */
  #dirty: readonly string[] = [];
  #wanted: readonly string[] = [];
  #zooming: symbol | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly source: CompareSource,
    /** Whether the library has the run. */
    private readonly exists: (run: string) => boolean,
  ) {}

  /** Shows these runs; those that are known are not asked for again. */
  async show(ids: readonly string[]): Promise<void> {
    this.#wanted = ids;
    this.missing = ids.filter((id) => !this.exists(id));
    const asked = ids.filter((id) => this.exists(id) && !(id in this.details));
    if (asked.length > 0) await this.#load(asked);
  }

  /** Everything anew; what is known stays visible meanwhile. */
  async reload(): Promise<void> {
    this.missing = this.#wanted.filter((id) => !this.exists(id));
    await this.#load(this.#wanted.filter((id) => this.exists(id)));
  }

  async #load(ids: readonly string[]): Promise<void> {
    this.loading = true;
    try {
      await forEachBounded(ids, AT_ONCE, async (id) => {
        const detail = await this.source.get(id);
        this.details = { ...this.details, [id]: detail };
      });
      // All runs are listed before the first curve: tables need none.
      const names = ids.flatMap((run) =>
        Object.keys(this.details[run].metrics).map((metric) => ({ run, metric })),
      );
      await forEachBounded(names, AT_ONCE, (name) => this.#loadCurve(name));
      this.problem = null;
    } catch (error) {
      this.problem = problemOf(error);
    } finally {
      this.loading = false;
    }
  }

  async #loadCurve(name: CurveName): Promise<void> {
    this.#set.set(name, decodeCurve(await this.source.curve(curveUrl(name.run, name.metric, PARTS))));
    this.#changed(name.run);
  }

  hear(event: HostEvent): void {
    if (event.type === 'reset') void this.reload();
    if (event.type === 'run' && event.row.id in this.details) {
      const { id } = event.row;
      this.details = { ...this.details, [id]: { ...this.details[id], row: event.row } };
    }
    if (event.type === 'run-deleted' && this.#wanted.includes(event.run)) {
      this.missing = [...this.missing.filter((id) => id !== event.run), event.run];
    }
    if (event.type === 'metrics' && event.run in this.details) {
      for (const points of curvesOf(event.groups)) this.#set.append(event.run, points);
      this.#changed(event.run);
    }
    // After a run went back, and at its end: its summaries are to be asked for.
    const stale = event.type === 'truncated' || (event.type === 'progress' && event.progress === null);
    if (stale && event.run in this.details) void this.#load([event.run]);
  }

  /** Shows these steps more finely; null shows all again. */
  async zoom(range: Span | null): Promise<void> {
    const mine = (this.#zooming = Symbol('zoom'));
    this.#set.forgetFine();
    if (!range) {
      for (const run of this.#set.runs) this.#changed(run);
      return;
    }
    const room = (range.to - range.from) / 2;
    const wider = { from: Math.max(0, range.from - room), to: range.to + room };
    try {
      await forEachBounded(this.#set.coarse(), AT_ONCE, async (name) => {
        if (this.#zooming !== mine) return;
        const fine = decodeCurve(await this.source.curve(curveUrl(name.run, name.metric, PARTS, wider)));
        if (this.#zooming !== mine) return;
        this.#set.setFine(name, fine);
        this.#changed(name.run);
      });
    } catch {
      // The coarse curves stay; the strip above says it where the host is away.
    }
  }

  #changed(run: string): void {
    if (!this.#dirty.includes(run)) this.#dirty = [...this.#dirty, run];
    if (this.#timer === undefined) this.#timer = setTimeout(() => this.#publish(), BATCH);
  }

  #publish(): void {
    this.#timer = undefined;
    const changed = this.#dirty.map((run): [string, RunCurves] => [run, this.#set.of(run)]);
    this.#dirty = [];
    this.curves = { ...this.curves, ...Object.fromEntries(changed) };
  }
}
