/** Supervised classification: the baseline that self-supervised methods are measured against, and fine-tuning. */
import * as z from 'zod';
import { UserError } from '../../shared/errors';
import { crossEntropy } from '../cross-entropy';
import { linearHead } from '../heads';
import type { Method } from '../method';
import { accuracyOf } from './classification';
import { shiftAndFlip, shiftAndFlipOptions } from './shift-and-flip';

/** Members of the options of a classifier that learns from labels. */
export const supervisedOptions = {
  labelSmoothing: z
    .number()
    .min(0)
    .max(0.9)
    .default(0)
    .describe('Share of the target that is spread over all classes'),
  ...shiftAndFlipOptions,
};
const optionsSchema = z.strictObject(supervisedOptions);
export type SupervisedOptions = z.infer<typeof optionsSchema>;

export const supervised: Method<SupervisedOptions> = {
  id: 'supervised',
  title: 'Supervised',
  summary:
    'Learns the classes from labels: the baseline, and how a pre-trained encoder becomes a classifier.',
  paper: null,
  options: optionsSchema,
  needsLabels: true,

  views: (options, imageSize) => [shiftAndFlip(options, imageSize)],

  build({ options: { labelSmoothing }, encoder, classes }) {
    if (!classes || classes.length < 2)
      throw new UserError(
        `Supervised training needs images of at least 2 classes, found ${classes?.length ?? 'no classes'}`,
        'Put the images into one sub-folder a class, or choose a method that needs no labels, such as simclr.',
      );
    const head = linearHead(encoder.featureSize, classes.length);
    return {
      parts: { encoder: encoder.parameters, head: head.parameters },
      schedules: {},
      loss({ weights, views: [images], labels }) {
        const embedding = encoder.apply(weights.encoder, images);
        const logits = head.apply(weights.head, embedding);
        return {
          loss: crossEntropy(logits, labels!, labelSmoothing),
          metrics: { accuracy: accuracyOf(logits, labels!) },
          embedding,
        };
      },
      predict: (weights, images) => head.apply(weights.head, encoder.apply(weights.encoder, images)),
      chanceLoss: Math.log(classes.length),
    };
  },
};
