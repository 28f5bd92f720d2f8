/** Reductions, and what picks or accumulates along an axis. */
import { type Node } from '../graph/graph';
import { identity, type Permutation } from '../lower/layout';
import type { Lowering } from '../lower/lowering';
import type { Kernel, KernelTable } from '../trace/kernel-table';
import type { DType } from '../types';
import { normalAxes } from './inference';

interface ReductionAttrs {
  axis?: number | number[];
  reductionIndices?: number | number[];
  keepDims?: boolean;
}

const axesOf = ({ attrs, inputs: { x } }: Pick<Node, 'attrs' | 'inputs'>): number[] => {
  const { axis, reductionIndices } = attrs as ReductionAttrs;
  return normalAxes(reductionIndices ?? axis, x.shape.length);
};

/** The first layout at hand that is a permutation; reductions follow it instead of moving their input. */
export function flatLayout(node: Node, lowering: Lowering): Permutation {
  const { x } = node.inputs;
  const flat = lowering.layoutsOf(x).find((layout): layout is Permutation => layout !== 'blocked');
  return flat ?? identity(x.shape.length);
}

function reduction(
  emit: (x: string, axes: string, keep: 0 | 1, lowering: Lowering) => string,
  dtype?: DType,
): Kernel {
  return {
    infer: (inputs, attrs) => {
      const axes = axesOf({ inputs, attrs });
      const { keepDims } = attrs as ReductionAttrs;
      const shape = inputs.x.shape.map((n, axis) => (axes.includes(axis) ? 1 : n));
      return [
        {
          shape: keepDims ? shape : shape.filter((_, axis) => !axes.includes(axis)),
          dtype: dtype ?? inputs.x.dtype,
        },
      ];
    },
    lower: (node, lowering) => {
      const axes = axesOf(node);
      const keep = (node.attrs as ReductionAttrs).keepDims ? 1 : 0;
      const [output] = node.outputs;
      if (axes.length === 0) {
        lowering.define(output, lowering.emit('Identity', [lowering.read(node.inputs.x)]));
        return;
      }
      const layout = flatLayout(node, lowering);
      const physical = axes.map((axis) => layout.indexOf(axis)).sort((a, b) => a - b);
      const name = emit(lowering.read(node.inputs.x, layout), lowering.ints(physical), keep, lowering);
      const left = layout.filter((axis) => !axes.includes(axis));
      const order = [...left].sort((a, b) => a - b);
      lowering.define(output, name, keep ? layout : left.map((axis) => order.indexOf(axis)));
    },
  };
}

const onnx = (type: string) => (x: string, axes: string, keepdims: 0 | 1, lowering: Lowering) =>
  lowering.emit(type, [x, axes], { keepdims });

/** ONNX reduces numbers only: bool goes through int32. */
const logical = (type: string) => (x: string, axes: string, keepdims: 0 | 1, lowering: Lowering) =>
  lowering.emit('Cast', [lowering.emit(type, [lowering.emit('Cast', [x], { to: 6 }), axes], { keepdims })], {
    to: 9,
  });

/** tfjs's mean of whole numbers is a fraction, ONNX's is cut off. */
const floats = (kernel: Kernel): Kernel => ({
  ...kernel,
  infer: (inputs, attrs) => {
    if (inputs.x.dtype !== 'float32')
      throw new Error(`the mean of ${inputs.x.dtype} is not supported; cast to float32 first`);
    return kernel.infer(inputs, attrs);
  },
});

function argument(type: 'ArgMax' | 'ArgMin'): Kernel {
  return {
    infer: ({ x }, { axis }) => {
      const [along] = normalAxes(axis as number, x.shape.length);
      return [{ shape: x.shape.filter((_, i) => i !== along), dtype: 'int32' }];
    },
    lower: ({ inputs: { x }, attrs, outputs: [output] }, lowering) => {
      const [axis] = normalAxes(attrs.axis as number, x.shape.length);
      const index = lowering.emit(type, [lowering.read(x)], { axis, keepdims: 0 });
      lowering.define(output, lowering.emit('Cast', [index], { to: 6 }));
    },
  };
}

const topK: Kernel = {
  infer: ({ x }, { k }) => {
    const shape = [...x.shape.slice(0, -1), k as number];
    return [
      { shape, dtype: x.dtype },
      { shape, dtype: 'int32' },
    ];
  },
  lower: ({ inputs: { x }, attrs, outputs: [values, indices] }, lowering) => {
    const inputs = [lowering.read(x), lowering.ints([attrs.k as number])];
    const [best, places] = lowering.emitMany('TopK', inputs, 2, { axis: -1, largest: 1, sorted: 1 });
    lowering.define(values, best);
    lowering.define(indices, lowering.emit('Cast', [places], { to: 6 }));
  },
};

const cumsum: Kernel = {
  infer: ({ x }) => [x],
  lower: ({ inputs: { x }, attrs, outputs: [output] }, lowering) => {
    const [axis] = normalAxes(attrs.axis as number, x.shape.length);
    const flags = { exclusive: attrs.exclusive ? 1 : 0, reverse: attrs.reverse ? 1 : 0 };
    lowering.define(output, lowering.emit('CumSum', [lowering.read(x), lowering.ints([axis], [])], flags));
  },
};

const softmax = (type: 'Softmax' | 'LogSoftmax', operand: 'logits'): Kernel => ({
  infer: (inputs) => [inputs[operand]],
  lower: ({ inputs, attrs, outputs: [output] }, lowering) => {
    const axis = ((attrs.dim ?? attrs.axis ?? -1) as number) % output.shape.length;
    lowering.define(output, lowering.emit(type, [lowering.read(inputs[operand])], { axis }));
  },
});

export const reductionKernels: KernelTable = {
  Sum: reduction(onnx('ReduceSum')),
  Mean: floats(reduction(onnx('ReduceMean'))),
  Max: reduction(onnx('ReduceMax')),
  Min: reduction(onnx('ReduceMin')),
  Prod: reduction(onnx('ReduceProd')),
  All: reduction(logical('ReduceMin'), 'bool'),
  Any: reduction(logical('ReduceMax'), 'bool'),
  ArgMax: argument('ArgMax'),
  ArgMin: argument('ArgMin'),
  TopK: topK,
  Cumsum: cumsum,
  Softmax: softmax('Softmax', 'logits'),
  LogSoftmax: softmax('LogSoftmax', 'logits'),
};
