/** Which vector of an image to take from a backbone, by the name that an embedding set gives it. */
import * as tf from '@tensorflow/tfjs-core';
import { UserError } from '../../shared/errors';
import type { Backbone, VisionTransformer } from './backbone';
import { classTokenOf, patchesOf } from './pool';
import { tap, tapNames, type Tap } from './tap';

/** Names that `featureOf` takes. */
export const featureNames = (backbone: Backbone): string[] =>
  backbone.kind === 'vit'
    ? ['embedding', 'cls', 'cls+gem', ...tapNames(backbone).slice(1)]
    : tapNames(backbone);

/**
 * "embedding", "cls" (of a ViT the class token, also where its embedding is the mean of the patches), "cls+gem", or a
 * hidden layer as `tap` takes it.
 * @throws UserError naming the features that there are.
 */
export function featureOf(backbone: Backbone, name: string): Tap {
  if (name !== 'cls' && name !== 'cls+gem') return tap(backbone, name);
  if (backbone.kind === 'vit')
    return name === 'cls'
      ? { size: backbone.width, apply: backbone.classToken }
      : classTokenAndPatches(backbone);
  throw new UserError(
    `The encoder has no feature "${name}": only vision transformers have a class token`,
    `Features: ${featureNames(backbone).join(', ')}.`,
    'usage',
  );
}

/** Least value that a patch token counts with, so that its power has a root. */
const LEAST = 1e-6;

/**
 * The class token beside the generalized mean (p = 4) of the patch tokens, all normalized by the last layer: the
 * descriptor for copies of DINO's eval_copy_detection.py (Caron et al. 2021, arXiv:2104.14294, section 4.2.2).
 */
function classTokenAndPatches(backbone: VisionTransformer): Tap {
  const { width } = backbone;
  return {
    size: 2 * width,
    apply: (weights, images) => {
      const tokens = backbone.tokens(weights, images);
      const fourth = tf.square(tf.square(tf.maximum(patchesOf(tokens), LEAST)));
      const pooled = tf.sqrt(tf.sqrt(tf.mean(fourth, 1)));
      return tf.concat([classTokenOf(tokens), pooled], 1);
    },
  };
}
