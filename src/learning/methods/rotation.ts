/** Rotation prediction: by how many quarters was the image turned? Gidaris et al. 2018, arXiv 1803.07728. */
import * as tf from '@tensorflow/tfjs-core';
import * as z from 'zod';
import { linearHead } from '../heads';
import type { Method } from '../method';
import { accuracyOf } from './classification';
import { allTurns, turnedBy, turnLabels, TURNS } from './rotations';
import { crossEntropy } from '../cross-entropy';
import { shiftAndFlip, shiftAndFlipOptions } from './shift-and-flip';

const optionsSchema = z.strictObject(shiftAndFlipOptions);
export type RotationOptions = z.infer<typeof optionsSchema>;

export const rotation: Method<RotationOptions> = {
  id: 'rotation',
  title: 'Rotation prediction',
  summary: 'Tells by how many quarters an image was turned: to know which way is up, know what is shown.',
  paper: {
    title: 'Unsupervised Representation Learning by Predicting Image Rotations',
    url: 'https://arxiv.org/abs/1803.07728',
  },
  options: optionsSchema,
  needsLabels: false,

  views: (options, imageSize) => [shiftAndFlip(options, imageSize)],

  build({ encoder, batchSize }) {
    const head = linearHead(encoder.featureSize, TURNS);
    return {
      parts: { encoder: encoder.parameters, head: head.parameters },
      schedules: {},
      /** Equation 2: every image in all four turns. */
      loss({ weights, views: [images] }) {
        const embedding = encoder.apply(weights.encoder, allTurns(images));
        const logits = head.apply(weights.head, embedding);
        const labels = turnLabels(batchSize);
        return {
          loss: crossEntropy(logits, labels),
          metrics: { rotationAccuracy: accuracyOf(logits, labels) },
          embedding,
        };
      },
      /** The first image turned once, the second twice, ..., and each as the guess turns it back. */
      pictures({ weights, views: [images], rgb }) {
        const turned = turnedBy(images, tf.range(0, images.shape[0], 1, 'int32'));
        const logits = head.apply(weights.head, encoder.apply(weights.encoder, turned));
        const back = tf.sub(tf.scalar(TURNS, 'int32'), tf.argMax(logits, 1));
        return { 'what it sees': rgb.toRgb(turned), 'turned back': rgb.toRgb(turnedBy(turned, back)) };
      },
      chanceLoss: Math.log(TURNS),
    };
  },
};
