/** One remembered vector for every training image, moved a little each time the image is seen. Wu et al. 2018; PIRL, section 3.2. */
import * as tf from '@tensorflow/tfjs-core';
import { UserError } from '../../shared/errors';
import { l2Normalize } from '../l2-normalize';
import { parameter } from '../layers/initializers';
import type { Parameters, Weights } from '../module';

/** The bank is read and written whole at every step and lies in every checkpoint: 128 MiB at a length of 128. */
const MOST_IMAGES = 262_144;

export interface MemoryBank {
  readonly parameters: Parameters;
  /** [n, size] at [n] positions, of unit length; no gradient. */
  readonly at: (weights: Weights, positions: tf.Tensor) => tf.Tensor;
  /** Remembers momentum * old + (1 - momentum) * vectors, at unit length; no position twice. */
  readonly remember: (weights: Weights, positions: tf.Tensor, vectors: tf.Tensor) => void;
}

/** @throws UserError where there are too many images. */
export function memoryBank(images: number, size: number, momentum: number): MemoryBank {
  if (images > MOST_IMAGES)
    throw new UserError(
      `A memory bank holds up to ${MOST_IMAGES} images, and there are ${images}`,
      `Set data.subset to at most ${MOST_IMAGES}, or choose a method without a bank, such as simclr.`,
    );
  const at = (weights: Weights, positions: tf.Tensor) => tf.gather(weights.get('vectors'), positions);
  return {
    parameters: { vectors: parameter([images, size], 'buffer', unitVectors(size)) },
    at,
    remember: (weights, positions, vectors) => {
      const old = at(weights, positions);
      const next = l2Normalize(tf.add(tf.mul(old, momentum), tf.mul(vectors, 1 - momentum)));
      const change = tf.unsortedSegmentSum(tf.sub(next, old), positions as tf.Tensor1D, images);
      weights.update('vectors', tf.add(weights.get('vectors'), change));
    },
  };
}

/** Rows of random directions. */
const unitVectors =
  (size: number): Parameters[string]['initialize'] =>
  (source, total) => {
    const values = Float32Array.from({ length: total }, () => source.normal());
    for (let start = 0; start < total; start += size) {
      const row = values.subarray(start, start + size);
      const length = Math.hypot(...row);
      row.forEach((value, i) => (row[i] = value / length));
    }
    return values;
  };
