/** PIRL: an image and its shuffled tiles are remembered as one and the same. Misra & van der Maaten 2020, arXiv 1912.01991. */
import * as tf from '@tensorflow/tfjs-core';
import * as z from 'zod';
import { stopGradient } from '../../engine';
import { permutation } from '../../shared/random';
import { linearHead } from '../heads';
import { batchNorm } from '../layers/batch-norm';
import { sequential } from '../layers/sequential';
import { l2Normalize } from '../l2-normalize';
import type { Method } from '../method';
import { viewRecipeSchema } from '../views/recipe';
import { accuracyOf } from './classification';
import { memoryBank } from './memory-bank';
import { crossEntropy } from '../cross-entropy';
import { cellCorners, cutTiles, gapOption, gridOption, layTiles, tileGrid, tileOffsets } from './tiles';

const share = z.number().min(0).max(1);
const scale = z
  .tuple([z.number().min(0.01).max(1), z.number().min(0.01).max(1)])
  .refine(([low, high]) => low <= high, 'the first must not be above the second');

const optionsSchema = z.strictObject({
  grid: gridOption.default(3),
  gap: gapOption.default(2),
  size: z.int().min(2).max(4096).default(128).describe('Length of the vectors that are compared'),
  temperature: z.number().positive().max(10).default(0.07).describe('Divides similarities'),
  negatives: z
    .int()
    .min(1)
    .max(100_000)
    .default(4096)
    .describe('Remembered images that each image is told from, drawn anew for every step')
    .meta({ unit: 'images' }),
  batchNorm: z
    .boolean()
    .default(true)
    .describe(
      'Normalize vectors over the batch before they are compared. The paper does not; short runs need it',
    ),
  bankMomentum: share.default(0.5).describe('Share of the old vector in what is remembered of an image'),
  tileWeight: share.default(0.5).describe('Weight of the tiles’ loss; the image’s has the rest'),
  imageCrop: scale.default([0.08, 1]).describe('Share of the area that the view of the image takes'),
  tileCrop: scale.default([0.6, 1]).describe('Share of the area that is cut into tiles'),
  jitter: z
    .tuple([share, share, share, z.number().min(0).max(0.5)])
    .default([0.4, 0.4, 0.4, 0.2])
    .describe('Largest change of brightness, contrast, saturation and hue'),
  grayscale: share.default(0.2).describe('Probability of a view without colour'),
  flip: share.default(0.5).describe('Probability of a horizontal flip'),
});
export type PirlOptions = z.infer<typeof optionsSchema>;

export const pirl: Method<PirlOptions> = {
  id: 'pirl',
  title: 'PIRL',
  summary:
    'Learns vectors that stay the same when an image is cut into shuffled tiles; keeps a memory of all images.',
  paper: {
    title: 'Self-Supervised Learning of Pretext-Invariant Representations',
    url: 'https://arxiv.org/abs/1912.01991',
  },
  options: optionsSchema,
  needsLabels: false,
  needsPositions: true,

  views: ({ imageCrop, tileCrop, jitter, grayscale, flip }, imageSize) => {
    const [brightness, contrast, saturation, hue] = jitter;
    const colours = { jitter: { probability: 1, brightness, contrast, saturation, hue }, grayscale };
    const view = (name: string, scale: readonly number[]) =>
      viewRecipeSchema.parse({ name, size: imageSize, crop: { scale }, flip, ...colours });
    return [view('Image', imageCrop), view('Cut into tiles', tileCrop)];
  },

  build({ options, encoder, batchSize, images }) {
    const { size, temperature, tileWeight } = options;
    const grid = tileGrid(encoder, options.grid, options.gap);
    const bank = memoryBank(images, size, options.bankMomentum);
    const image = comparedHead(encoder.featureSize, size, options.batchNorm);
    const tile = linearHead(encoder.featureSize, size);
    const join = comparedHead(grid.count * size, size, options.batchNorm);
    // All images of a step share them: what each of them draws is put together.
    const drawn = Math.ceil(options.negatives / batchSize);

    /** Cross-entropy of telling what is remembered of an image from the negatives, and how often it is told. */
    const contrast = (z: tf.Tensor, own: tf.Tensor, others: tf.Tensor, same: tf.Tensor) => {
      const positive = tf.sum(tf.mul(z, own), 1, true);
      const negative = tf.sub(tf.matMul(z, others, false, true), tf.mul(same, 1e4));
      const logits = tf.div(tf.concat([positive, negative], 1), temperature);
      const first = tf.zeros([batchSize], 'int32');
      return { loss: crossEntropy(logits, first), accuracy: accuracyOf(logits, first) };
    };

    return {
      parts: {
        encoder: encoder.parameters,
        image: image.parameters,
        tile: tile.parameters,
        join: join.parameters,
        bank: bank.parameters,
      },
      draws: {
        cells: {
          shape: [grid.count, 2],
          dtype: 'float32',
          draw: (source) => cellCorners(grid, [...permutation(grid.count, source)]),
        },
        offsets: tileOffsets(grid),
        negatives: {
          shape: [drawn],
          dtype: 'int32',
          draw: (source) => Array.from({ length: drawn }, () => source.integer(images)),
        },
      },
      schedules: {},
      /** Section 3.2: tileWeight L(m_I, g(tiles)) + (1 - tileWeight) L(m_I, f(image)), m from the bank. */
      loss({ weights, views: [view, source], draws, positions }) {
        const f = l2Normalize(image.apply(weights.image, encoder.apply(weights.encoder, view)));
        const tiles = cutTiles(source, tf.add(draws.cells, draws.offsets), grid);
        const perTile = tile.apply(weights.tile, encoder.apply(weights.encoder, tiles));
        const g = l2Normalize(join.apply(weights.join, tf.reshape(perTile, [batchSize, -1])));

        const others = tf.reshape(draws.negatives, [-1]);
        const same = tf.equal(tf.reshape(positions!, [-1, 1]), tf.reshape(others, [1, -1]));
        const own = bank.at(weights.bank, positions!);
        const negatives = bank.at(weights.bank, others);
        const masked = tf.cast(same, 'float32');
        const ofTiles = contrast(g, own, negatives, masked);
        const ofImage = contrast(f, own, negatives, masked);
        bank.remember(weights.bank, positions!, stopGradient(f));
        return {
          loss: tf.add(tf.mul(ofTiles.loss, tileWeight), tf.mul(ofImage.loss, 1 - tileWeight)),
          metrics: { tileAccuracy: ofTiles.accuracy, imageAccuracy: ofImage.accuracy },
          embedding: f,
        };
      },
      pictures({ views: [view, source], draws: { cells, offsets }, rgb }) {
        const tiles = cutTiles(source, tf.add(cells, offsets), grid);
        return { image: rgb.toRgb(view), 'its tiles': rgb.toRgb(layTiles(tiles, grid)) };
      },
      chanceLoss: Math.log(1 + drawn * batchSize),
    };
  },
};

/** A linear map. At first all its vectors point one way, which the memory then holds; normalization takes that away. */
const comparedHead = (inputs: number, size: number, normalized: boolean) =>
  sequential({ 0: linearHead(inputs, size), ...(normalized && { 1: batchNorm(size) }) });
