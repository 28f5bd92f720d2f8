/** What a training step is fed with: images, the draws of its views, labels, and the numbers of the moment. */
import { sizeOf, type HostTensor, type HostTensors, type TensorSpec, type TensorSpecs } from '../../engine';
import { random } from '../../shared/random';
import type { Draw, Progress } from '../method';
import { learningRate } from '../schedules';
import { sampleViews, VIEW_PARAMETER_COUNT } from '../views';
import type { Plan } from './plan';
import { prefixed, scalar } from './state';

/** The images of one step. */
export interface TrainingBatch {
  /** [imagesPerStep, imageSize, imageSize, 3], RGB; imagesPerStep is batchSize times the images of a sample. */
  readonly images: Uint8Array;
  /**
   * Each image's number: its views are drawn by (seed, epoch, number), whatever the batch. That in the data set, but
   * where an image comes several times in an epoch, or several share their draws.
   */
  readonly indices: ArrayLike<number>;
  /** [batchSize]: the samples' numbers, by which the method's own draws are drawn; `indices` where left out. */
  readonly samples?: ArrayLike<number>;
  /** [imagesPerStep], -1 where there is none; only read where the method needs labels. */
  readonly labels?: ArrayLike<number>;
  /** [batchSize], each image's place among the training images; only read where the method needs it. */
  readonly positions?: ArrayLike<number>;
  /** Steps done before this one. */
  readonly step: number;
}

export function batchInputs(plan: Plan, batch: TrainingBatch): HostTensors {
  const { images, indices, samples = indices, labels, positions, step } = batch;
  const { config, method, recipes, imagesPerStep } = plan;
  const { batchSize, seed, data } = config;
  const epoch = Math.floor(step / plan.stepsPerEpoch);
  const inputs: HostTensors = {
    images: {
      shape: [imagesPerStep, data.imageSize, data.imageSize, 3],
      dtype: 'float32',
      data: new Float32Array(images),
    },
  };
  for (const [view, recipe] of recipes.entries())
    inputs[viewName(view)] = {
      shape: [imagesPerStep, VIEW_PARAMETER_COUNT],
      dtype: 'float32',
      data: sampleViews(recipe, data.imageSize, { seed, epoch, images: indices, view }),
    };
  for (const [number, [name, draw]] of Object.entries(plan.model.draws ?? {}).entries())
    inputs[`draw/${name}`] = drawn(draw, { seed, epoch, images: samples, number });
  if (method.needsLabels) {
    if (!labels) throw new Error(`${method.id}: a batch without labels`);
    inputs.labels = { shape: [imagesPerStep], dtype: 'int32', data: Int32Array.from(labels) };
  }
  if (method.needsPositions) {
    if (!positions) throw new Error(`${method.id}: a batch without positions`);
    inputs.positions = { shape: [batchSize], dtype: 'int32', data: Int32Array.from(positions) };
  }
  for (const [name, value] of Object.entries(scalars(plan, step))) inputs[name] = scalar(value);
  return inputs;
}

/** Names, shapes and types of `batchInputs`. */
export function inputSpecs(plan: Plan): TensorSpecs {
  const { imagesPerStep } = plan;
  const { batchSize, data } = plan.config;
  const side = data.imageSize;
  const blank = {
    images: new Uint8Array(imagesPerStep * side * side * 3),
    indices: new Uint32Array(imagesPerStep),
    samples: new Uint32Array(batchSize),
    labels: new Int32Array(imagesPerStep),
    positions: new Int32Array(batchSize),
    step: 0,
  };
  const specs = Object.entries(batchInputs(plan, blank));
  return Object.fromEntries(
    specs.map(([name, { shape, dtype }]): [string, TensorSpec] => [name, { shape, dtype }]),
  );
}

interface DrawPlace {
  readonly seed: number;
  readonly epoch: number;
  /** Number of each sample of the batch. */
  readonly images: ArrayLike<number>;
  /** Which of the method's draws this is. */
  readonly number: number;
}

/** [batch, ...shape]; each image's own by (seed, epoch, image, number). */
function drawn({ shape, dtype, draw }: Draw, { seed, epoch, images, number }: DrawPlace): HostTensor {
  const size = sizeOf(shape);
  const data = new (dtype === 'int32' ? Int32Array : Float32Array)(images.length * size);
  for (let i = 0; i < images.length; i++) {
    const row = draw(random(seed, 'method', epoch, images[i], number));
    if (row.length !== size) throw new Error(`A draw of ${row.length} numbers, its shape has ${size}`);
    data.set(row, i * size);
  }
  return { shape: [images.length, ...shape], dtype, data };
}

/** The draws of a view recipe. */
export const viewName = (view: number): string => `view${view}`;

/** What a step takes from schedules, by name: `learningRate` and the method's own. */
export function scheduled({ config, model, totalSteps, stepsPerEpoch }: Plan, step: number) {
  const progress: Progress = { step, totalSteps, stepsPerEpoch };
  const own = Object.entries(model.schedules).map(([name, at]) => [name, at(progress)] as const);
  return {
    ...Object.fromEntries(own),
    ...(model.teacher && { teacherMomentum: model.teacher.momentum(progress) }),
    learningRate: learningRate(config.schedule, config.learningRate, progress),
  };
}

/** Of the steps that share an update, the first does not `carry` the sum before it, and the last does `apply`. */
function scalars(plan: Plan, step: number): Record<string, number> {
  const { config, optimizer } = plan;
  const { learningRate: rate, ...own } = scheduled(plan, step);
  const place = step % config.accumulate;
  return {
    ...prefixed(
      'optimizer/',
      optimizer.scalars(rate, Math.floor(step / config.accumulate), step / plan.totalSteps),
    ),
    ...prefixed('schedule/', own),
    ...(config.accumulate > 1 && {
      carry: place === 0 ? 0 : 1,
      apply: place === config.accumulate - 1 ? 1 : 0,
    }),
  };
}
