/** What DINO and iBOT share: a teacher's sharpened and centred assignments, and how far the student is from them. Caron et al. 2021, section 3.1. */
import * as tf from '@tensorflow/tfjs-core';
import * as z from 'zod';
import { constant, parameter } from '../layers/initializers';
import type { Progress, Teacher } from '../method';
import type { Parameter, Weights } from '../module';
import { cosine } from '../schedules';
import { momentumFor, prototypesFor, teacherTemperatureFor, warmupTemperatureFor } from './by-data-size';

const temperature = z.number().min(0.01).max(2);
const width = z.int().min(1).max(16_384);

/** Options of both. */
export const distillationShape = {
  prototypes: z
    .int()
    .min(2)
    .max(262_144)
    .nullable()
    .default(null)
    .describe(
      'Number of prototypes, K; null takes it from the number of images: 1024 up to 20,000, 65,536 for ImageNet',
    ),
  studentTemperature: temperature.default(0.1).describe('Divides the cosines of the student'),
  teacherTemperature: temperature
    .nullable()
    .default(null)
    .describe(
      'Divides those of the teacher, which sharpens them; null takes it from the number of images, 0.02 to 0.07',
    ),
  warmupTemperature: temperature
    .nullable()
    .default(null)
    .describe(
      'Temperature of the teacher at the start; null takes what suits teacherTemperature, 0.02 to 0.04',
    ),
  warmupEpochs: z
    .number()
    .min(0)
    .default(30)
    .describe('How long the temperature of the teacher rises; at most three tenths of the training')
    .meta({ unit: 'epochs' }),
  momentum: z
    .strictObject({
      start: z
        .number()
        .min(0)
        .max(1)
        .nullable()
        .default(null)
        .describe('Momentum of the teacher; null takes it from the number of images, 0.99 to 0.996'),
      end: z.number().min(0).max(1).default(1).describe('At the end, reached along half a cosine'),
    })
    .prefault({}),
  centre: z
    .boolean()
    .default(true)
    .describe('Subtract the mean of the teacher’s cosines; without it one prototype takes all'),
  centreMomentum: z.number().min(0).max(1).default(0.9).describe('Momentum of that mean'),
  freezeEpochs: z
    .number()
    .min(0)
    .default(1)
    .describe('How long the prototypes stay as they began')
    .meta({ unit: 'epochs' }),
  head: z
    .strictObject({
      hidden: width.default(2048).describe('Width of the hidden layers'),
      bottleneck: width
        .min(2)
        .default(256)
        .describe('Length of the vectors that are compared with prototypes'),
      layers: z.int().min(1).max(6).default(3).describe('Linear layers before the prototypes'),
      batchNorm: z
        .boolean()
        .default(false)
        .describe(
          'Batch normalization in the hidden layers: for a ResNet, and for a ViT that is trained for a few thousand steps',
        ),
    })
    .prefault({}),
};
export type DistillationOptions = z.infer<z.ZodObject<typeof distillationShape>>;

export const prototypesOf = ({ prototypes }: DistillationOptions, images: number): number =>
  prototypes ?? prototypesFor(images);

export function teacherOf(options: DistillationOptions, images: number): Teacher {
  const start = options.momentum.start ?? momentumFor(images);
  return {
    parts: ['encoder', 'head'],
    momentum: ({ step, totalSteps }) => cosine(start, options.momentum.end, step / totalSteps),
    evaluated: true,
  };
}

/** Share of the training that the warm-up of the temperature may take. */
const LONGEST_WARMUP = 0.3;

/** `teacherTemperature`, and `lastLayerTrains`: 0 or 1. */
export function distillationSchedules(options: DistillationOptions, images: number) {
  const end = options.teacherTemperature ?? teacherTemperatureFor(images);
  const start = options.warmupTemperature ?? warmupTemperatureFor(end);
  return {
    teacherTemperature: ({ step, totalSteps, stepsPerEpoch }: Progress) => {
      const steps = Math.min(options.warmupEpochs * stepsPerEpoch, LONGEST_WARMUP * totalSteps);
      return step < steps ? start + ((end - start) * step) / steps : end;
    },
    lastLayerTrains: ({ step, stepsPerEpoch }: Progress) =>
      step < options.freezeEpochs * stepsPerEpoch ? 0 : 1,
  };
}

/** The mean of the teacher's cosines, [count]: a buffer. */
export const centreParameter = (count: number): Parameter => parameter([count], 'buffer', constant(0));

/**
 * The teacher's assignments, softmax((cosines - centre) / temperature); the centre follows with the batch's mean
 * (equation 4), after it was used.
 * @param cosines [n, K], no gradient. @param centre the weights and the name of the buffer; null centres nothing.
 * @returns [n, K], rows that sum to 1.
 */
export function assignments(
  cosines: tf.Tensor,
  temperature: tf.Tensor,
  centre: { weights: Weights; name: string; momentum: number } | null,
): tf.Tensor {
  if (!centre) return tf.softmax(tf.div(cosines, temperature));
  const { weights, name, momentum } = centre;
  const before = weights.get(name);
  weights.update(name, tf.add(tf.mul(before, momentum), tf.mul(tf.mean(cosines, 0), 1 - momentum)));
  return tf.softmax(tf.div(tf.sub(cosines, before), temperature));
}

/**
 * Equation 3: the mean over the images, over the teacher's views i and the student's views v that are not the same view,
 * of -sum over k of p_ik log q_vk. What is multiplied are sums over views: sum over v of p log q_v is p times the sum.
 * @param teacher p of each of its views, [batch, K]. @param student log q of each of its views, [batch, K].
 * @param same whether the student's first views are the teacher's.
 */
export function crossEntropyOfViews(
  teacher: readonly tf.Tensor[],
  student: readonly tf.Tensor[],
  same: boolean,
): tf.Tensor {
  const total = student.reduce((sum, view) => tf.add(sum, view));
  const terms = teacher.map((p, i) =>
    tf.mean(tf.sum(tf.mul(p, same ? tf.sub(total, student[i]) : total), 1)),
  );
  const pairs = teacher.length * (student.length - (same ? 1 : 0));
  return tf.mul(
    terms.reduce((sum, term) => tf.add(sum, term)),
    -1 / pairs,
  );
}

/** Mean over rows of -sum p log p: ln K where all prototypes are as likely, 0 where one has it all. @param p [n, K]. */
export const entropy = (p: tf.Tensor): tf.Tensor =>
  tf.neg(tf.mean(tf.sum(tf.mul(p, tf.log(tf.maximum(p, 1e-30))), 1)));
