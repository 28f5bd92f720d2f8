/** Taking rows by index, and its gradient. */
import { elements } from '../graph/graph';
import type { Lowering } from '../lower/lowering';
import type { Kernel, KernelTable } from '../trace/kernel-table';
import { normalAxes } from './inference';

const gather: Kernel = {
  infer: ({ x, indices }, { axis, batchDims }) => {
    if (batchDims)
      throw new Error('batchDims other than 0 is not supported; gather per batch item, or use matMul');
    const [along] = normalAxes(axis as number, x.shape.length);
    return [
      { shape: [...x.shape.slice(0, along), ...indices.shape, ...x.shape.slice(along + 1)], dtype: x.dtype },
    ];
  },
  lower: ({ inputs: { x, indices }, attrs, outputs: [output] }, lowering) => {
    const [axis] = normalAxes(attrs.axis as number, x.shape.length);
    lowering.define(output, lowering.emit('Gather', [lowering.read(x), lowering.read(indices)], { axis }));
  },
};

/** Rows added up by segment: the gradient of gather. One-hot times rows, which is deterministic on every device. */
const segmentSum: Kernel = {
  infer: ({ x, segmentIds }, { numSegments }) => {
    if (segmentIds.shape.length !== 1) throw new Error('segment ids of rank 1 only');
    return [{ shape: [numSegments as number, ...x.shape.slice(1)], dtype: x.dtype }];
  },
  lower: ({ inputs: { x, segmentIds }, outputs: [output] }, lowering) => {
    const rows = x.shape[0];
    const ids = lowering.reshape(lowering.read(segmentIds), [1, rows]);
    const oneHot = isIndex(ids, [output.shape[0], 1], lowering);
    const flat = lowering.reshape(lowering.read(x), [rows, elements(x) / rows]);
    lowering.define(output, lowering.reshape(lowering.emit('MatMul', [oneHot, flat]), output.shape));
  },
};

const oneHot: Kernel = {
  infer: ({ indices }, { depth, dtype }) => [
    { shape: [...indices.shape, depth as number], dtype: dtype === 'int32' ? 'int32' : 'float32' },
  ],
  lower: ({ inputs: { indices }, attrs, outputs: [output] }, lowering) => {
    const { depth, onValue, offValue } = attrs as { depth: number; onValue: number; offValue: number };
    const flags = isIndex(lowering.reshape(lowering.read(indices), [...indices.shape, 1]), [depth], lowering);
    const on = lowering.scalar(onValue - offValue);
    const scaled = lowering.emit('Add', [lowering.emit('Mul', [flags, on]), lowering.scalar(offValue)]);
    const plain = onValue === 1 && offValue === 0;
    const floats = plain ? flags : scaled;
    lowering.define(output, output.dtype === 'int32' ? lowering.emit('Cast', [floats], { to: 6 }) : floats);
  },
};

/** 1 where an index is its place along a range of the given shape, else 0. ONNX's OneHot lacks types on some providers. */
export function isIndex(indices: string, shape: readonly number[], lowering: Lowering): string {
  const range = Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i);
  const equal = lowering.emit('Equal', [indices, lowering.model.constant('int32', shape, range)]);
  return lowering.emit('Cast', [equal], { to: 1 });
}

export const indexingKernels: KernelTable = {
  GatherV2: gather,
  UnsortedSegmentSum: segmentSum,
  OneHot: oneHot,
};
