/** Optimizers by their configuration. */
import type { OptimizerConfig } from '../../shared/run-config';
import { adam, adamw } from './adam';
import { lars } from './lars';
import type { Optimizer } from './optimizer';
import { sgd } from './sgd';

export type { Optimizer } from './optimizer';

export function createOptimizer(config: OptimizerConfig): Optimizer {
  switch (config.kind) {
    case 'sgd':
      return sgd(config);
    case 'adam':
      return adam(config);
    case 'adamw':
      return adamw(config);
    case 'lars':
      return lars(config);
    default:
      return config satisfies never;
  }
}
