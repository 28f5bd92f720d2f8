/** A run's training step: what the engine compiles, what it starts from, what it is fed, what it reports. */
import { sizeOf, type HostTensors, type StepDefinition } from '../../engine';
import type { MethodModel } from '../method';
import { trainingGraph } from './graph';
import { batchInputs, inputSpecs, scheduled, type TrainingBatch } from './inputs';
import { createPictureStep, type PictureStep } from './picture-step';
import { planTraining, stateSpecs, type PlanOptions } from './plan';
import { generationOf, initialState, under } from './state';

export interface TrainingStep {
  readonly definition: StepDefinition;
  readonly model: MethodModel;
  /** Numbers that are trained: frozen parts and running statistics are not. */
  readonly trainedSize: number;
  /** Images that a step sees. */
  readonly imagesPerStep: number;
  /** The state before the first step; the same for the same configuration. */
  initialState(): HostTensors;
  /** Everything a step is fed with. */
  inputs(batch: TrainingBatch): HostTensors;
  /** What the method shows of itself on `images` images; null where it shows nothing. */
  pictures(images: number): PictureStep | null;
  /** The numbers of a step from its outputs. */
  report(outputs: HostTensors): StepReport;
  /** What is set by schedule at a step, by name, for the chart: `learningRate` and the method's own. */
  scheduled(step: number): Record<string, number>;
}

/** What one step says of itself. */
export interface StepReport {
  readonly loss: number;
  /** Euclidean norm of all gradients before clipping; where steps share an update, of their mean so far. */
  readonly gradNorm: number;
  /** Mean over dimensions of the standard deviation over the batch of L2-normalized embeddings. */
  readonly embeddingStd: number;
  /** `embeddingStd` times sqrt(d): about 1 is healthy, 0 is collapsed. */
  readonly embeddingSpread: number;
  /** The method's own, by name. */
  readonly metrics: Readonly<Record<string, number>>;
  /** False where loss or gradients are infinite or not numbers: the weights after this step are lost. */
  readonly finite: boolean;
}

/** @throws UserError where method, data and settings do not fit each other. */
export function createTrainingStep(options: PlanOptions): TrainingStep {
  const plan = planTraining(options);
  return {
    definition: {
      name: `${options.method.id} training step`,
      state: stateSpecs(plan),
      inputs: inputSpecs(plan),
      step: trainingGraph(plan),
    },
    model: plan.model,
    trainedSize: Object.values(plan.trained).reduce((sum, { shape }) => sum + sizeOf(shape), 0),
    imagesPerStep: plan.imagesPerStep,
    initialState: () =>
      initialState(plan.model.parts, stateSpecs(plan), options.config.seed, generationOf(options.config)),
    inputs: (batch) => batchInputs(plan, batch),
    pictures: (images) => createPictureStep(plan, images),
    report,
    scheduled: (step) => scheduled(plan, step),
  };
}

function report(outputs: HostTensors): StepReport {
  const number = (name: string) => outputs[name].data[0];
  const [loss, gradNorm] = [number('loss'), number('gradNorm')];
  const metrics = Object.entries(under('metric/', outputs)).map(([name, { data }]) => [name, data[0]]);
  return {
    loss,
    gradNorm,
    embeddingStd: number('embeddingStd'),
    embeddingSpread: number('embeddingSpread'),
    metrics: Object.fromEntries(metrics) as Record<string, number>,
    finite: Number.isFinite(loss) && Number.isFinite(gradNorm),
  };
}
