/** The head of DINO and iBOT: a perceptron, a bottleneck at unit length, cosines with prototypes. Caron et al. 2021, section 3.1 and appendix C. */
import type * as tf from '@tensorflow/tfjs-core';
import { gelu } from '../../engine';
import { l2Normalize } from '../l2-normalize';
import { batchNorm } from '../layers/batch-norm';
import { normal } from '../layers/initializers';
import { linear, transformerLinear } from '../layers/linear';
import { prototypes } from '../layers/prototypes';
import { sequential } from '../layers/sequential';
import { collect, type Module } from '../module';

export interface DistillationHeadOptions {
  readonly inputs: number;
  readonly hidden: number;
  readonly bottleneck: number;
  readonly prototypes: number;
  /** Linear layers before the prototypes. */
  readonly layers: number;
  /** Between each hidden linear layer, which then has no bias, and its GELU. */
  readonly batchNorm: boolean;
}

interface HeadInput {
  /** [n, inputs]. */
  readonly x: tf.Tensor;
  /** Scalar: 0 while the last layer is frozen, else 1. */
  readonly lastLayerTrains: tf.Tensor;
}

interface HeadOutput {
  /** [n, bottleneck], of unit length. */
  readonly bottleneck: tf.Tensor;
  /** [n, prototypes], in [-1, 1]. */
  readonly cosines: tf.Tensor;
}

/** DINO's names: "mlp.0.weight", "mlp.2.weight", ..., "last_layer.weight". */
export function distillationHead(options: DistillationHeadOptions): Module<HeadInput, HeadOutput> {
  const mlp = perceptron(options);
  const lastLayer = prototypes(options.bottleneck, options.prototypes);
  return {
    parameters: collect({ mlp: mlp.parameters, last_layer: lastLayer.parameters }),
    apply: (weights, { x, lastLayerTrains }) => {
      const bottleneck = l2Normalize(weights.apply('mlp', mlp, x));
      const cosines = weights.apply('last_layer', lastLayer, { x: bottleneck, trains: lastLayerTrains });
      return { bottleneck, cosines };
    },
  };
}

/** Linear, (BatchNorm,) GELU, ..., Linear; each takes a number in the names, GELU too. */
function perceptron({ inputs, hidden, bottleneck, layers, batchNorm: normalized }: DistillationHeadOptions) {
  const modules: Record<string, Module> = {};
  let index = 0;
  let width = inputs;
  for (let i = 0; i + 1 < layers; i++) {
    modules[index++] = normalized
      ? linear(width, hidden, { initializeWeight: normal(0.02), bias: false })
      : transformerLinear(width, hidden);
    if (normalized) modules[index++] = batchNorm(hidden);
    modules[index++] = activation;
    width = hidden;
  }
  modules[index] = transformerLinear(width, bottleneck);
  return sequential(modules);
}

const activation: Module = { parameters: {}, apply: (_, x) => gelu(x) };
