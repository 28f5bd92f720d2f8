/** The training step as one function of tensors: views, loss, gradients, and the next weights. */
import * as tf from '@tensorflow/tfjs-core';
import { scope, valueAndGradients, type StepFunction, type TensorMap } from '../../engine';
import { l2Normalize } from '../l2-normalize';
import { Weights } from '../module';
import { applyViews } from '../views';
import { viewName } from './inputs';
import { isFrozen, type Plan } from './plan';
import { prefixed, under } from './state';
import { accumulate, average, choose, clip, globalNorm, optimize } from './update';

export function trainingGraph(plan: Plan): StepFunction {
  const { config, method, model } = plan;

  const makeViews = (inputs: TensorMap): tf.Tensor[] => {
    const { mean, std } = config.data;
    const images = tf.mul(inputs.images, 1 / 255);
    return plan.recipes.map((recipe, i) =>
      scope(viewName(i), () => applyViews(images, inputs[viewName(i)], recipe, mean, std)),
    );
  };

  /** Loss and gradients; the next values of buffers, metrics and embeddings beside them. */
  const differentiate = (state: TensorMap, inputs: TensorMap) => {
    const views = makeViews(inputs);
    const labels = method.needsLabels ? { labels: inputs.labels } : {};
    const parameters = pick(state, Object.keys(plan.trained));
    return valueAndGradients(parameters, () => {
      const buffers: TensorMap = {};
      const weights = Object.fromEntries(
        Object.keys(model.parts).map((part) => [
          part,
          new Weights(state, !isFrozen(config, part), buffers, `${part}/`),
        ]),
      );
      const result = model.loss(weights, { views, ...labels }, under('schedule/', inputs));
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
    const buffers = under('buffer/', aux);
    const current = { ...state, ...next, ...buffers };
    return {
      state: { ...current, ...scope('ema', () => nextAverages(plan, state, inputs, current)) },
      outputs: {
        loss,
        gradNorm: norm,
        ...scope('monitor', () => spread(aux.embedding)),
        ...prefixed('metric/', under('metric/', aux)),
      },
    };
  };
}

/** The next weights and slots, and where steps share an update, the sums of their gradients. */
function advance(
  { config, optimizer, trained }: Plan,
  state: TensorMap,
  inputs: TensorMap,
  gradients: TensorMap,
) {
  const update = (all: TensorMap) => {
    const norm = globalNorm(all);
    const shortened = config.clipNorm === null ? all : clip(all, norm, config.clipNorm);
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
  const averages = average(state, current, config.ema);
  return config.accumulate === 1 ? averages : choose(inputs.apply, averages, state);
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
