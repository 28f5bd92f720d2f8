/** How the learning rate moves: linear warm-up, then constant, cosine or steps. A pure function of Progress. */
import type { ScheduleConfig } from '../shared/run-config';
import type { Progress } from './method';

/**
 * The learning rate of the step that follows `progress.step` done ones.
 *
 * Warm-up over w steps gives peak (s + 1) / w at step s, so no step is spent at a rate of 0. Cosine falls from
 * peak to `final` over the steps after the warm-up (Loshchilov & Hutter 2017, one cycle).
 * @param peak learning rate at the end of warm-up.
 */
export function learningRate(schedule: ScheduleConfig, peak: number, progress: Progress): number {
  const { step, totalSteps, stepsPerEpoch } = progress;
  const warmupSteps = Math.round(schedule.warmupEpochs * stepsPerEpoch);
  if (step < warmupSteps) return (peak * (step + 1)) / warmupSteps;
  switch (schedule.kind) {
    case 'constant':
      return peak;
    case 'cosine': {
      const done = Math.min(1, (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps));
      return cosine(peak, schedule.final, done);
    }
    case 'step': {
      const epoch = step / stepsPerEpoch;
      return peak * schedule.gamma ** schedule.milestones.filter((milestone) => milestone <= epoch).length;
    }
    default:
      return schedule.kind satisfies never;
  }
}

/** From `start` to `end` along half a cosine; `done` in [0, 1]. */
export function cosine(start: number, end: number, done: number): number {
  return end + ((start - end) * (1 + Math.cos(Math.PI * done))) / 2;
}
