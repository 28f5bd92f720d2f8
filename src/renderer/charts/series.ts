/** What a chart is given to draw: curves with a name and a look, and lines to compare them with. */
import type { Curve } from '../../shared/api/files';

export interface ChartSeries {
  readonly id: string;
  readonly label: string;
  /** Any CSS colour, custom properties too. */
  readonly color: string;
  /** Lengths of line and gap in px; empty is a solid line. */
  readonly dash: readonly number[];
  /** Never changed in place, except that a part's values may be replaced together with the object itself. */
  readonly curve: Curve;
  /** Show the range between each part's least and greatest value. */
  readonly band?: boolean;
  /** When training began, ms; the first point's time where it is not given. */
  readonly start?: number;
  /** Times without training (pauses, stops) between `start` and now, in order: they take no room on the time axis. */
  readonly breaks?: readonly Span[];
}

/** From and to, in whatever the axis measures. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A horizontal line to compare with: a floor, a baseline. */
export interface ReferenceLine {
  readonly label: string;
  readonly value: number;
}

/** "percent" shows shares in [0, 1] as percent. */
export type ValueKind = 'number' | 'percent';
