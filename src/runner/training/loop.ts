/** The training loop: step after step, with evaluations, checkpoints, pauses and a stop in between, and reports of it all. */
import { setImmediate } from 'node:timers/promises';
import * as z from 'zod';
import type { HostTensors, Step } from '../../engine';
import {
  noCollapse,
  observeSpread,
  type StepReport,
  type TrainingBatch,
  type TrainingStep,
} from '../../learning';
import type { TrainResult } from '../../shared/protocol';
import type { CheckpointMeta } from '../checkpoint';
import type { JobContext } from '../job';
import { Throughput } from '../throughput';
import { diverged, lostTensor } from './diverged';
import { nothingTaken, takenSchema } from './pseudo-labels';
import type { Rounds } from './self-training';
import type { CheckpointClock } from './milestones';
import type { StepCounts } from './step-counts';

/** What the loop must remember from step to step and across a stop, beside the step's tensors. */
export const memorySchema = z.object({
  collapse: z.object({ collapsed: z.boolean(), against: z.int(), mean: z.number().default(noCollapse.mean) }),
  /** Of self-training. */
  taken: takenSchema.default(nothingTaken),
});
export type Memory = z.infer<typeof memorySchema>;
export const freshMemory: Memory = { collapse: noCollapse, taken: nothingTaken };

/** Where a loop begins. */
export interface Position {
  /** Steps done. */
  readonly step: number;
  /** Measured after them; null where it was not. */
  readonly knn: number | null;
  /** Whether a checkpoint of this position exists. */
  readonly saved: CheckpointMeta['kind'] | null;
  readonly memory: Memory;
}

export interface LoopParts {
  readonly imagesPerStep: number;
  readonly learningRate: number;
  readonly counts: StepCounts;
  readonly training: TrainingStep;
  /** Holds the state of `Position`. */
  readonly step: Step;
  /** The batch of a 0-based step. */
  readonly readBatch: (step: number) => TrainingBatch;
  readonly isEvaluated: (step: number) => boolean;
  /** Measures and reports; null where there is nothing to measure with. Throws when stopped meanwhile. */
  readonly evaluate: (state: HostTensors, step: number) => Promise<number | null>;
  /** Of self-training; null where there is none. */
  readonly rounds: Pick<Rounds, 'isDue' | 'begin'> | null;
  readonly clock: CheckpointClock;
  /** The best k-NN accuracy saved so far. */
  readonly bestKnn: () => number | null;
  readonly save: (at: Saving, state: HostTensors) => Promise<void>;
}
export type Saving = Pick<CheckpointMeta, 'step' | 'epoch' | 'kind' | 'knn'> & { readonly memory: Memory };

/**
 * Trains from `start` to the end or to a stop, whichever is first; both leave a checkpoint.
 * @throws UserError where the loss is lost, or a checkpoint cannot be written; former checkpoints are kept.
 */
export async function trainLoop(
  parts: LoopParts,
  start: Position,
  context: JobContext,
): Promise<TrainResult> {
  const { counts, imagesPerStep } = parts;
  const { channel, signal } = context;
  const { stepsPerEpoch, lastStep } = counts;
  const speed = new Throughput();
  const time = { reading: 0, stepping: 0 };
  let { step, knn, memory } = start;
  let saved = start.saved;

  const progress = () =>
    channel.progress({
      phase: 'training',
      done: step,
      total: lastStep,
      rate: speed.rate,
      secondsLeft: speed.secondsLeft(lastStep * imagesPerStep),
      epoch: step / stepsPerEpoch,
      epochs: lastStep / stepsPerEpoch,
    });

  /** Evaluates and saves what is due after `step` steps. @returns true where training ends here by a stop. */
  const settle = async (): Promise<boolean> => {
    let state: HostTensors | undefined;
    let unevaluated = false;
    if (knn === null && parts.isEvaluated(step)) {
      state = await parts.step.readState();
      const measured = await unlessStopped(() => parts.evaluate(state!, step), signal);
      if (measured === STOPPED) unevaluated = true;
      else knn = measured;
      speed.restart(step * imagesPerStep);
    }
    const done = step === lastStep && !unevaluated;
    const stopped = signal.aborted && !done;
    const best = step > 0 && knn !== null && knn > (parts.bestKnn() ?? -1);
    const kind = done ? 'final' : best ? 'best' : 'periodic';
    const due = kind !== 'periodic' || stopped || parts.clock.isDue(step);
    const better =
      saved === null || (saved === 'periodic' && kind !== 'periodic') || (done && saved !== 'final');
    if (due && better && step > 0) {
      state ??= await parts.step.readState();
      const epoch = step / stepsPerEpoch;
      const lost = lostTensor(state);
      if (lost) throw diverged(`weights became infinite (${lost})`, step, epoch, parts.learningRate);
      await parts.save({ step, epoch, kind, knn, memory }, state);
      saved = kind;
      parts.clock.saved();
    }
    return stopped;
  };

  const advance = async () => {
    const began = performance.now();
    const inputs = parts.training.inputs(parts.readBatch(step));
    const read = performance.now();
    const outputs = await parts.step.run(inputs);
    time.reading += read - began;
    time.stepping += performance.now() - read;
    const scheduled = parts.training.scheduled(step);
    step++;
    [knn, saved] = [null, null];
    speed.mark(step * imagesPerStep);
    const report = parts.training.report(outputs);
    const epoch = step / stepsPerEpoch;
    const values = { ...valuesOf(report), ...scheduled, ...(speed.rate && { imagesPerSecond: speed.rate }) };
    channel.metrics(
      Object.entries(values).map(([name, value]) => ({ name, step, epoch, time: Date.now(), value })),
    );
    if (!report.finite) {
      const what = Number.isFinite(report.loss)
        ? `gradient norm became ${report.gradNorm}`
        : `loss became ${report.loss}`;
      throw diverged(what, step, epoch, parts.learningRate);
    }
    const spread = report.embeddingSpread;
    const { collapseAdvice: advice } = parts.training.model;
    const { state: collapse, event } = observeSpread(memory.collapse, spread, advice);
    memory = { ...memory, collapse };
    if (event) channel.event(event.kind, event.message, { step, epoch, spread, ...(advice && { advice }) });
  };

  /** The place between two steps. @returns true where training ends here by a stop. */
  const rest = async (): Promise<boolean> => {
    if (await context.gate.pass(channel, signal)) speed.restart(step * imagesPerStep);
    return settle();
  };

  /** Where a round of self-training is over: what is trained on next. @returns whether a stop came before. */
  const beginRound = async (): Promise<boolean> => {
    if (!parts.rounds?.isDue(step, memory.taken)) return false;
    const { begin } = parts.rounds;
    const state = await parts.step.readState();
    const taken = await unlessStopped(() => begin(state, step), signal);
    if (taken === STOPPED) return true;
    memory = { ...memory, taken };
    speed.restart(step * imagesPerStep);
    return false;
  };

  const result = (stopped: boolean): TrainResult => ({ step, epoch: step / stepsPerEpoch, stopped, knn });

  speed.restart(step * imagesPerStep);
  progress();
  if (await rest()) return result(true);
  while (step < lastStep) {
    if (await beginRound()) {
      await rest();
      return result(true);
    }
    await advance();
    progress();
    channel.heartbeat();
    // A step may block the thread and settle without a turn of the event loop: messages must get through.
    await setImmediate();
    if (await rest()) return result(true);
  }
  const share = (100 * time.reading) / Math.max(1, time.reading + time.stepping);
  channel.log('info', `Reading and preparing batches took ${share.toFixed(1)} % of the training time.`);
  return result(false);
}

function valuesOf({
  loss,
  gradNorm,
  embeddingStd,
  embeddingSpread,
  metrics,
}: StepReport): Record<string, number> {
  return { loss, gradNorm, embeddingStd, embeddingSpread, ...metrics };
}

const STOPPED = Symbol('stopped');

/** What `work` gives, unless a stop came before or cuts it short. */
async function unlessStopped<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T | typeof STOPPED> {
  if (signal.aborted) return STOPPED;
  try {
    return await work();
  } catch (error) {
    if (signal.aborted && error === signal.reason) return STOPPED;
    throw error;
  }
}
