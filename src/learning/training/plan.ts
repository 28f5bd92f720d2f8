/** What a run's training step is made of, settled once: the model, its views, and which weights move. */
import type { TensorSpecs } from '../../engine';
import type { RunConfig } from '../../shared/run-config';
import { UserError } from '../../shared/errors';
import type { Backbone } from '../backbones/backbone';
import type { Method, MethodModel } from '../method';
import type { Parameters } from '../module';
import { createOptimizer, type Optimizer } from '../optimizers';
import { imagesOfSample } from '../sampling';
import type { ViewRecipe } from '../views/recipe';
import { named, prefixed, specsOf } from './state';

export interface PlanOptions {
  readonly config: RunConfig;
  readonly method: Method;
  readonly encoder: Backbone;
  /** Names in label order; null where the data has no labels. */
  readonly classes: readonly string[] | null;
  /** Training images, or samples where one is more than an image. */
  readonly images: number;
  readonly stepsPerEpoch: number;
  readonly totalSteps: number;
}

export interface Plan extends PlanOptions {
  readonly recipes: readonly ViewRecipe[];
  /** Images of a step: `batchSize` samples, each of one or more. */
  readonly imagesPerStep: number;
  readonly model: MethodModel;
  readonly optimizer: Optimizer;
  /** Parameters and buffers of the parts that are not frozen, by their names in the state. */
  readonly moving: Parameters;
  /** Those of them that have gradients. */
  readonly trained: Parameters;
  /** Of the teacher, by the names of what they follow; those that are no buffers are averages. */
  readonly taught: Parameters;
  /** What stands before the names of `taught` in the state. */
  readonly teacherPrefix: 'ema/' | 'target/';
}

export function planTraining(options: PlanOptions): Plan {
  const { config, method, encoder, classes, images } = options;
  const { batchSize } = config;
  const model = method.build({ options: config.options, encoder, classes, batchSize, images });
  if (model.teacher && config.ema !== null)
    throw new UserError(
      `${method.title} keeps an averaged copy of its own, and ema is ${config.ema}`,
      'Leave ema at null; the momentum is among the settings of the method.',
    );
  const parts = Object.entries(model.parts).filter(([part]) => !isFrozen(config, part));
  const moving = named(Object.fromEntries(parts));
  const trained = Object.entries(moving).filter(([, { role }]) => role !== 'buffer');
  return {
    ...options,
    imagesPerStep: batchSize * imagesOfSample(method.sampling?.(config.options)),
    recipes: method.views(config.options, config.data.imageSize),
    model,
    optimizer: createOptimizer(config.optimizer),
    moving,
    trained: Object.fromEntries(trained),
    taught: taughtBy(model),
    teacherPrefix: model.teacher?.evaluated ? 'ema/' : 'target/',
  };
}

/** Everything that is carried from step to step. */
export function stateSpecs(plan: Plan): TensorSpecs {
  const { config, model, optimizer, moving, trained } = plan;
  const weights = specsOf(trained);
  const slots = optimizer.slots.map((slot) => prefixed(`optimizer/${slot}/`, weights));
  return Object.assign(
    specsOf(named(model.parts)),
    ...slots,
    config.accumulate > 1 && prefixed('accumulated/', weights),
    config.ema !== null && prefixed('ema/', specsOf(moving)),
    prefixed(plan.teacherPrefix, specsOf(plan.taught)),
    prefixed('fixed/', specsOf(named(model.fixed ?? {}))),
  ) as TensorSpecs;
}

/** A frozen part is computed as in evaluation and keeps its weights. */
export const isFrozen = (config: RunConfig, part: string): boolean =>
  part === 'encoder' && config.init?.freezeEncoder === true;

function taughtBy({ teacher, parts }: MethodModel): Parameters {
  return named(Object.fromEntries((teacher?.parts ?? []).map((part) => [part, parts[part]])));
}
