/** DINO: a student names small crops of an image as its own moving average names large ones. Caron et al. 2021, arXiv 2104.14294. */
import * as tf from '@tensorflow/tfjs-core';
import * as z from 'zod';
import { UserError } from '../../shared/errors';
import { distillationHead } from '../heads';
import type { Method } from '../method';
import {
  DINO_CROPS,
  encodeBySize,
  GLOBALS,
  multiCrop,
  multiCropOptions,
  requireWholePatches,
} from './multi-crop';
import {
  assignments,
  centreParameter,
  crossEntropyOfViews,
  distillationSchedules,
  distillationShape,
  entropy,
  prototypesOf,
  teacherOf,
} from './self-distillation';

const optionsSchema = z.strictObject({
  ...distillationShape,
  studentCrops: z
    .enum(['all', 'local'])
    .default('all')
    .describe('What the student sees: all crops, or local ones alone, as vit-pytorch’s wrapper'),
  views: multiCropOptions(DINO_CROPS).prefault({}),
});
export type DinoOptions = z.infer<typeof optionsSchema>;

export const dino: Method<DinoOptions> = {
  id: 'dino',
  title: 'DINO',
  summary: 'Learns to name small crops of an image as a moving average of itself names large ones.',
  paper: {
    title: 'Emerging Properties in Self-Supervised Vision Transformers',
    url: 'https://arxiv.org/abs/2104.14294',
  },
  options: optionsSchema,
  needsLabels: false,

  views: ({ views }, imageSize) => multiCrop(views, imageSize),

  build({ options, encoder, images }) {
    const seesGlobals = options.studentCrops === 'all';
    if (!seesGlobals && options.views.locals === 0)
      throw new UserError(
        'The student sees local crops alone, and there are none',
        'Set options.views.locals to at least 1, or options.studentCrops to "all".',
      );
    requireWholePatches(options.views, encoder);
    const count = prototypesOf(options, images);
    const head = distillationHead({
      inputs: encoder.featureSize,
      ...options.head,
      prototypes: count,
    });
    return {
      parts: {
        encoder: encoder.parameters,
        head: head.parameters,
        ...(options.centre && { centre: { cosines: centreParameter(count) } }),
      },
      teacher: teacherOf(options, images),
      schedules: distillationSchedules(options, images),
      loss({ weights, teacher, views, scalars: { teacherTemperature, lastLayerTrains } }) {
        const globals = views.slice(0, GLOBALS);
        const seen = seesGlobals ? views : views.slice(GLOBALS);

        const taught = head.apply(teacher.head, {
          x: encodeBySize(globals, (images) => encoder.apply(teacher.encoder, images)),
          lastLayerTrains,
        });
        const centre = options.centre
          ? { weights: weights.centre, name: 'cosines', momentum: options.centreMomentum }
          : null;
        const p = assignments(taught.cosines, teacherTemperature, centre);

        const student = head.apply(weights.head, {
          x: encodeBySize(seen, (images) => encoder.apply(weights.encoder, images)),
          lastLayerTrains,
        });
        const logQ = tf.logSoftmax(tf.div(student.cosines, options.studentTemperature));

        const loss = crossEntropyOfViews(tf.split(p, GLOBALS), tf.split(logQ, seen.length), seesGlobals);
        const teacherEntropy = entropy(p);
        return {
          loss,
          metrics: {
            teacherEntropy,
            // The loss is the entropy of what is taught and the student's divergence from it.
            divergence: tf.sub(loss, teacherEntropy),
            ...(options.centre && { centreNorm: tf.sqrt(tf.sum(tf.square(weights.centre.get('cosines')))) }),
          },
          embedding: student.bottleneck,
        };
      },
      chanceLoss: Math.log(count),
      collapseAdvice:
        'centring on, prototypes frozen for longer, a lower learning rate, and where teacherEntropy is near ln K a lower options.teacherTemperature',
    };
  },
};
