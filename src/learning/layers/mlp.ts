/** The two-layer perceptron of a transformer block, as timm's Mlp. */
import { gelu } from '../../engine';
import { collect, type Module } from '../module';
import { transformerLinear } from './linear';

/** [..., width] to the same shape: fc2(gelu(fc1(x))). */
export function mlp(width: number, hidden: number): Module {
  const fc1 = transformerLinear(width, hidden);
  const fc2 = transformerLinear(hidden, width);
  return {
    parameters: collect({ fc1: fc1.parameters, fc2: fc2.parameters }),
    apply: (weights, x) => weights.apply('fc2', fc2, gelu(weights.apply('fc1', fc1, x))),
  };
}
