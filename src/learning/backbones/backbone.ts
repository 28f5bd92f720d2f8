/** An encoder whose hidden layers can be read, for methods that learn from or predict them. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Encoder } from '../method';
import type { Weights } from '../module';

export interface Backbone extends Encoder {
  /** Outputs of the hidden layers by their parameter prefix, in order; one forward pass. */
  readonly features: (weights: Weights, images: Tensor) => Record<string, Tensor>;
}
