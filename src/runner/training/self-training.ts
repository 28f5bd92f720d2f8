/** Self-training within the training loop: whether a round is over, and what its end does. */
import type { Device, HostTensors } from '../../engine';
import { createPredictionStep, type MethodModel } from '../../learning';
import type { RunConfig } from '../../shared/run-config';
import type { Dataset } from '../../data';
import { inferenceBatch, RowStep } from '../embedder';
import type { JobContext } from '../job';
import { reportProgress } from '../report-progress';
import { averagedState } from './evaluator';
import { frequenciesOf, shareRight, takeSurest, type Taken } from './pseudo-labels';
import type { RoundSamples } from './samples';
import type { StepCounts } from './step-counts';

export interface Rounds {
  /** Whether the next step is the first of a round whose images are not chosen yet. */
  readonly isDue: (step: number, taken: Taken) => boolean;
  /** Chooses them, tells the reader and reports. @throws the signal's reason where it is aborted meanwhile. */
  readonly begin: (state: HostTensors, step: number) => Promise<Taken>;
  readonly dispose: () => Promise<void>;
}

export interface SelfTraining {
  readonly config: RunConfig;
  readonly model: MethodModel;
  readonly dataset: Dataset;
  readonly samples: RoundSamples;
  readonly counts: StepCounts;
  /** Told what is trained on from now on. */
  readonly onTaken: (taken: Taken) => void;
}

/** @param state any state of the run, to begin with. */
export async function prepareRounds(
  device: Device,
  { config, model, dataset, samples, counts, onTaken }: SelfTraining,
  state: HostTensors,
  context: JobContext,
): Promise<Rounds> {
  const { imageSize } = config.data;
  const definition = createPredictionStep(model, imageSize, inferenceBatch(imageSize), config.data);
  const predictor = await RowStep.prepare(device, definition, 'logits', averagedState(definition, state));
  const { unlabelled, confidence, sharePerRound } = samples;
  const frequencies = frequenciesOf(
    Array.from(samples.labelled, (image) => dataset.labels![image]),
    dataset.classes!.length,
  );
  const roundOf = (step: number) => Math.floor(step / samples.roundSteps(counts.stepsPerEpoch));
  return {
    isDue: (step, taken) => roundOf(step) > taken.round,
    begin: async (current, step) => {
      const { channel } = context;
      const round = roundOf(step);
      const epoch = step / counts.stepsPerEpoch;
      const onImages = reportProgress('evaluating', unlabelled.length, context, {
        epoch,
        epochs: counts.lastStep / counts.stepsPerEpoch,
      });
      await predictor.load(averagedState(definition, current));
      const scores = await predictor.all(dataset, unlabelled, context, onImages);
      const share = Math.min(1, round * sharePerRound);
      const taken = { round, ...takeSurest(scores, unlabelled, { confidence, share, frequencies }) };
      onTaken(taken);

      const right = shareRight(taken, dataset.labels ?? []);
      const judged =
        right === null ? '' : ` ${(100 * right).toFixed(1)} % of those whose class is known are right.`;
      channel.event(
        'pseudo-labels',
        `Round ${round}: ${taken.images.length} of ${unlabelled.length} unlabelled images are taken.${judged}`,
        { step, epoch, round, taken: taken.images.length, unlabelled: unlabelled.length, right },
      );
      const values = {
        pseudoLabels: taken.images.length,
        ...(right !== null && { pseudoLabelAccuracy: right }),
      };
      const time = Date.now();
      channel.metrics(Object.entries(values).map(([name, value]) => ({ name, step, epoch, time, value })));
      return taken;
    },
    dispose: () => predictor.dispose(),
  };
}
