/** Reshaping, reordering, joining and cutting. */
import { slice_util } from '@tensorflow/tfjs-core';
import { elements, type Attrs, type Value } from '../graph/graph';
import { identity, renamed, sameMemory, type Permutation } from '../lower/layout';
import type { Lowering } from '../lower/lowering';
import type { Kernel, KernelTable } from '../trace/kernel-table';
import type { TensorSpec } from '../types';
import { listOf, normalAxes } from './inference';

/** A layout in which the memory is as in logical order (axes of size 1 may stand anywhere), or undefined. */
function contiguous(value: Value, lowering: Lowering): Permutation | undefined {
  return lowering
    .layoutsOf(value)
    .find(
      (layout): layout is Permutation =>
        layout !== 'blocked' && sameMemory(value.shape, layout, identity(value.shape.length)),
    );
}

function lowerReshape(x: Value, output: Value, lowering: Lowering): void {
  const name = lowering.read(x, contiguous(x, lowering));
  lowering.define(output, lowering.reshape(name, output.shape));
}

const reshape: Kernel = {
  infer: ({ x }, { shape }) => {
    const sizes = shape as number[];
    const known = sizes.reduce((product, n) => (n === -1 ? product : product * n), 1);
    return [{ shape: sizes.map((n) => (n === -1 ? elements(x) / known : n)), dtype: x.dtype }];
  },
  lower: ({ inputs: { x }, outputs: [output] }, lowering) => lowerReshape(x, output, lowering),
};

const expandDims: Kernel = {
  infer: ({ input }, { dim }) => {
    const [axis] = normalAxes(dim as number, input.shape.length + 1);
    return [{ shape: [...input.shape.slice(0, axis), 1, ...input.shape.slice(axis)], dtype: input.dtype }];
  },
  lower: ({ inputs: { input }, outputs: [output] }, lowering) => lowerReshape(input, output, lowering),
};

/** Nothing moves: the result is the same memory under a renamed layout. */
const transpose: Kernel = {
  infer: ({ x }, { perm }) => [{ shape: (perm as number[]).map((axis) => x.shape[axis]), dtype: x.dtype }],
  lower: ({ inputs: { x }, attrs, outputs: [output] }, lowering) => {
    const perm = attrs.perm as number[];
    const flat = lowering.layoutsOf(x).filter((layout): layout is Permutation => layout !== 'blocked');
    for (const layout of flat.length ? flat : [identity(x.shape.length)])
      lowering.define(output, lowering.read(x, layout), renamed(layout, perm));
  },
};

const concat: Kernel = {
  infer: (inputs, { axis }) => {
    const parts = listOf(inputs);
    const [along] = normalAxes(axis as number, parts[0].shape.length);
    const total = parts.reduce((sum, { shape }) => sum + shape[along], 0);
    return [{ shape: parts[0].shape.map((n, i) => (i === along ? total : n)), dtype: parts[0].dtype }];
  },
  lower: ({ inputs, attrs, outputs: [output] }, lowering) => {
    const parts = listOf(inputs).filter((part) => elements(part) > 0);
    const [axis] = normalAxes(attrs.axis as number, output.shape.length);
    lowering.define(
      output,
      lowering.emit(
        'Concat',
        parts.map((part) => lowering.read(part)),
        { axis },
      ),
    );
  },
};

const pack: Kernel = {
  infer: (inputs, { axis }) => {
    const parts = listOf(inputs);
    const [along] = normalAxes(axis as number, parts[0].shape.length + 1);
    return [
      {
        shape: [...parts[0].shape.slice(0, along), parts.length, ...parts[0].shape.slice(along)],
        dtype: parts[0].dtype,
      },
    ];
  },
  lower: ({ inputs, attrs, outputs: [output] }, lowering) => {
    const [axis] = normalAxes(attrs.axis as number, output.shape.length);
    const slot = output.shape.map((n, i) => (i === axis ? 1 : n));
    const parts = listOf(inputs).map((part) => lowering.reshape(lowering.read(part), slot));
    lowering.define(output, lowering.emit('Concat', parts, { axis }));
  },
};

function splitSizes(x: Value, { numOrSizeSplits, axis }: Attrs): { along: number; sizes: number[] } {
  const [along] = normalAxes(axis as number, x.shape.length);
  const given = numOrSizeSplits as number | number[];
  if (typeof given === 'number')
    return { along, sizes: new Array<number>(given).fill(x.shape[along] / given) };
  const known = given.reduce((sum, n) => (n === -1 ? sum : sum + n), 0);
  return { along, sizes: given.map((n) => (n === -1 ? x.shape[along] - known : n)) };
}

const split: Kernel = {
  returnsList: true,
  infer: ({ x }, attrs) => {
    const { along, sizes } = splitSizes(x, attrs);
    return sizes.map((size) => ({ shape: x.shape.map((n, i) => (i === along ? size : n)), dtype: x.dtype }));
  },
  lower: ({ inputs: { x }, attrs, outputs }, lowering) => {
    const { along, sizes } = splitSizes(x, attrs);
    const names = lowering.emitMany('Split', [lowering.read(x), lowering.ints(sizes)], sizes.length, {
      axis: along,
    });
    for (const [i, output] of outputs.entries()) lowering.define(output, names[i]);
  },
};

const unpack: Kernel = {
  returnsList: true,
  infer: ({ value }, { axis }) => {
    const [along] = normalAxes(axis as number, value.shape.length);
    const part = { shape: value.shape.filter((_, i) => i !== along), dtype: value.dtype };
    return new Array<TensorSpec>(value.shape[along]).fill(part);
  },
  lower: ({ inputs: { value }, attrs, outputs }, lowering) => {
    const [axis] = normalAxes(attrs.axis as number, value.shape.length);
    const sizes = lowering.ints(new Array<number>(outputs.length).fill(1));
    const names = lowering.emitMany('Split', [lowering.read(value), sizes], outputs.length, { axis });
    for (const [i, output] of outputs.entries())
      lowering.define(output, lowering.reshape(names[i], output.shape));
  },
};

function cut(x: Value, begin: number[], end: number[], steps: number[], lowering: Lowering): string {
  const axes = begin
    .map((_, axis) => axis)
    .filter((i) => begin[i] !== 0 || steps[i] !== 1 || end[i] !== x.shape[i]);
  if (axes.length === 0) return lowering.emit('Identity', [lowering.read(x)]);
  const pick = (list: number[]) => lowering.ints(axes.map((axis) => list[axis]));
  return lowering.emit('Slice', [lowering.read(x), pick(begin), pick(end), lowering.ints(axes), pick(steps)]);
}

const slice: Kernel = {
  infer: ({ x }, { begin, size }) => {
    const [starts, sizes] = slice_util.parseSliceParams(
      { shape: [...x.shape] } as never,
      begin as number[],
      size as number[],
    );
    slice_util.assertParamsValid({ shape: [...x.shape] } as never, starts, sizes);
    return [{ shape: sizes, dtype: x.dtype }];
  },
  lower: ({ inputs: { x }, attrs, outputs: [output] }, lowering) => {
    const [starts, sizes] = slice_util.parseSliceParams(
      { shape: [...x.shape] } as never,
      attrs.begin as number[],
      attrs.size as number[],
    );
    const end = starts.map((start, i) => start + sizes[i]);
    lowering.define(
      output,
      cut(
        x,
        starts,
        end,
        starts.map(() => 1),
        lowering,
      ),
    );
  },
};

const stridedInfo = (x: Value, attrs: Attrs): ReturnType<typeof slice_util.sliceInfo> => {
  const { begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } =
    attrs as Record<string, number[]> & Record<`${string}Mask`, number>;
  return slice_util.sliceInfo(
    [...x.shape],
    begin,
    end,
    strides,
    beginMask ?? 0,
    endMask ?? 0,
    ellipsisMask ?? 0,
    newAxisMask ?? 0,
    shrinkAxisMask ?? 0,
  );
};

const stridedSlice: Kernel = {
  infer: ({ x }, attrs) => [{ shape: stridedInfo(x, attrs).finalShape, dtype: x.dtype }],
  lower: ({ inputs: { x }, attrs, outputs: [output] }, lowering) => {
    const { begin, end, strides } = stridedInfo(x, attrs);
    // A backward cut that runs past the first element ends "before 0", which ONNX wants as a very small number.
    const last = end.map((stop, i) => (strides[i] < 0 && stop < 0 ? -(2 ** 31) : stop));
    lowering.define(output, lowering.reshape(cut(x, begin, last, strides, lowering), output.shape));
  },
};

const reverse: Kernel = {
  infer: ({ x }) => [x],
  lower: ({ inputs: { x }, attrs, outputs: [output] }, lowering) => {
    const axes = normalAxes(attrs.dims as number[], x.shape.length);
    if (axes.length === 0) {
      lowering.define(output, lowering.emit('Identity', [lowering.read(x)]));
      return;
    }
    const each = (n: number) => lowering.ints(axes.map(() => n));
    lowering.define(
      output,
      lowering.emit('Slice', [lowering.read(x), each(-1), each(-(2 ** 31)), lowering.ints(axes), each(-1)]),
    );
  },
};

const pad: Kernel = {
  infer: ({ x }, { paddings }) => [
    {
      shape: x.shape.map((n, i) => n + (paddings as number[][])[i][0] + (paddings as number[][])[i][1]),
      dtype: x.dtype,
    },
  ],
  lower: ({ inputs: { x }, attrs, outputs: [output] }, lowering) => {
    const paddings = attrs.paddings as [number, number][];
    const pads = lowering.ints([
      ...paddings.map(([before]) => before),
      ...paddings.map(([, after]) => after),
    ]);
    const fill = lowering.scalar((attrs.constantValue as number | undefined) ?? 0, x.dtype);
    lowering.define(output, lowering.emit('Pad', [lowering.read(x), pads, fill]));
  },
};

const tile: Kernel = {
  infer: ({ x }, { reps }) => [{ shape: x.shape.map((n, i) => n * (reps as number[])[i]), dtype: x.dtype }],
  lower: ({ inputs: { x }, attrs, outputs: [output] }, lowering) => {
    const reps = attrs.reps as number[];
    const broadcasts = reps.every((n, axis) => n === 1 || x.shape[axis] === 1);
    const name = lowering.read(x);
    lowering.define(
      output,
      broadcasts ? lowering.expand(name, output.shape) : lowering.emit('Tile', [name, lowering.ints(reps)]),
    );
  },
};

/** What fills a tensor with one number becomes `Uniform` in a pass; these kernels only say its shape. */
const fill = (infer: Kernel['infer']): Kernel => ({
  infer,
  lower: ({ op }) => {
    throw new Error(`${op} should have been folded`);
  },
});

export const shapeKernels: KernelTable = {
  Reshape: reshape,
  ExpandDims: expandDims,
  Transpose: transpose,
  Concat: concat,
  Pack: pack,
  SplitV: split,
  Unpack: unpack,
  Slice: slice,
  StridedSlice: stridedSlice,
  Reverse: reverse,
  PadV2: pad,
  Tile: tile,
  ZerosLike: fill(({ x }) => [x]),
  OnesLike: fill(({ x }) => [x]),
  Fill: fill((_, { shape, value, dtype }) => [
    {
      shape: shape as number[],
      dtype: (dtype ?? (typeof value === 'boolean' ? 'bool' : 'float32')) as TensorSpec['dtype'],
    },
  ]),
  Range: fill((_, { start, stop, step, dtype }) => [
    {
      shape: [Math.max(0, Math.ceil(((stop as number) - (start as number)) / (step as number)))],
      dtype: (dtype ?? 'float32') as TensorSpec['dtype'],
    },
  ]),
};
