/** What to say when training has come to numbers that are none. */
import type { HostTensors } from '../../engine';
import { UserError } from '../../shared/errors';

/**
 * @param what e.g. "loss became NaN". @param step counts from 1.
 * @param learningRate the configured peak.
 */
export function diverged(what: string, step: number, epoch: number, learningRate: number): UserError {
  return new UserError(
    `The ${what} at step ${step} (epoch ${epoch.toFixed(2)}), so training was stopped; the last good checkpoint is kept`,
    `Train anew with a lower learning rate (--set learningRate=${round(learningRate / 3)} instead of ` +
      `${round(learningRate)}), with warm-up (--set schedule.warmupEpochs=5), or with clipped gradients ` +
      '(--set clipNorm=1). Continuing this run would come to the same end.',
  );
}

const round = (value: number) => Number(value.toPrecision(2));

export function allFinite(values: ArrayLike<number>): boolean {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return false;
  return true;
}

/** The name of a tensor that holds infinities or NaN; undefined where all are numbers. */
export function lostTensor(state: HostTensors): string | undefined {
  return Object.keys(state).find((name) => state[name].dtype === 'float32' && !allFinite(state[name].data));
}
