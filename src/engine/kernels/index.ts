/** All kernels of the portable lowering, by tfjs kernel name. */
import type { KernelTable } from '../trace/kernel-table';
import { convolutionKernels } from './convolution';
import { elementwiseKernels } from './elementwise';
import { indexingKernels } from './indexing';
import { matMulKernels } from './matmul';
import { normalizationKernels } from './normalization';
import { poolingKernels } from './pooling';
import { reductionKernels } from './reductions';
import { shapeKernels } from './shapes';

export const kernels: KernelTable = {
  ...elementwiseKernels,
  ...reductionKernels,
  ...shapeKernels,
  ...indexingKernels,
  ...matMulKernels,
  ...convolutionKernels,
  ...poolingKernels,
  ...normalizationKernels,
};
