/** One run as its page shows it: loaded whole once, then kept true by what the host tells. */
import { decodeCurve, curveUrl, type Curve } from '../../../shared/api/files';
import { curvesOf, type HostEvent } from '../../../shared/api/events';
import type { Load } from '../../../shared/api/host';
import type { RunRow } from '../../../shared/api/run-rows';
import type {
  Checkpoint,
  Evaluation,
  LogLine,
  Progress,
  RunDetail,
  RunNote,
  RunPictures,
} from '../../../shared/api/runs';
import { emptyCurve, GrowingCurve, spliceCurve } from '../../charts/merge-curves';
import type { Span } from '../../charts/series';
import { usualOrder } from './chart-specs';
import type { Problem } from '../../lib/host/problem';

/** Parts that a whole curve is asked for in. */
export const PARTS = 2000;
/** Each time that some of the curves are shown all charts are drawn again, milliseconds. */
const SHOW_EVERY = 200;
/** The host keeps 200 lines; a page that stays open shows more. */
const LINES_KEPT = 2000;
/** At two seconds each: ten minutes. */
const LOADS_KEPT = 300;

/** What the page needs of the host. */
export interface RunSource {
  get(run: string): Promise<RunDetail>;
  curve(url: string): Promise<ArrayBuffer>;
  problemOf(error: unknown): Problem & { missing?: boolean };
}

export class RunLive {
  phase: 'loading' | 'ready' | 'missing' | 'failed' = $state('loading');
  problem: Problem | null = $state.raw(null);
  row = $state.raw<RunRow>();
  /** What does not change while one looks: configuration, folder, command line. */
  detail = $state.raw<RunDetail>();
  progress: Progress | null = $state.raw(null);
  checkpoints: readonly Checkpoint[] = $state.raw([]);
  evaluations: readonly Evaluation[] = $state.raw([]);
  pictures: readonly RunPictures[] = $state.raw([]);
  history: readonly RunNote[] = $state.raw([]);
  log: readonly LogLine[] = $state.raw([]);
  loads: readonly Load[] = $state.raw([]);
  /** By metric; finer where the page zoomed in. A new object whenever one changed. */
  curves: Readonly<Record<string, Curve>> = $state.raw({});
  /** Metrics whose curves are on their way for the first time. */
  awaited: readonly string[] = $state.raw([]);
  /** In steps, where finer parts were fetched; null shows all. */
  range: Span | null = $state.raw(null);

  private growing: Record<string, GrowingCurve> = {};
  private fine: Record<string, Curve> = {};
  private seq = -1;
  private pending: { event: HostEvent; seq: number }[] | null = null;
  private loading: symbol | null = null;
  private zooming: symbol | null = null;

  constructor(
    readonly id: string,
    private readonly source: RunSource,
  ) {}

  /** Asks for everything; what was known stays visible meanwhile. */
  async load(): Promise<void> {
    const mine = (this.loading = Symbol('load'));
    this.pending = [];
    try {
      const detail = await this.source.get(this.id);
      if (this.loading !== mine) return;
      const names = usualOrder(Object.keys(detail.metrics));
      // The page need not wait for its curves.
      const first = this.phase !== 'ready';
      if (first) {
        this.takeDetail(detail);
        this.curves = {};
        this.awaited = names;
        this.phase = 'ready';
      }
      const arrived: Record<string, Curve> = {};
      const showing = setInterval(() => {
        if (first && this.loading === mine) this.curves = { ...arrived };
      }, SHOW_EVERY);
      const curves = await Promise.all(
        names.map(async (name) => {
          const curve = decodeCurve(await this.source.curve(curveUrl(this.id, name, PARTS)));
          arrived[name] = curve;
          return curve;
        }),
      ).finally(() => clearInterval(showing));
      if (this.loading !== mine) return;
      this.takeDetail(detail);
      this.takeCurves(Object.fromEntries(names.map((name, index) => [name, curves[index]])));
      const pending = this.pending;
      this.pending = null;
      this.loading = null;
      for (const { event, seq } of pending) this.apply(event, seq);
      this.problem = null;
      if (this.range) void this.zoom(this.range);
    } catch (error) {
      if (this.loading !== mine) return;
      this.loading = null;
      this.pending = null;
      const problem = this.source.problemOf(error);
      this.problem = problem;
      if (problem.missing) this.phase = 'missing';
      else if (this.phase === 'loading' || this.awaited.length > 0) this.phase = 'failed';
    }
  }

  private takeDetail(detail: RunDetail): void {
    this.detail = detail;
    this.row = detail.row;
    this.progress = detail.progress;
    this.checkpoints = detail.checkpoints;
    this.evaluations = detail.evaluations;
    this.pictures = detail.pictures;
    this.history = detail.history;
    this.log = detail.log;
    this.seq = detail.seq;
  }

  private takeCurves(curves: Readonly<Record<string, Curve>>): void {
    this.growing = mapValues(curves, (curve) => new GrowingCurve(curve, PARTS));
    this.fine = {};
    this.curves = mapValues(this.growing, ({ curve }) => curve);
    this.awaited = [];
  }

  /** One thing that the host told, about this run or another. Events that the loaded run includes are passed over. */
  apply(event: HostEvent, seq: number): void {
    if (event.type === 'load') {
      this.loads = [...this.loads, event.load].slice(-LOADS_KEPT);
      return;
    }
    if (event.type === 'reset') {
      void this.load();
      return;
    }
    if (runOf(event) !== this.id) return;
    if (this.pending) {
      this.pending.push({ event, seq });
      return;
    }
    if (seq <= this.seq) return;
    this.seq = seq;
    this.applyToRun(event);
  }

  private applyToRun(event: HostEvent): void {
    switch (event.type) {
      case 'run':
        this.row = event.row;
        // Its deletion was undone.
        if (this.phase === 'missing') void this.load();
        return;
      case 'run-deleted':
        this.phase = 'missing';
        return;
      case 'progress':
        this.progress = event.progress;
        // The run has ended: its exit code is news, and stands in no event.
        if (event.progress === null) void this.load();
        return;
      case 'metrics':
        for (const points of curvesOf(event.groups)) {
          this.growing[points.name] ??= new GrowingCurve(emptyCurve(), PARTS);
          this.growing[points.name].append(points);
        }
        this.show(event.groups.flatMap(({ names }) => names));
        return;
      case 'truncated':
        for (const growing of Object.values(this.growing)) growing.truncate(event.step);
        this.fine = {};
        this.evaluations = this.evaluations.filter(({ step }) => step === null || step <= event.step);
        this.show(Object.keys(this.growing));
        // A part may have reached beyond the step, and went whole.
        void this.load();
        return;
      case 'log':
        this.log = [...this.log, ...event.lines].slice(-LINES_KEPT);
        return;
      case 'note':
        this.history = [...this.history, event.note];
        return;
      case 'checkpoints':
        this.checkpoints = event.checkpoints;
        return;
      case 'pictures':
        this.pictures = event.pictures;
        return;
      case 'evaluation':
        if (!this.evaluations.some(({ id }) => id === event.evaluation.id))
          this.evaluations = [...this.evaluations, event.evaluation];
        return;
      // Of no run.
      case 'reset':
      case 'load':
      case 'dataset':
      case 'dataset-removed':
      case 'embedding-set':
      case 'embedding-set-removed':
      case 'experiment':
      case 'experiment-removed':
      case 'settings':
      case 'host':
        return;
      default:
        event satisfies never;
    }
  }

  /** Shows these steps more finely, where the host knows more of them; null shows all again. */
  async zoom(range: Span | null): Promise<void> {
    this.range = range;
    const mine = (this.zooming = Symbol('zoom'));
    if (!range) {
      const names = Object.keys(this.fine);
      this.fine = {};
      this.show(names);
      return;
    }
    const room = (range.to - range.from) / 2;
    const wider = { from: Math.max(0, range.from - room), to: range.to + room };
    const coarse = Object.entries(this.growing).filter(([, { curve }]) => isCoarse(curve, range));
    await Promise.all(
      coarse.map(async ([name]) => {
        try {
          const fine = decodeCurve(await this.source.curve(curveUrl(this.id, name, PARTS, wider)));
          if (this.zooming !== mine) return;
          this.fine[name] = fine;
          this.show([name]);
        } catch {
          // The coarse curve stays; the strip above says it where the host is away.
        }
      }),
    );
  }

  private show(names: readonly string[]): void {
    const changed: Record<string, Curve> = {};
    for (const name of names) {
      const { curve } = this.growing[name];
      const fine = this.fine[name] as Curve | undefined;
      changed[name] = fine ? spliceCurve(curve, fine) : curve;
    }
    this.curves = { ...this.curves, ...changed };
  }
}

const mapValues = <A, B>(record: Readonly<Record<string, A>>, map: (value: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));

/** Whether the host may know more of a range than a curve in `PARTS` parts shows. */
function isCoarse({ step }: Curve, { from, to }: Span): boolean {
  if (step.length < PARTS / 2) return false;
  const shown = step.reduce((sum, at) => sum + (at >= from && at <= to ? 1 : 0), 0);
  return shown < PARTS / 2;
}

function runOf(event: HostEvent): string | undefined {
  if (event.type === 'run') return event.row.id;
  return 'run' in event ? event.run : undefined;
}
