/** The lowerings there are. */
import { kernels } from '../kernels';
import { cpuBatchNormKernels } from './cpu/batch-norm';
import { blockSize } from './cpu/block-size';
import { cpuConvolutionKernels } from './cpu/convolution';
import { cpuPoolingKernels } from './cpu/pooling';
import { cpuReductionKernels } from './cpu/reductions';
import type { Target } from './lowering';

/** Standard ONNX ops in NCHW: GPU providers, and files for other programs. */
export const portable: Target = {
  name: 'portable',
  kernels: [kernels],
  block: null,
  fusedMatMul: false,
  exactSine: false,
};

/** The fastest lowering for the processor at hand: NCHWc where it has it. */
export async function cpuTarget(): Promise<Target> {
  const block = await blockSize();
  const own = block ? [cpuConvolutionKernels, cpuBatchNormKernels, cpuPoolingKernels] : [];
  return {
    name: 'cpu',
    kernels: [...own, cpuReductionKernels, kernels],
    block,
    fusedMatMul: true,
    exactSine: true,
  };
}
