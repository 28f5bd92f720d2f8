/** When a run evaluates and saves, in steps. */
import type { RunConfig } from '../../shared/run-config';

/** @returns whether k-NN is measured after `step` steps: before the first, every so often, and after the last. */
export function evaluationPlan(
  { everyEpochs }: Pick<RunConfig['knn'], 'everyEpochs'>,
  stepsPerEpoch: number,
  totalSteps: number,
): (step: number) => boolean {
  const every = everyEpochs > 0 ? Math.max(1, Math.round(everyEpochs * stepsPerEpoch)) : Infinity;
  return (step) => step === 0 || step === totalSteps || step % every === 0;
}

/** Says when a periodic checkpoint is due; by the clock, so it decides nothing but how much a crash loses. */
export class CheckpointClock {
  private last: number;

  constructor(
    private readonly policy: RunConfig['checkpoint'],
    private readonly now: () => number = Date.now,
  ) {
    this.last = now();
  }

  isDue(step: number): boolean {
    const { everyMinutes, everySteps } = this.policy;
    return (
      (everySteps !== null && step % everySteps === 0) || this.now() - this.last >= everyMinutes * 60_000
    );
  }

  saved(): void {
    this.last = this.now();
  }
}
