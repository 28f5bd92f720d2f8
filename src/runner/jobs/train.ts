/** The training job: opens device and data, builds the step, continues or starts anew, and trains. */
import { join } from 'node:path';
import type { HostTensors } from '../../engine';
import { createEncoder, createTrainingStep, findMethod } from '../../learning';
import type { JobOf, TrainResult } from '../../shared/protocol';
import { BadCheckpoint } from '../bad-checkpoint';
import { configHash, readCheckpoint, readCheckpointMeta } from '../checkpoint';
import { CheckpointFolder } from '../checkpoint-folder';
import { openJobDevice } from '../device';
import type { JobContext, RunJob } from '../job';
import { batchReader } from '../training/batches';
import { Evaluator } from '../training/evaluator';
import { loadTeacher } from '../training/load-teacher';
import { freshMemory, memorySchema, trainLoop, type Position } from '../training/loop';
import { CheckpointClock, evaluationPlan } from '../training/milestones';
import { countSamples, imagesOf, sampleNames } from '../training/samples';
import { prepareRounds } from '../training/self-training';
import { startFromWeights } from '../training/start-from-weights';
import { PictureMaker } from '../training/picture-maker';
import { countSteps } from '../training/step-counts';
import { openTrainingData } from '../training/training-data';

export const train: RunJob<'train'> = async (job, context): Promise<TrainResult> => {
  try {
    return await trainRun(job, context);
  } catch (error) {
    if (context.signal.aborted && error === context.signal.reason) return unchanged(job.continueFrom);
    throw error;
  }
};

/** The answer of a run that was stopped before its first step: nothing to save, and nothing lost. */
async function unchanged(checkpoint: string | null): Promise<TrainResult> {
  if (checkpoint === null) return { step: 0, epoch: 0, stopped: true, knn: null };
  const { step, epoch, knn } = await readCheckpointMeta(checkpoint);
  return { step, epoch, stopped: true, knn };
}

async function trainRun(job: JobOf<'train'>, context: JobContext): Promise<TrainResult> {
  const { config, runId } = job;
  const { channel } = context;
  const method = findMethod(config.method);
  const encoder = createEncoder(config.backbone, config.data.imageSize);
  const data = await openTrainingData(config, job.cacheDirectory, method, context);
  try {
    const { dataset, samples } = data;
    const images = countSamples(samples);
    const counts = countSteps(config, images, sampleNames(samples));
    const { classes } = dataset;
    const training = createTrainingStep({ config, method, encoder, classes, images, ...counts });
    const identity = { run: runId, config: configHash(config), data: data.identity };

    const { state, start } = job.continueFrom
      ? await continueFrom(job.continueFrom, identity, training.definition.state)
      : {
          state: await startFromWeights(
            await loadTeacher(training.initialState(), method, config, context),
            config,
            context,
          ),
          start: anew,
        };

    const folder = await CheckpointFolder.open(
      join(job.runDirectory, 'checkpoints'),
      runId,
      config.checkpoint.keepLast,
      start.step,
      {
        onSaved: (checkpoint) => channel.send({ type: 'checkpoint', checkpoint }),
        onDeleted: (path) => channel.send({ type: 'checkpoint-deleted', path }),
      },
    );
    announce(context, 'compiling', start.step, counts.lastStep);
    const device = await openJobDevice(config, context);
    try {
      const { chanceLoss } = training.model;
      if (chanceLoss !== null && start.step === 0)
        context.channel.event(
          'chance-loss',
          `Guessing gives a loss of ${Number(chanceLoss.toPrecision(3))}.`,
          {
            loss: chanceLoss,
          },
        );
      const step = await device.prepare(training.definition, state);
      const run = { config, encoder, model: training.model, data, counts };
      const evaluator = await Evaluator.prepare(device, run, state);
      const shown = { dataset, indices: imagesOf(samples) };
      const pictures = await PictureMaker.prepare(device, training, shown, state, job.runDirectory, context);
      let { taken } = start.memory;
      const onTaken = (now: typeof taken) => (taken = now);
      const rounds =
        samples.kind === 'rounds'
          ? await prepareRounds(device, { ...run, dataset, samples, onTaken }, state, context)
          : null;
      try {
        return await trainLoop(
          {
            imagesPerStep: training.imagesPerStep,
            learningRate: config.learningRate,
            counts,
            training,
            step,
            readBatch: batchReader(dataset, samples, config, () => taken),
            rounds,
            isEvaluated: evaluationPlan(config.knn, counts.stepsPerEpoch, counts.lastStep),
            evaluate: async (state, at) => {
              await pictures?.make(state, at);
              return evaluator.evaluate(state, at, context);
            },
            clock: new CheckpointClock(config.checkpoint),
            bestKnn: () => folder.bestKnn,
            save: async (at, state) => {
              announce(context, 'checkpointing', at.step, counts.lastStep);
              await folder.save({ meta: { version: 1, method: method.id, ...identity, ...at }, state });
            },
          },
          start,
          context,
        );
      } finally {
        await pictures?.dispose();
        await rounds?.dispose();
        await evaluator.dispose();
        await step.dispose();
      }
    } finally {
      await device.dispose();
    }
  } finally {
    data.close();
  }
}

const anew: Position = { step: 0, knn: null, saved: null, memory: freshMemory };

async function continueFrom(
  path: string,
  identity: Parameters<typeof readCheckpoint>[1],
  specs: Parameters<typeof readCheckpoint>[2],
): Promise<{ state: HostTensors; start: Position }> {
  const { meta, state } = await readCheckpoint(path, identity, specs);
  const memory = memorySchema.safeParse(meta.memory);
  if (!memory.success)
    throw new BadCheckpoint(
      `${path} lacks what training remembers beside its weights`,
      'Continue from an older checkpoint of this run.',
    );
  return { state, start: { step: meta.step, knn: meta.knn, saved: meta.kind, memory: memory.data } };
}

function announce(
  { channel }: JobContext,
  phase: 'compiling' | 'checkpointing',
  done: number,
  total: number,
) {
  channel.progress({ phase, done, total, rate: null, secondsLeft: null, epoch: null, epochs: null });
}
