/** Layer normalization over the last axis, as torch.nn.LayerNorm(width, eps=1e-6). Ba et al. 2016. */
import { layerNorm as normalize } from '../../engine';
import type { Module } from '../module';
import { constant, parameter } from './initializers';

/** timm's for vision transformers. */
const EPSILON = 1e-6;

/** [..., width] to the same shape. */
export function layerNorm(width: number): Module {
  return {
    parameters: {
      weight: parameter([width], 'norm', constant(1)),
      bias: parameter([width], 'norm', constant(0)),
    },
    apply: (weights, x) => normalize(x, weights.get('weight'), weights.get('bias'), EPSILON),
  };
}
