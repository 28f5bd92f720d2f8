/** Batch and layer normalization and their gradients in standard ONNX ops. */
import { elements, type Value } from '../graph/graph';
import { identity, type Permutation } from '../lower/layout';
import type { Lowering } from '../lower/lowering';
import type { BatchNormAttrs } from '../ops/batch-norm';
import type { LayerNormAttrs } from '../ops/layer-norm';
import type { Kernel, KernelTable } from '../trace/kernel-table';
import type { TensorSpec } from '../types';
import { heaviside } from './elementwise';

const channel = (x: TensorSpec): TensorSpec => ({ shape: [x.shape.at(-1)!], dtype: 'float32' });

/** A calculator over ONNX names, so that formulas read as formulas. */
export function calculator(lowering: Lowering) {
  const operand = (x: string | number) => (typeof x === 'number' ? lowering.scalar(x) : x);
  const op =
    (type: string) =>
    (...inputs: (string | number)[]): string =>
      lowering.emit(type, inputs.map(operand));
  return {
    add: op('Add'),
    sub: op('Sub'),
    mul: op('Mul'),
    div: op('Div'),
    sqrt: op('Sqrt'),
    relu: op('Relu'),
    reciprocal: op('Reciprocal'),
  };
}

/** How a tensor lies, and how a value per channel is shaped to be broadcast to it. */
interface Channels {
  readonly layout: Permutation;
  readonly shape: readonly number[];
  /** All physical axes but the channels'. */
  readonly axes: string;
  /** Elements a channel. */
  readonly count: number;
}

function channelsOf(x: Value, lowering: Lowering): Channels {
  const rank = x.shape.length;
  const flat = lowering.layoutsOf(x).find((layout): layout is Permutation => layout !== 'blocked');
  const layout = flat ?? identity(rank);
  return {
    layout,
    shape: layout.map((axis) => (axis === rank - 1 ? x.shape[axis] : 1)),
    axes: lowering.ints(layout.flatMap((axis, i) => (axis === rank - 1 ? [] : [i]))),
    count: elements(x) / x.shape[rank - 1],
  };
}

const inverseDeviation = (variance: string, epsilon: number, lowering: Lowering): string => {
  const { add, sqrt, reciprocal } = calculator(lowering);
  return reciprocal(sqrt(add(variance, epsilon)));
};

const batchNorm: Kernel = {
  infer: ({ x }) => [x, channel(x), channel(x)],
  lower: ({ inputs: { x, scale, offset, residual }, attrs, outputs: [y, mean, variance] }, lowering) => {
    const { epsilon, relu } = attrs as unknown as BatchNormAttrs;
    const { add, sub, mul, relu: rectify } = calculator(lowering);
    const { layout, shape, axes } = channelsOf(x, lowering);
    const image = lowering.read(x, layout);
    const perChannel = (value: Value) => lowering.reshape(lowering.read(value), shape);
    const centre = lowering.emit('ReduceMean', [image, axes], { keepdims: 1 });
    const centred = sub(image, centre);
    const spread = lowering.emit('ReduceMean', [mul(centred, centred), axes], { keepdims: 1 });
    const factor = mul(perChannel(scale), inverseDeviation(spread, epsilon, lowering));
    const normalized = add(mul(centred, factor), perChannel(offset));
    const total = residual ? add(normalized, lowering.read(residual, layout)) : normalized;
    lowering.define(y, relu ? rectify(total) : total, layout);
    lowering.define(mean, lowering.reshape(centre, mean.shape));
    lowering.define(variance, lowering.reshape(spread, variance.shape));
  },
};

const batchNormGradient: Kernel = {
  infer: ({ x, scale }) => [x, scale, scale, x],
  lower: ({ inputs, attrs, outputs: [dx, dScale, dOffset, dResidual] }, lowering) => {
    const { x, y, dy, scale, mean, variance } = inputs;
    const { epsilon, relu } = attrs as unknown as BatchNormAttrs;
    const { sub, mul, div, add } = calculator(lowering);
    const { layout, shape, axes, count } = channelsOf(x, lowering);
    const perChannel = (value: Value) => lowering.reshape(lowering.read(value), shape);
    const sum = (name: string) => lowering.emit('ReduceSum', [name, axes], { keepdims: 1 });
    const error = lowering.read(dy, layout);
    const masked = relu ? mul(error, heaviside(lowering.read(y, layout), lowering)) : error;
    const inverse = inverseDeviation(perChannel(variance), epsilon, lowering);
    const normalized = mul(sub(lowering.read(x, layout), perChannel(mean)), inverse);
    const offsetGradient = sum(masked);
    const scaleGradient = sum(mul(masked, normalized));
    const projection = add(div(offsetGradient, count), mul(normalized, div(scaleGradient, count)));
    lowering.define(dx, mul(sub(masked, projection), mul(perChannel(scale), inverse)), layout);
    lowering.define(dScale, lowering.reshape(scaleGradient, dScale.shape));
    lowering.define(dOffset, lowering.reshape(offsetGradient, dOffset.shape));
    lowering.define(dResidual, masked, layout);
  },
};

const fixedStatistics: Kernel = {
  infer: ({ x }) => [x],
  lower: ({ inputs: { x, scale, offset, mean, variance }, attrs, outputs: [output] }, lowering) => {
    const { sub, mul, add } = calculator(lowering);
    const { layout, shape } = channelsOf(x, lowering);
    const perChannel = (value: Value) => lowering.reshape(lowering.read(value), shape);
    const inverse = inverseDeviation(perChannel(variance), attrs.varianceEpsilon as number, lowering);
    const factor = scale ? mul(perChannel(scale), inverse) : inverse;
    const centred = mul(sub(lowering.read(x, layout), perChannel(mean)), factor);
    lowering.define(output, offset ? add(centred, perChannel(offset)) : centred, layout);
  },
};

const layerNorm: Kernel = {
  infer: ({ x }) => {
    const statistic: TensorSpec = { shape: [...x.shape.slice(0, -1), 1], dtype: 'float32' };
    return [x, statistic, statistic];
  },
  lower: ({ inputs: { x, scale, offset }, attrs, outputs }, lowering) => {
    const { epsilon } = attrs as unknown as LayerNormAttrs;
    const names = lowering.emitMany(
      'LayerNormalization',
      [lowering.read(x), lowering.read(scale), lowering.read(offset)],
      3,
      { axis: -1, epsilon: { float: epsilon } },
    );
    for (const [i, output] of outputs.entries()) lowering.define(output, names[i]);
  },
};

const layerNormGradient: Kernel = {
  infer: ({ x, scale }) => [x, scale, scale],
  lower: ({ inputs: { dy, x, scale, inverse }, attrs, outputs: [dx, dScale, dOffset] }, lowering) => {
    const { sub, mul } = calculator(lowering);
    const [rows, width] = [elements(x) / x.shape.at(-1)!, x.shape.at(-1)!];
    const average = (name: string) =>
      lowering.emit('ReduceMean', [name, lowering.ints([-1])], { keepdims: 1 });
    const error = lowering.read(dy);
    const deviation = lowering.read(inverse);
    // Normalizing once more is one pass; from the mean and deviation it would be two.
    const [unit, none] = [1, 0].map((fill) => lowering.floats(new Float32Array(width).fill(fill)));
    const normalized = lowering.emit('LayerNormalization', [lowering.read(x), unit, none], {
      axis: -1,
      epsilon: { float: (attrs as unknown as LayerNormAttrs).epsilon },
    });
    const inner = mul(error, lowering.read(scale));
    const projection = mul(normalized, average(mul(inner, normalized)));
    lowering.define(dx, mul(sub(sub(inner, average(inner)), projection), deviation));
    lowering.define(dScale, sumRows(mul(error, normalized), rows, width, lowering));
    lowering.define(dOffset, sumRows(error, rows, width, lowering));
  },
};

/** Column sums of [rows, width] as ones x matrix, which is faster than ReduceSum on CPU. */
export function sumRows(name: string, rows: number, width: number, lowering: Lowering): string {
  const ones = lowering.floats(new Float32Array(rows).fill(1), [1, rows]);
  return lowering.reshape(lowering.emit('MatMul', [ones, lowering.reshape(name, [rows, width])]), [width]);
}

export const normalizationKernels: KernelTable = {
  BatchNormTraining: batchNorm,
  BatchNormTrainingGrad: batchNormGradient,
  FusedBatchNorm: fixedStatistics,
  LayerNorm: layerNorm,
  LayerNormGrad: layerNormGradient,
};
