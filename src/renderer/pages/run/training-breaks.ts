/** When a run did not train between its start and now: it was stopped or broke, and was resumed later. */
import type { Curve } from '../../../shared/api/files';
import type { RunNote } from '../../../shared/api/runs';
import type { Span } from '../../charts/series';

/** From the last point that was kept to the moment it went on. @returns in order of time, not overlapping. */
export function trainingBreaks(history: readonly RunNote[], curve: Curve | undefined): Span[] {
  if (!curve) return [];
  const breaks: Span[] = [];
  for (const { name, time, data } of history) {
    if (name !== 'resumed') continue;
    const step = typeof data['step'] === 'number' ? data['step'] : Infinity;
    let last = -1;
    for (let index = 0; index < curve.step.length && curve.step[index] <= step; index++) {
      if (curve.time[index] <= time) last = index;
    }
    if (last < 0) continue;
    const from = Math.max(curve.time[last], breaks.at(-1)?.to ?? -Infinity);
    if (time > from) breaks.push({ from, to: time });
  }
  return breaks;
}
