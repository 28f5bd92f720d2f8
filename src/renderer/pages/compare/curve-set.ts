/** The curves of many runs: they grow with live points, and are finer where the page zoomed in. */
import type { Points } from '../../../shared/api/events';
import type { Curve } from '../../../shared/api/files';
import { emptyCurve, GrowingCurve, spliceCurve } from '../../charts/merge-curves';

/** By metric. */
export type RunCurves = Readonly<Record<string, Curve>>;

export interface CurveName {
  run: string;
  metric: string;
}

export class CurveSet {
  private readonly growing = new Map<string, Map<string, GrowingCurve>>();
  private readonly fine = new Map<string, Map<string, Curve>>();

  /** @param parts that whole curves are asked for in. */
  constructor(private readonly parts: number) {}

  get runs(): string[] {
    return [...this.growing.keys()];
  }

  set({ run, metric }: CurveName, curve: Curve): void {
    within(this.growing, run).set(metric, new GrowingCurve(curve, this.parts));
  }

  append(run: string, points: Points): void {
    const curves = within(this.growing, run);
    const known = curves.get(points.name) ?? new GrowingCurve(emptyCurve(), this.parts);
    known.append(points);
    curves.set(points.name, known);
  }

  setFine({ run, metric }: CurveName, curve: Curve): void {
    within(this.fine, run).set(metric, curve);
  }

  forgetFine(): void {
    this.fine.clear();
  }

  /** Curves that the host may know more of than they show. */
  coarse(): CurveName[] {
    return [...this.growing].flatMap(([run, curves]) =>
      [...curves]
        .filter(([, { curve }]) => curve.step.length >= this.parts / 2)
        .map(([metric]) => ({ run, metric })),
    );
  }

  /** What the charts show of a run. */
  of(run: string): RunCurves {
    const fine = this.fine.get(run);
    return Object.fromEntries(
      [...within(this.growing, run)].map(([metric, { curve }]) => {
        const part = fine?.get(metric);
        return [metric, part ? spliceCurve(curve, part) : curve];
      }),
    );
  }
}

/** The inner map of a run, made where there is none. */
function within<T>(maps: Map<string, Map<string, T>>, run: string): Map<string, T> {
  const known = maps.get(run) ?? new Map<string, T>();
  maps.set(run, known);
  return known;
}
