/** What to say when the loss or the gradients are no longer numbers. */
import type { StepReport } from '../../learning';
import { UserError } from '../../shared/errors';

/** @param step counts from 1. @param learningRate the configured peak. */
export function diverged(report: StepReport, step: number, epoch: number, learningRate: number): UserError {
  const what = Number.isFinite(report.loss)
    ? `gradient norm became ${report.gradNorm}`
    : `loss became ${report.loss}`;
  return new UserError(
    `The ${what} at step ${step} (epoch ${epoch.toFixed(2)}), so training was stopped; the last good checkpoint is kept`,
    `Train anew with a lower learning rate (--set learningRate=${round(learningRate / 3)} instead of ` +
      `${round(learningRate)}), with warm-up (--set schedule.warmupEpochs=5), or with clipped gradients ` +
      '(--set clipNorm=1). Continuing this run would come to the same end.',
  );
}

const round = (value: number) => Number(value.toPrecision(2));
