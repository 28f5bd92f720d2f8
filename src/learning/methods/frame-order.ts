/** Frame order: in which order were shuffled frames of a sequence taken? Lee et al. 2017 (OPN), arXiv 1708.01246. */
import * as tf from '@tensorflow/tfjs-core';
import * as z from 'zod';
import { linearHead } from '../heads';
import { batchNorm } from '../layers/batch-norm';
import { linear } from '../layers/linear';
import { sequential } from '../layers/sequential';
import type { Method } from '../method';
import { viewRecipeSchema } from '../views/recipe';
import { accuracyOf } from './classification';
import { allPermutations } from './distant-permutations';
import { crossEntropy } from '../cross-entropy';

const probability = z.number().min(0).max(1);

const optionsSchema = z.strictObject({
  frames: z
    .union([z.literal(3), z.literal(4)])
    .default(4)
    .describe('Frames that are put in order: 3 have 3 orders, 4 have 12, up to reversal')
    .meta({ unit: 'frames' }),
  stride: z
    .int()
    .min(1)
    .max(1000)
    .default(4)
    .describe('Largest distance of neighbouring frames in their sequence, drawn anew in every epoch')
    .meta({ unit: 'frames' }),
  hidden: z.int().min(1).max(8192).default(512).describe('Width of what is made of each pair of frames'),
  cropScale: z
    .tuple([z.number().min(0.01).max(1), z.number().min(0.01).max(1)])
    .refine(([low, high]) => low <= high, 'the first must not be above the second')
    .default([0.5, 1])
    .describe('Share of the image area that a random crop takes, the same of all frames of a sample'),
  flip: probability.default(0.5).describe('Probability of a horizontal flip, of all frames of a sample'),
  grayscale: probability
    .default(0.5)
    .describe('Probability of a sample without colour: fading colours would give the order away'),
});
export type FrameOrderOptions = z.infer<typeof optionsSchema>;

export const frameOrder: Method<FrameOrderOptions> = {
  id: 'frame-order',
  title: 'Frame order',
  summary: 'Puts shuffled frames of a sequence in order; the sub-folders of the data are the sequences.',
  paper: {
    title: 'Unsupervised Representation Learning by Sorting Sequences',
    url: 'https://arxiv.org/abs/1708.01246',
  },
  options: optionsSchema,
  needsLabels: false,
  sampling: ({ frames, stride }) => ({ kind: 'sequence', frames, stride }),

  views: ({ cropScale, flip, grayscale }, imageSize) => [
    viewRecipeSchema.parse({ size: imageSize, crop: { scale: cropScale }, flip, grayscale }),
  ],

  build({ options: { frames, hidden }, encoder, batchSize }) {
    const { orders, classes, count } = ordersOf(frames);
    const pairs = pairsOf(frames);
    const size = encoder.featureSize;
    const pair = sequential({
      0: linear(2 * size, hidden, { bias: false }),
      1: batchNorm(hidden, { relu: true }),
    });
    const head = linearHead(pairs.length * hidden, count);
    // For each order, what puts the frames' vectors into it.
    const matrices = orders.map((order) => order.map((place) => oneHot(place, frames)));
    return {
      parts: { encoder: encoder.parameters, pair: pair.parameters, head: head.parameters },
      draws: { order: { shape: [], dtype: 'int32', draw: (source) => [source.integer(orders.length)] } },
      schedules: {},
      loss({ weights, views: [images], draws: { order } }) {
        const embedding = encoder.apply(weights.encoder, images);
        const taken = tf.reshape(embedding, [batchSize, frames, size]);
        const shuffle = tf.gather(tf.tensor(matrices), order);
        // Frames do not see each other in the encoder, so their vectors are shuffled in their place.
        const shown = tf
          .split(tf.matMul(shuffle, taken), frames, 1)
          .map((frame) => tf.reshape(frame, [batchSize, size]));
        const joined = tf.concat(
          pairs.flatMap(([i, j]) => [shown[i], shown[j]]),
          1,
        );
        const perPair = pair.apply(weights.pair, tf.reshape(joined, [-1, 2 * size]));
        const logits = head.apply(weights.head, tf.reshape(perPair, [batchSize, -1]));
        const labels = tf.gather(tf.tensor1d(classes, 'int32'), order);
        return {
          loss: crossEntropy(logits, labels),
          metrics: { orderAccuracy: accuracyOf(logits, labels) },
          embedding,
        };
      },
      chanceLoss: Math.log(count),
    };
  },
};

/**
 * All orders of the frames, and the class of each: an order and its reversal are one class, since much of what moves may
 * as well move backwards. `order[i]` is the frame that is shown i-th.
 */
export function ordersOf(frames: number): { orders: number[][]; classes: number[]; count: number } {
  const orders = allPermutations(frames);
  const forwards = orders.filter((order) => order[0] < order[frames - 1]).map(String);
  const classes = orders.map((order) => {
    const reversed = order.toReversed();
    return Math.max(forwards.indexOf(String(order)), forwards.indexOf(String(reversed)));
  });
  return { orders, classes, count: forwards.length };
}

const pairsOf = (frames: number): [number, number][] =>
  Array.from({ length: frames }, (_, i) => i).flatMap((i) =>
    Array.from({ length: frames - 1 - i }, (_, k): [number, number] => [i, i + 1 + k]),
  );

const oneHot = (place: number, length: number): number[] =>
  Array.from({ length }, (_, i) => (i === place ? 1 : 0));
