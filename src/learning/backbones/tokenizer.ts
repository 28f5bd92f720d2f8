/** The encoder of a VQ-VAE for images. Van den Oord et al. 2017, arXiv 1711.00937, with the sizes of Sonnet's example. */
import * as tf from '@tensorflow/tfjs-core';
import { UserError } from '../../shared/errors';
import type { TokenizerConfig } from '../../shared/run-config';
import { conv } from '../layers/conv';
import { residualStack } from '../layers/residual-stack';
import { sequential } from '../layers/sequential';
import { collect, type Module, type Weights } from '../module';
import type { TokenizerBackbone } from './backbone';

/**
 * Convolutions of stride 2, one of 3x3, residual layers. `features` are layer1 alone: the places that a VQ-VAE quantizes,
 * [batch, grid, grid, hidden]. The embedding is the mean over them.
 * @throws UserError where the image does not shrink to a whole grid.
 */
export function tokenizer(config: TokenizerConfig, imageSize: number): TokenizerBackbone {
  const { stages, hidden } = config;
  const shrink = 2 ** stages;
  if (imageSize % shrink !== 0)
    throw new UserError(
      `A tokenizer of ${stages} stages divides the image by ${shrink}, and ${imageSize} px / ${shrink} is not whole`,
      'Set backbone.stages to less, or the image size to a multiple.',
    );
  const down: Record<string, Module> = {};
  const widths = tokenizerWidths(config);
  for (let stage = 0; stage < stages; stage++)
    down[stage] = conv(widths[stage], widths[stage + 1], 4, { stride: 2, padding: 1, bias: true });
  const last = conv(hidden, hidden, 3, { bias: true });
  const residual = residualStack(hidden, config.residualHidden, config.residualLayers);
  const features = (weights: Weights, images: tf.Tensor) => {
    let x = images;
    for (const [stage, layer] of Object.entries(down))
      x = tf.relu(weights.child('down').apply(stage, layer, x));
    return { layer1: weights.apply('residual', residual, weights.apply('conv', last, x)) };
  };
  return {
    kind: 'tokenizer',
    imageSize,
    featureSize: hidden,
    channels: [hidden],
    grid: imageSize / shrink,
    shape: config,
    parameters: collect({
      down: sequential(down).parameters,
      conv: last.parameters,
      residual: residual.parameters,
    }),
    features,
    apply: (weights, images) => tf.mean(features(weights, images).layer1, [1, 2]),
  };
}

/** Channels from the image to the grid: 3, half of `hidden` at half the size, then `hidden`. */
export const tokenizerWidths = ({ stages, hidden }: TokenizerConfig): number[] => [
  3,
  ...Array.from({ length: stages }, (_, stage) =>
    stage === 0 && stages > 1 ? Math.ceil(hidden / 2) : hidden,
  ),
];
