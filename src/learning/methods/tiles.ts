/** An image cut into a grid of tiles with random gaps between them, inside the step: for jigsaw puzzles. */
import * as tf from '@tensorflow/tfjs-core';
import * as z from 'zod';
import { UserError } from '../../shared/errors';
import type { Random } from '../../shared/random';
import type { Backbone } from '../backbones/backbone';
import { resampling } from '../views/resample';

export const gridOption = z
  .union([z.literal(2), z.literal(3)])
  .describe('Tiles along a side: 2 or 3. 3 needs images of about 64 px');
export const gapOption = z
  .int()
  .min(0)
  .max(64)
  .describe('A tile is smaller than its cell of the grid by this, at a random place of it')
  .meta({ unit: 'px' });

export interface Grid {
  /** Tiles along a side. */
  readonly across: number;
  /** Tiles of an image. */
  readonly count: number;
  /** Side of a cell, px; what is left of the image at its right and lower edge is not used. */
  readonly cell: number;
  /** Side of a tile, px. */
  readonly tile: number;
  readonly gap: number;
}

/** @throws UserError where the encoder cannot take tiles of that size. */
export function tileGrid(encoder: Backbone, across: number, gap: number): Grid {
  const cell = Math.floor(encoder.imageSize / across);
  const tile = cell - gap;
  const smallest = encoder.kind === 'vit' ? encoder.patch : 8;
  if (tile < smallest)
    throw new UserError(
      `Tiles of ${tile} px are too small: a cell of ${cell} px (${encoder.imageSize} / ${across}) less options.gap ${gap}`,
      `Tiles need ${smallest} px. Take larger images, fewer tiles or a smaller gap.`,
      'usage',
    );
  if (encoder.kind === 'vit' && tile % encoder.patch !== 0)
    throw new UserError(
      `Tiles of ${tile} px cannot be cut into patches of ${encoder.patch} px`,
      `Set options.gap so that ${cell} - gap is a multiple of ${encoder.patch}.`,
      'usage',
    );
  return { across, count: across ** 2, cell, tile, gap };
}

/** Where in their cells the tiles of one image begin: [count, 2], rows and columns, px. */
export const tileOffsets = ({ count, gap }: Grid) => ({
  shape: [count, 2],
  dtype: 'float32' as const,
  draw: (source: Random) => Array.from({ length: 2 * count }, () => source.integer(gap + 1)),
});

/** Where the cells begin, in the order of a permutation: slot i holds cell order[i]. [count * 2] numbers. */
export const cellCorners = ({ across, cell }: Grid, order: readonly number[]): number[] =>
  order.flatMap((place) => [Math.floor(place / across) * cell, (place % across) * cell]);

/**
 * @param images [batch, side, side, 3]. @param corners [batch, count, 2]: row and column at which each tile begins.
 * @returns [batch * count, tile, tile, 3], the tiles of an image one after the other.
 */
export function cutTiles(images: tf.Tensor, corners: tf.Tensor, { count, tile }: Grid): tf.Tensor {
  const [batch, side] = images.shape;
  const length = tf.tensor(tile, [1, 1, 1]);
  const [top, left] = tf.split(tf.reshape(corners, [batch * count, 2]), 2, 1);
  // At their own size, so each weight is 0 or 1.
  const at = (start: tf.Tensor) => resampling({ start: tf.reshape(start, [-1, 1, 1]), length }, side, tile);
  const rows = tf.matMul(
    tf.reshape(at(top), [batch, count * tile, side]),
    tf.reshape(images, [batch, side, side * 3]),
  );
  const planes = tf.transpose(tf.reshape(rows, [batch * count, tile, side, 3]), [0, 3, 1, 2]);
  const cut = tf.matMul(tf.reshape(planes, [batch * count, 3 * tile, side]), at(left), false, true);
  return tf.transpose(tf.reshape(cut, [batch * count, 3, tile, tile]), [0, 2, 3, 1]);
}

/**
 * Tiles laid out as an image again, for people to see.
 * @param tiles [batch * count, tile, tile, 3]. @param order [batch, count, count]: rows that pick the tile of each place
 *   of the layout, of one 1 each; as they are where left out.
 * @returns [batch, across * tile, across * tile, 3].
 */
export function layTiles(tiles: tf.Tensor, { across, count, tile }: Grid, order?: tf.Tensor): tf.Tensor {
  const flat = tf.reshape(tiles, [-1, count, tile * tile * 3]);
  const placed = tf.reshape(order ? tf.matMul(order, flat) : flat, [-1, across, across, tile, tile * 3]);
  return tf.reshape(tf.transpose(placed, [0, 1, 3, 2, 4]), [-1, across * tile, across * tile, 3]);
}

/** Each channel of each tile less its mean, by its deviation: colour and light then do not tell where a tile was. */
export function normalizeTiles(tiles: tf.Tensor): tf.Tensor {
  const centred = tf.sub(tiles, tf.mean(tiles, [1, 2], true));
  return tf.div(centred, tf.sqrt(tf.add(tf.mean(tf.square(centred), [1, 2], true), 1e-5)));
}
