/** iBOT: DINO, and in the same way the hidden patches of a crop are named as the teacher names them unhidden. Zhou et al. 2021, arXiv 2111.07832. */
import * as tf from '@tensorflow/tfjs-core';
import * as z from 'zod';
import type { VisionTransformer } from '../backbones';
import { requireViT } from '../backbones/require-vit';
import { distillationHead } from '../heads';
import { constant, parameter } from '../layers/initializers';
import type { Draw, Method } from '../method';
import type { Weights } from '../module';
import { fromPatches, toPatches } from '../patches';
import { blockMaskDraw } from './block-mask';
import { encodeBySize, GLOBALS, multiCrop, multiCropOptions, requireWholePatches } from './multi-crop';
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

const weight = z.number().min(0).max(100);
const share = z.number().min(0.05).max(0.95);

const optionsSchema = z.strictObject({
  classWeight: weight.default(1).describe('Weight of the loss of class tokens, which is DINO’s'),
  patchWeight: weight.default(1).describe('Weight of the loss of hidden patches'),
  mask: z
    .strictObject({
      probability: z
        .number()
        .min(0)
        .max(1)
        .default(0.5)
        .describe('Probability that patches of a global crop are hidden from the student'),
      share: z
        .tuple([share, share])
        .refine(([low, high]) => low <= high, 'the first must not be above the second')
        .default([0.1, 0.5])
        .describe('Share of its patches that are then hidden, in blocks'),
      block: z
        .number()
        .min(0)
        .max(1)
        .default(0.02)
        .describe('Share of the patches that a block covers, at least; the paper’s code has 4 of 196'),
    })
    .prefault({}),
  ...distillationShape,
  views: multiCropOptions({
    globalScale: [0.25, 1],
    locals: 10,
    localScale: [0.05, 0.25],
    jitter: [0.4, 0.4, 0.2, 0.1],
    solarize: [0, 0.2, 0],
  }).prefault({}),
});
export type IbotOptions = z.infer<typeof optionsSchema>;

export const ibot: Method<IbotOptions> = {
  id: 'ibot',
  title: 'iBOT',
  summary: 'DINO that also names hidden patches as its teacher names them; for vision transformers.',
  paper: {
    title: 'iBOT: Image BERT Pre-Training with Online Tokenizer',
    url: 'https://arxiv.org/abs/2111.07832',
  },
  options: optionsSchema,
  needsLabels: false,

  views: ({ views }, imageSize) => multiCrop(views, imageSize),

  build({ options, encoder: backbone, images }) {
    const encoder = requireViT(backbone, 'iBOT');
    requireWholePatches(options.views, encoder);
    const { width, grid } = encoder;
    const count = prototypesOf(options, images);
    const head = distillationHead({ inputs: width, ...options.head, prototypes: count });
    const { classWeight, patchWeight, mask } = options;
    return {
      parts: {
        encoder: encoder.parameters,
        head: head.parameters,
        mask: { token: parameter([1, 1, width], 'weight', constant(0)) },
        ...(options.centre && {
          centre: { class: centreParameter(count), patch: centreParameter(count) },
        }),
      },
      teacher: teacherOf(options, images),
      draws: { mask0: maskDraw(mask, grid), mask1: maskDraw(mask, grid) },
      pictures: ({ views: [crop], draws: { mask0 }, rgb }) => {
        const shown = tf.sub(1, tf.reshape(mask0, [-1, grid * grid, 1]));
        const { patch } = encoder;
        const masked = fromPatches(tf.mul(toPatches(crop, patch), shown), patch);
        return { 'what the teacher sees': rgb.toRgb(crop), 'what the student sees': rgb.toRgb(masked) };
      },
      schedules: distillationSchedules(options, images),
      loss({ weights, teacher, views, draws, scalars: { teacherTemperature, lastLayerTrains } }) {
        const globals = tf.concat(views.slice(0, GLOBALS), 0);
        const locals = views.slice(GLOBALS);
        const hidden = tf.concat([draws.mask0, draws.mask1], 0);
        const assign = (cosines: tf.Tensor, name: 'class' | 'patch') =>
          assignments(
            cosines,
            teacherTemperature,
            options.centre ? { weights: weights.centre, name, momentum: options.centreMomentum } : null,
          );

        const seen = tokensOf(encoder, teacher.encoder, globals);
        const name = (part: Weights, x: tf.Tensor) => head.apply(part, { x, lastLayerTrains });
        const p = assign(name(teacher.head, seen.classTokens).cosines, 'class');
        const patchP = assign(name(teacher.head, seen.patches).cosines, 'patch');

        const token = weights.mask.get('token');
        const masked = tokensOf(encoder, weights.encoder, globals, { mask: hidden, token });
        const classTokens = [
          masked.classTokens,
          ...(locals.length > 0
            ? [encodeBySize(locals, (crops) => encoder.classToken(weights.encoder, crops))]
            : []),
        ];
        const student = name(weights.head, tf.concat(classTokens, 0));
        const logQ = tf.logSoftmax(tf.div(student.cosines, options.studentTemperature));
        const classLoss = crossEntropyOfViews(tf.split(p, GLOBALS), tf.split(logQ, views.length), true);

        const guessed = name(weights.head, masked.patches).cosines;
        const patchLogQ = tf.logSoftmax(tf.div(guessed, options.studentTemperature));
        const patchLoss = overHidden(tf.neg(tf.sum(tf.mul(patchP, patchLogQ), 1)), hidden);

        const teacherEntropy = entropy(p);
        return {
          loss: tf.add(tf.mul(classLoss, classWeight), tf.mul(patchLoss, patchWeight)),
          metrics: {
            classLoss,
            patchLoss,
            teacherEntropy,
            divergence: tf.sub(classLoss, teacherEntropy),
          },
          embedding: student.bottleneck,
        };
      },
      chanceLoss: (classWeight + patchWeight * mask.probability) * Math.log(count),
      collapseAdvice:
        'centring on, prototypes frozen for longer, a lower learning rate, and where teacherEntropy is near ln K a lower options.teacherTemperature',
    };
  },
};

/** [grid^2], 1 where a patch of a global crop is hidden: no patch, or blocks of a share drawn for the image. */
const maskDraw = ({ probability, share, block }: IbotOptions['mask'], grid: number): Draw => ({
  shape: [grid * grid],
  dtype: 'float32',
  draw: (source) =>
    source.chance(probability)
      ? blockMaskDraw({ share: source.between(...share), block }, grid).draw(source)
      : new Float32Array(grid * grid),
});

/** The last layer's tokens: class tokens [n, width], patches [n * patches, width]. */
function tokensOf(
  { embed, transform, normalize, depth, width }: VisionTransformer,
  weights: Weights,
  images: tf.Tensor,
  hidden?: Parameters<VisionTransformer['embed']>[2],
): { classTokens: tf.Tensor; patches: tf.Tensor } {
  const { classToken, patches } = embed(weights, images, hidden);
  const count = patches.shape[1]!;
  const blocks = transform(weights, tf.concat([classToken, patches], 1));
  const tokens = normalize(weights, blocks[`blocks.${depth - 1}`]);
  const [first, rest] = tf.split(tokens, [1, count], 1);
  return { classTokens: tf.reshape(first, [-1, width]), patches: tf.reshape(rest, [-1, width]) };
}

/**
 * Equation 2: the mean over an image's hidden patches, then over all images; one without hidden patches counts 0.
 * @param losses [n * patches]. @param hidden [n, patches].
 */
function overHidden(losses: tf.Tensor, hidden: tf.Tensor): tf.Tensor {
  const sums = tf.sum(tf.mul(tf.reshape(losses, hidden.shape), hidden), 1);
  return tf.mean(tf.div(sums, tf.maximum(tf.sum(hidden, 1), 1)));
}
