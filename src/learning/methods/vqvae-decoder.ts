/** The decoder of a VQ-VAE: codes to pixels, the encoder mirrored. */
import * as tf from '@tensorflow/tfjs-core';
import type { TokenizerConfig } from '../../shared/run-config';
import { tokenizerWidths } from '../backbones/tokenizer';
import { conv, doublingConv } from '../layers/conv';
import { residualStack } from '../layers/residual-stack';
import { sequential } from '../layers/sequential';
import { collect, type Module } from '../module';

/** [batch, grid, grid, dimension] to [batch, side, side, 3], side = 2^stages grid. */
export function vqvaeDecoder(config: TokenizerConfig, dimension: number): Module {
  const { stages, hidden } = config;
  const first = conv(dimension, hidden, 3, { bias: true });
  const residual = residualStack(hidden, config.residualHidden, config.residualLayers);
  const up: Record<string, Module> = {};
  const widths = tokenizerWidths(config).reverse();
  for (let stage = 0; stage < stages; stage++) up[stage] = doublingConv(widths[stage], widths[stage + 1]);
  return {
    parameters: collect({
      conv: first.parameters,
      residual: residual.parameters,
      up: sequential(up).parameters,
    }),
    apply: (weights, codes) => {
      const start = weights.apply('residual', residual, weights.apply('conv', first, codes));
      const ups = Object.entries(up);
      return ups.reduce((x, [stage, layer], i) => {
        const y = weights.child('up').apply(stage, layer, x);
        return i === ups.length - 1 ? y : tf.relu(y);
      }, start);
    },
  };
}
