/** The training step as one function of tensors: views, loss, gradients, and the next weights. */
import * as tf from '@tensorflow/tfjs-core';
import { scope, valueAndGradients, type StepFunction, type TensorMap } from '../../engine';
import { l2Normalize } from '../l2-normalize';
import type { PartWeights } from '../method';
import { Weights } from '../module';
import { rgbMaps } from '../rgb';
import { applyViews } from '../views';
import { viewName } from './inputs';
import { isFrozen, type Plan } from './plan';
import { prefixed, under } from './state';
import { accumulate, average, choose, clip, clipEach, globalNorm, optimize } from './update';

export function trainingGraph(plan: Plan): StepFunction {
  const { config, method, model } = plan;

  /** Loss and gradients; the next values of buffers, metrics and embeddings beside them. */
  const differentiate = (state: TensorMap, inputs: TensorMap) => {
    const views = makeViews(plan, inputs);
    const labels = method.needsLabels ? { labels: inputs.labels } : {};
    const positions = method.needsPositions ? { positions: inputs.positions } : {};
    const parameters = pick(state, Object.keys(plan.trained));
    return valueAndGradients(parameters, () => {
      const buffers: TensorMap = {};
      const result = model.loss({
        weights: weightsOf(
          Object.keys(model.parts),
          (part) => new Weights(state, !isFrozen(config, part), buffers, `${part}/`),
        ),
        teacher: teacherWeights(plan, state, true, buffers),
        views,
        rgb: rgbMaps(config.data),
        ...labels,
        ...positions,
        draws: under('draw/', inputs),
        scalars: under('schedule/', inputs),
      });
      const metrics = prefixed('metric/', result.metrics);
      return {
        loss: result.loss,
        aux: { ...prefixed('buffer/', buffers), ...metrics, embedding: result.embedding },
      };
    });
  };

  return (state, inputs) => {
    const { loss, aux, gradients } = differentiate(state, inputs);
    const { norm, next } = scope('update', () => advance(plan, state, inputs, gradients));
    const current = { ...state, ...next, ...under('buffer/', aux) };
    return {
      state: {
        ...current,
        ...scope('ema', () => ({
          ...nextAverages(plan, state, inputs, current),
          ...nextTeacher(plan, state, inputs, current),
        })),
      },
      outputs: {
        loss,
        gradNorm: norm,
        ...scope('monitor', () => spread(aux.embedding)),
        ...prefixed('metric/', under('metric/', aux)),
      },
    };
  };
}

/** The views of the images of a step, by its recipes. */
export function makeViews({ config, recipes }: Plan, inputs: TensorMap): tf.Tensor[] {
  const { mean, std } = config.data;
  const images = tf.mul(inputs.images, 1 / 255);
  return recipes.map((recipe, i) =>
    scope(viewName(i), () => applyViews(images, inputs[viewName(i)], recipe, mean, std)),
  );
}

/** Of the averaged copies and of the parts that never move. */
export function teacherWeights(
  { model, teacherPrefix }: Plan,
  state: TensorMap,
  training: boolean,
  buffers: TensorMap,
): PartWeights {
  return {
    ...weightsOf(
      model.teacher?.parts ?? [],
      (part) => new Weights(state, training, buffers, `${teacherPrefix}${part}/`),
    ),
    ...weightsOf(Object.keys(model.fixed ?? {}), (part) => new Weights(state, false, {}, `fixed/${part}/`)),
  };
}

const weightsOf = (parts: readonly string[], make: (part: string) => Weights): PartWeights =>
  Object.fromEntries(parts.map((part) => [part, make(part)]));

/** The next weights and slots, and where steps share an update, the sums of their gradients. */
function advance(
  { config, optimizer, trained }: Plan,
  state: TensorMap,
  inputs: TensorMap,
  gradients: TensorMap,
) {
  const { clipNorm } = config;
  const update = (all: TensorMap) => {
    const norm = globalNorm(all);
    const shortened =
      clipNorm === null ? all : config.clipEach ? clipEach(all, clipNorm) : clip(all, norm, clipNorm);
    return { norm, next: optimize(optimizer, trained, state, shortened, under('optimizer/', inputs)) };
  };
  if (config.accumulate === 1) return update(gradients);

  const sums = accumulate(under('accumulated/', state), gradients, inputs.carry, config.accumulate);
  const { norm, next } = update(sums);
  return { norm, next: { ...choose(inputs.apply, next, state), ...prefixed('accumulated/', sums) } };
}

/** Nothing where the run keeps no averaged copy. */
function nextAverages({ config }: Plan, state: TensorMap, inputs: TensorMap, current: TensorMap): TensorMap {
  if (config.ema === null) return {};
  const averages = prefixed('ema/', average(under('ema/', state), current, config.ema));
  return config.accumulate === 1 ? averages : choose(inputs.apply, averages, state);
}

/** Nothing where the method has no teacher. Its running statistics are its own, not averages. */
function nextTeacher(
  { config, taught, teacherPrefix }: Plan,
  state: TensorMap,
  inputs: TensorMap,
  current: TensorMap,
): TensorMap {
  const names = Object.keys(taught).filter((name) => taught[name].role !== 'buffer');
  if (names.length === 0) return {};
  const averages = average(
    pick(under(teacherPrefix, state), names),
    current,
    inputs['schedule/teacherMomentum'],
  );
  const next = prefixed(teacherPrefix, averages);
  return config.accumulate === 1 ? next : choose(inputs.apply, next, state);
}

/**
 * How far a batch of embeddings is from collapse: the standard deviation over the batch of L2-normalized
 * embeddings, mean over their d dimensions. 0 is collapse; independent directions give 1 / sqrt(d)
 * (Chen & He 2021, arXiv 2011.10566, section 4.1). `embeddingSpread` is that times sqrt(d).
 */
function spread(embedding: tf.Tensor): { embeddingStd: tf.Tensor; embeddingSpread: tf.Tensor } {
  const unit = l2Normalize(embedding);
  const centred = tf.sub(unit, tf.mean(unit, 0, true));
  const embeddingStd = tf.mean(tf.sqrt(tf.mean(tf.square(centred), 0)));
  return { embeddingStd, embeddingSpread: tf.mul(embeddingStd, Math.sqrt(embedding.shape[1]!)) };
}

const pick = (tensors: TensorMap, names: readonly string[]): TensorMap =>
  Object.fromEntries(names.map((name) => [name, tensors[name]]));
