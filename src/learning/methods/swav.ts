/** SwAV: from one view, predicts the code that the other gets when a batch is spread evenly over prototypes. Caron et al. 2020, arXiv 2006.09882. */
import * as tf from '@tensorflow/tfjs-core';
import * as z from 'zod';
import { stopGradient } from '../../engine';
import { UserError } from '../../shared/errors';
import { mlpHead } from '../heads';
import { l2Normalize } from '../l2-normalize';
import { constant, parameter } from '../layers/initializers';
import { prototypes } from '../layers/prototypes';
import type { Method } from '../method';
import type { Parameters, Weights } from '../module';
import { encodeBySize, GLOBALS, multiCrop, multiCropOptions, requireWholePatches } from './multi-crop';
import { crossEntropyOfViews, entropy } from './self-distillation';
import { sinkhorn } from './sinkhorn';

const width = z.int().min(1).max(16_384);

const optionsSchema = z.strictObject({
  prototypes: z.int().min(2).max(65_536).default(3000).describe('Number of prototypes, K'),
  temperature: z
    .number()
    .min(0.01)
    .max(2)
    .default(0.1)
    .describe('Divides the cosines that are predicted from'),
  epsilon: z
    .number()
    .min(0.025)
    .max(1)
    .default(0.05)
    .describe('Divides the cosines that codes are made from: lower it where the loss stays at ln K'),
  iterations: z.int().min(1).max(20).default(3).describe('Rounds of Sinkhorn’s algorithm'),
  freezeEpochs: z
    .number()
    .min(0)
    .default(1)
    .describe('How long the prototypes stay as they began')
    .meta({ unit: 'epochs' }),
  queue: z
    .strictObject({
      length: z
        .int()
        .min(0)
        .max(65_536)
        .default(0)
        .describe('Vectors of former batches among which codes are spread, for small batches; 0 keeps none'),
      startEpoch: z.number().min(0).default(15).describe('From when they are used').meta({ unit: 'epochs' }),
    })
    .prefault({}),
  projector: z
    .strictObject({
      hidden: width.default(2048).describe('Width of the hidden layer'),
      out: width.min(2).default(128).describe('Length of the vectors that are compared with prototypes'),
    })
    .prefault({}),
  views: multiCropOptions({
    globalScale: [0.14, 1],
    locals: 6,
    localScale: [0.05, 0.14],
    jitter: [0.8, 0.8, 0.8, 0.2],
    solarize: [0, 0, 0],
  }).prefault({}),
});
export type SwavOptions = z.infer<typeof optionsSchema>;

export const swav: Method<SwavOptions> = {
  id: 'swav',
  title: 'SwAV',
  summary: 'Sorts the images of a batch evenly into unnamed classes, and predicts one view’s from another.',
  paper: {
    title: 'Unsupervised Learning of Visual Features by Contrasting Cluster Assignments',
    url: 'https://arxiv.org/abs/2006.09882',
  },
  options: optionsSchema,
  needsLabels: false,

  views: ({ views }, imageSize) => multiCrop(views, imageSize),

  build({ options, encoder, batchSize }) {
    const { temperature, projector: head, queue } = options;
    if (queue.length > 0 && queue.length < batchSize)
      throw new UserError(
        `options.queue.length is ${queue.length}, less than a batch of ${batchSize}`,
        'Set it to a multiple of batchSize, such as 15 times as many, or to 0.',
      );
    requireWholePatches(options.views, encoder);
    const projector = mlpHead({ sizes: [encoder.featureSize, head.hidden, head.out], batchNorm: true });
    const lastLayer = prototypes(head.out, options.prototypes);
    return {
      parts: {
        encoder: encoder.parameters,
        projector: projector.parameters,
        prototypes: lastLayer.parameters,
        ...(queue.length > 0 && { queue: queueParameters(queue.length, head.out) }),
      },
      schedules: {
        prototypesTrain: ({ step, stepsPerEpoch }) => (step < options.freezeEpochs * stepsPerEpoch ? 0 : 1),
        ...(queue.length > 0 && {
          queueUsed: ({ step, stepsPerEpoch }) =>
            step < queue.startEpoch * stepsPerEpoch || step * batchSize < queue.length ? 0 : 1,
        }),
      },
      loss({ weights, views, scalars: { prototypesTrain: trains, queueUsed } }) {
        const h = encodeBySize(views, (images) => encoder.apply(weights.encoder, images));
        const z = l2Normalize(projector.apply(weights.projector, h));
        const scores = lastLayer.apply(weights.prototypes, { x: z, trains });

        const vectors = tf.split(stopGradient(z), views.length).slice(0, GLOBALS);
        const codes = tf
          .split(stopGradient(scores), views.length)
          .slice(0, GLOBALS)
          .map((own, view) => {
            if (queue.length === 0) return sinkhorn(own, options);
            const former = enqueue(weights.queue, view, vectors[view]);
            const old = lastLayer.apply(weights.prototypes, { x: former, trains });
            return codesBeside(own, stopGradient(old), queueUsed, options);
          });

        const logP = tf.split(tf.logSoftmax(tf.div(scores, temperature)), views.length);
        const loss = crossEntropyOfViews(codes, logP, true);
        const codeEntropy = entropy(tf.concat(codes, 0));
        return {
          loss,
          metrics: { codeEntropy, divergence: tf.sub(loss, codeEntropy) },
          embedding: z,
        };
      },
      chanceLoss: Math.log(options.prototypes),
      collapseAdvice: 'a lower options.epsilon (0.03), prototypes frozen for longer, fewer or milder crops',
    };
  },
};

const queueName = (view: number): string => `view${view}`;

const queueParameters = (length: number, size: number): Parameters =>
  Object.fromEntries(
    Array.from({ length: GLOBALS }, (_, view) => [
      queueName(view),
      parameter([length, size], 'buffer', constant(0)),
    ]),
  );

/** Puts the vectors of a step before the former ones, of which the oldest leave. @returns the former ones. */
function enqueue(queue: Weights, view: number, vectors: tf.Tensor): tf.Tensor {
  const former = queue.get(queueName(view));
  const batch = vectors.shape[0];
  const kept = former.shape[0] - batch;
  const next = kept > 0 ? tf.concat([vectors, tf.split(former, [kept, batch], 0)[0]], 0) : vectors;
  queue.update(queueName(view), next);
  return former;
}

/** Codes of a batch that is spread over the prototypes together with former vectors, where `used` is 1. */
function codesBeside(own: tf.Tensor, former: tf.Tensor, used: tf.Tensor, options: SwavOptions): tf.Tensor {
  const [batch, length] = [own.shape[0], former.shape[0]];
  const counts = tf.concat([tf.ones([batch, 1]), tf.mul(tf.ones([length, 1]), used)], 0);
  const codes = sinkhorn(tf.concat([own, former], 0), options, counts);
  return tf.split(codes, [batch, length], 0)[0];
}
