/** From curves to lines that can be drawn and read: laid out along x, smoothed. Kept as long as the curve is. */
import type { Curve } from '../../shared/api/files';
import { smooth } from './ema';
import type { PlotLine } from './plot';
import type { ChartSeries, Span } from './series';
import { xValues, type XAxis } from './x-axis';

interface Prepared {
  readonly key: string;
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** Moving along x asks for the same again and again. */
const known = new WeakMap<Curve, Prepared>();

function prepare(series: ChartSeries, axis: XAxis, smoothing: number): Prepared {
  const { curve, start, breaks } = series;
  const key = [axis, smoothing, start ?? '', breaks?.map(({ from, to }) => to - from).join() ?? ''].join('/');
  const before = known.get(curve);
  if (before?.key === key) return before;
  const prepared = {
    key,
    x: xValues(series, axis),
    y: smooth(curve.mean, curve.step, smoothing),
  };
  known.set(curve, prepared);
  return prepared;
}

/** @param smoothing weight of what came before, in [0, 1). */
export function prepareLines(series: readonly ChartSeries[], axis: XAxis, smoothing: number): PlotLine[] {
  return series.map((one) => {
    const { id, label, color, dash, curve, band } = one;
    const { x, y } = prepare(one, axis, smoothing);
    const raw = y === curve.mean ? null : curve.mean;
    return { id, label, color, dash, x, y, raw, band: band ? { min: curve.min, max: curve.max } : null };
  });
}

/** From the first to the last x of any line; never without width. */
export function wholeSpan(lines: readonly Pick<PlotLine, 'x'>[]): Span {
  let from = Infinity;
  let to = -Infinity;
  for (const { x } of lines) {
    if (x.length === 0) continue;
    from = Math.min(from, x[0]);
    to = Math.max(to, x[x.length - 1]);
  }
  if (from > to) return { from: 0, to: 1 };
  return from === to ? { from: from - 0.5, to: to + 0.5 } : { from, to };
}
