/** Column sums, the gradient of a bias, as ones x matrix: several times as fast as ReduceSum over leading axes. */
import { elements } from '../../graph/graph';
import { normalAxes } from '../../kernels/inference';
import { sumRows } from '../../kernels/normalization';
import { reductionKernels } from '../../kernels/reductions';
import type { KernelTable } from '../../trace/kernel-table';
import { isIdentity } from '../layout';

/** Fewer rows are not worth a product. */
const FEWEST_ROWS = 64;

export const cpuReductionKernels: KernelTable = {
  Sum: {
    ...reductionKernels.Sum,
    lower: (node, lowering) => {
      const { x } = node.inputs;
      const [output] = node.outputs;
      const axes = normalAxes(node.attrs.axis as number[], x.shape.length).sort((a, b) => a - b);
      const rows = axes.reduce((product, axis) => product * x.shape[axis], 1);
      const leading = axes.length > 0 && axes.length < x.shape.length && axes.every((axis, i) => axis === i);
      const plain = lowering.layoutsOf(x).some(isIdentity);
      if (!leading || !plain || rows < FEWEST_ROWS || x.dtype !== 'float32')
        return reductionKernels.Sum.lower(node, lowering);
      const sums = sumRows(lowering.read(x), rows, elements(x) / rows, lowering);
      lowering.define(output, lowering.reshape(sums, output.shape));
    },
  },
};
