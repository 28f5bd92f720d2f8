/** FixMatch: what the network is sure of on a weak view, it learns on a strong one. Sohn et al. 2020, arXiv 2001.07685. */
import * as tf from '@tensorflow/tfjs-core';
import * as z from 'zod';
import { stopGradient } from '../../engine';
import { UserError } from '../../shared/errors';
import { linearHead } from '../heads';
import type { Method } from '../method';
import { accuracyOf } from './classification';
import { crossEntropy } from '../cross-entropy';
import { shiftAndFlip } from './shift-and-flip';
import { STRONG, strongView, strongViewOptions } from './strong-view';

const probability = z.number().min(0).max(1);

const optionsSchema = z.strictObject({
  unlabelled: z
    .int()
    .min(1)
    .max(64)
    .default(7)
    .describe('Unlabelled images for each labelled one of a step')
    .meta({ unit: 'images' }),
  confidence: probability.default(0.95).describe('Least probability at which a prediction becomes a label'),
  unlabelledWeight: z.number().min(0).max(1000).default(1).describe('Weight of the unlabelled images’ loss'),
  padCrop: z
    .int()
    .min(0)
    .max(64)
    .default(4)
    .describe('Random shift of at most this, with zeros moving in, of both views')
    .meta({ unit: 'px' }),
  flip: probability.default(0.5).describe('Probability of a horizontal flip, of both views'),
  strong: strongViewOptions(STRONG).prefault({}),
});
export type FixmatchOptions = z.infer<typeof optionsSchema>;

export const fixmatch: Method<FixmatchOptions> = {
  id: 'fixmatch',
  title: 'FixMatch',
  summary:
    'Few labels and many images: predictions on weakly distorted images become labels of strongly distorted ones.',
  paper: {
    title: 'FixMatch: Simplifying Semi-Supervised Learning with Consistency and Confidence',
    url: 'https://arxiv.org/abs/2001.07685',
  },
  options: optionsSchema,
  needsLabels: true,
  sampling: ({ unlabelled }) => ({ kind: 'mixed', unlabelled }),

  views: ({ padCrop, flip, strong }, imageSize) => [
    { ...shiftAndFlip({ padCrop, flip }, imageSize), name: 'Weak' },
    { ...strongView({ padCrop, flip }, strong, imageSize), name: 'Strong' },
  ],

  build({ options, encoder, classes, batchSize }) {
    if (!classes || classes.length < 2)
      throw new UserError(
        `FixMatch needs images of at least 2 classes, found ${classes?.length ?? 'no classes'}`,
        'Put labelled images into one sub-folder a class, and unlabelled ones beside these.',
      );
    const head = linearHead(encoder.featureSize, classes.length);
    const parts = [batchSize, batchSize * options.unlabelled];
    return {
      parts: { encoder: encoder.parameters, head: head.parameters },
      schedules: {},
      loss({ weights, views: [weak, strong], labels }) {
        const [labelled, unlabelled] = tf.split(weak, parts);
        const [, distorted] = tf.split(strong, parts);
        const [known, hidden] = tf.split(labels!, parts);
        // One pass, so that batch normalization has the statistics of all of them.
        const embedding = encoder.apply(weights.encoder, tf.concat([labelled, unlabelled, distorted], 0));
        const scores = head.apply(weights.head, embedding);
        const [ofLabelled, ofUnlabelled, ofDistorted] = tf.split(scores, [...parts, parts[1]]);

        const guess = pseudoLabels(stopGradient(ofUnlabelled), options.confidence);
        const unlabelledLoss = maskedCrossEntropy(ofDistorted, guess);
        const loss = tf.add(
          crossEntropy(ofLabelled, known),
          tf.mul(unlabelledLoss, options.unlabelledWeight),
        );
        return {
          loss,
          metrics: {
            accuracy: accuracyOf(ofLabelled, known),
            maskRate: tf.mean(guess.mask),
            pseudoLabelAccuracy: shareRight(guess, hidden),
            unlabelledLoss,
          },
          embedding,
        };
      },
      pictures({ weights, views: [weak, strong], rgb }) {
        const scores = head.apply(weights.head, encoder.apply(weights.encoder, weak));
        const { mask } = pseudoLabels(scores, options.confidence);
        return {
          weak: rgb.toRgb(weak),
          strong: rgb.toRgb(strong),
          'learned from, the unsure left dark': tf.mul(rgb.toRgb(strong), tf.reshape(mask, [-1, 1, 1, 1])),
        };
      },
      predict: (weights, images) => head.apply(weights.head, encoder.apply(weights.encoder, images)),
      chanceLoss: Math.log(classes.length),
    };
  },
};

interface Guess {
  /** [n], int32: the likeliest class. */
  readonly labels: tf.Tensor;
  /** [n]: 1 where it is likely enough. */
  readonly mask: tf.Tensor;
}

function pseudoLabels(scores: tf.Tensor, confidence: number): Guess {
  const likeliest = tf.max(tf.softmax(scores), 1);
  return {
    labels: tf.argMax(scores, 1),
    mask: tf.cast(tf.greaterEqual(likeliest, confidence), 'float32'),
  };
}

/** Equation 4: the mean over all rows of the cross-entropy of those that count. */
function maskedCrossEntropy(scores: tf.Tensor, { labels, mask }: Guess): tf.Tensor {
  const target = tf.oneHot(labels, scores.shape[1]!);
  const entropy = tf.neg(tf.sum(tf.mul(tf.logSoftmax(scores), target), 1));
  return tf.mean(tf.mul(entropy, mask));
}

/** Of the guesses that count, of images whose class is known: the share that is right; 0 where there are none. */
function shareRight({ labels, mask }: Guess, truth: tf.Tensor): tf.Tensor {
  const judged = tf.mul(mask, tf.cast(tf.greaterEqual(truth, 0), 'float32'));
  const right = tf.mul(judged, tf.cast(tf.equal(labels, truth), 'float32'));
  return tf.div(tf.sum(right), tf.maximum(tf.sum(judged), 1));
}
