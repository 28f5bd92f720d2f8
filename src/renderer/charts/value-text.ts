/** What a chart says about a value, beside its axes. */
import { count, duration, percent, significant } from '../lib/format';
import type { ValueKind } from './series';
import type { XAxis } from './x-axis';

export function valueText(value: number, kind: ValueKind): string {
  if (Number.isNaN(value)) return 'not a number';
  if (!Number.isFinite(value)) return value > 0 ? 'infinite' : '-infinite';
  return kind === 'percent' ? `${percent(value)} %` : significant(value);
}

/** "step 1,200", "epoch 3.25", "3 min 20 s". */
export function xText(x: number, axis: XAxis): string {
  if (axis === 'time') return duration(x);
  return axis === 'step' ? `step ${count(Math.round(x))}` : `epoch ${Number(x.toFixed(2))}`;
}

interface Described {
  readonly label: string;
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** A chart in one sentence or two, for those who do not see it. */
export function describeChart(
  title: string,
  kind: ValueKind,
  axis: XAxis,
  curves: readonly Described[],
): string {
  const against = { step: 'by step', epoch: 'by epoch', time: 'by training time' }[axis];
  const said = curves.slice(0, 8).map(({ label, x, y }) => {
    let last = y.length - 1;
    while (last >= 0 && Number.isNaN(y[last])) last--;
    if (last < 0) return `${label} has no values yet`;
    return `${label} is ${valueText(y[last], kind)} at ${xText(x[last], axis)}`;
  });
  const more = curves.length - said.length;
  if (more > 0) said.push(`and ${more} more`);
  return `${title} ${against}. ${said.length > 0 ? `${said.join('; ')}.` : 'Nothing to show yet.'}`;
}
