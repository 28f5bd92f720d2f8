/** Jigsaw puzzles: in which order do the shuffled tiles of an image lie? Noroozi & Favaro 2016, arXiv 1603.09246. */
import * as tf from '@tensorflow/tfjs-core';
import * as z from 'zod';
import { linearHead } from '../heads';
import { batchNorm } from '../layers/batch-norm';
import { linear } from '../layers/linear';
import { sequential } from '../layers/sequential';
import type { Method, StepInput } from '../method';
import { viewRecipeSchema } from '../views/recipe';
import { accuracyOf } from './classification';
import { distantPermutations } from './distant-permutations';
import { crossEntropy } from '../cross-entropy';
import {
  cellCorners,
  cutTiles,
  gapOption,
  gridOption,
  layTiles,
  normalizeTiles,
  tileGrid,
  tileOffsets,
} from './tiles';

const probability = z.number().min(0).max(1);

const optionsSchema = z.strictObject({
  grid: gridOption.default(3),
  gap: gapOption.default(2),
  permutations: z
    .int()
    .min(2)
    .max(10_000)
    .default(100)
    .describe('Orders that are told apart, chosen to differ in as many places as can be; 2x2 tiles have 24'),
  normalizeTiles: z
    .boolean()
    .default(true)
    .describe('Take mean and deviation of each tile away: they would give its place away'),
  hidden: z
    .int()
    .min(1)
    .max(8192)
    .default(1000)
    .describe('Width of what is made of a tile before all are joined'),
  cropScale: z
    .tuple([z.number().min(0.01).max(1), z.number().min(0.01).max(1)])
    .refine(([low, high]) => low <= high, 'the first must not be above the second')
    .default([0.6, 1])
    .describe('Share of the image area that is cut into tiles'),
  flip: probability.default(0.5).describe('Probability of a horizontal flip'),
  grayscale: probability
    .default(0.3)
    .describe('Probability of a puzzle without colour: fringes of colour would give places away'),
});
export type JigsawOptions = z.infer<typeof optionsSchema>;

export const jigsaw: Method<JigsawOptions> = {
  id: 'jigsaw',
  title: 'Jigsaw',
  summary: 'Tells in which order the shuffled tiles of an image lie; each tile is seen by itself.',
  paper: {
    title: 'Unsupervised Learning of Visual Representations by Solving Jigsaw Puzzles',
    url: 'https://arxiv.org/abs/1603.09246',
  },
  options: optionsSchema,
  needsLabels: false,

  views: ({ cropScale, flip, grayscale }, imageSize) => [
    viewRecipeSchema.parse({ size: imageSize, crop: { scale: cropScale }, flip, grayscale }),
  ],

  build({ options, encoder }) {
    const grid = tileGrid(encoder, options.grid, options.gap);
    const orders = distantPermutations(grid.count, options.permutations);
    const table = orders.map((order) => cellCorners(grid, order));
    // For each order, what lays the tiles back: place p is taken by the slot that holds its tile.
    const inverses = orders.map((order) =>
      order.map((_, place) => order.map((tile) => (tile === place ? 1 : 0))),
    );
    const perTile = sequential({
      0: linear(encoder.featureSize, options.hidden, { bias: false }),
      1: batchNorm(options.hidden, { relu: true }),
    });
    const head = linearHead(grid.count * options.hidden, orders.length);

    const guess = ({ weights, views: [images], draws: { order, offsets } }: StepInput) => {
      const cells = tf.gather(tf.tensor(table), order);
      const corners = tf.add(tf.reshape(cells, offsets.shape), offsets);
      const cut = cutTiles(images, corners, grid);
      const tiles = options.normalizeTiles ? normalizeTiles(cut) : cut;
      const embedding = encoder.apply(weights.encoder, tiles);
      const joined = tf.reshape(perTile.apply(weights.tile, embedding), [images.shape[0], -1]);
      return { cut, embedding, logits: head.apply(weights.head, joined) };
    };

    return {
      parts: { encoder: encoder.parameters, tile: perTile.parameters, head: head.parameters },
      draws: {
        order: { shape: [], dtype: 'int32', draw: (source) => [source.integer(orders.length)] },
        offsets: tileOffsets(grid),
      },
      schedules: {},
      loss(input) {
        const { embedding, logits } = guess(input);
        const { order } = input.draws;
        return {
          loss: crossEntropy(logits, order),
          metrics: { orderAccuracy: accuracyOf(logits, order) },
          embedding,
        };
      },
      pictures(input) {
        const { cut, logits } = guess(input);
        const restored = tf.gather(tf.tensor(inverses), tf.argMax(logits, 1));
        return {
          shuffled: input.rgb.toRgb(layTiles(cut, grid)),
          'as it puts them': input.rgb.toRgb(layTiles(cut, grid, restored)),
        };
      },
      chanceLoss: Math.log(orders.length),
    };
  },
};
