/** Rotation prediction: by how many quarters was the image turned? Gidaris et al. 2018, arXiv 1803.07728. */
import * as z from 'zod';
import { linearHead } from '../heads';
import type { Method } from '../method';
import { accuracyOf } from './classification';
import { allTurns, turnLabels, TURNS } from './rotations';
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
      chanceLoss: Math.log(TURNS),
    };
  },
};
