/** Pooling in NCHWc. */
import { poolingKernels } from '../../kernels/pooling';
import { normalAxes } from '../../kernels/inference';
import { reductionKernels } from '../../kernels/reductions';
import { poolWindows, windowAttributes } from '../../kernels/windows';
import type { KernelTable } from '../../trace/kernel-table';
import { NCHWC } from './nchwc';

export const cpuPoolingKernels: KernelTable = {
  MaxPool: {
    ...poolingKernels.MaxPool,
    lower: (node, lowering) => {
      const { x } = node.inputs;
      if (!lowering.layoutsOf(x).includes('blocked')) return poolingKernels.MaxPool.lower(node, lowering);
      const { kernel_shape, strides, pads } = windowAttributes(poolWindows(x.shape, node.attrs));
      const image = lowering.read(x, 'blocked');
      const name = lowering.emit('MaxPool', [image], { kernel_shape, strides, pads }, NCHWC);
      lowering.define(node.outputs[0], name, 'blocked');
    },
  },
  /** The mean over height and width is a global average pool. */
  Mean: {
    ...reductionKernels.Mean,
    lower: (node, lowering) => {
      const { x } = node.inputs;
      const axes = normalAxes(node.attrs.axis as number[], x.shape.length);
      if (!lowering.layoutsOf(x).includes('blocked') || axes.join() !== '1,2')
        return reductionKernels.Mean.lower(node, lowering);
      const means = lowering.emit('GlobalAveragePool', [lowering.read(x, 'blocked')], {}, NCHWC);
      lowering.define(node.outputs[0], lowering.reshape(means, node.outputs[0].shape));
    },
  },
};
