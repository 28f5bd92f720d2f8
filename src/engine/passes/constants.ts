/** What is known at compile time is computed at compile time; numbers that fill a whole tensor stay one number. */
import { findBackend, getKernel, type KernelBackend, type TensorInfo } from '@tensorflow/tfjs-core';
import {
  constantData,
  elements,
  uniformValue,
  type Graph,
  type GraphBuilder,
  type Inputs,
  type Node,
  type Value,
} from '../graph/graph';
import { kernels } from '../kernels';
import type { TensorSpec } from '../types';
import { rewrite } from './rewrite';

/** Larger results are left to the device: they would only make the model big. */
const LARGEST_CONSTANT = 65_536;

export function foldConstants(graph: Graph): Graph {
  return rewrite(graph, (node, inputs, builder) => {
    const [output] = node.outputs;
    const fill = filling(node, inputs);
    if (fill !== undefined) return [builder.uniform(fill, output, node.scope)];
    return simplified(node, inputs, builder) ?? computed(node, inputs, builder);
  });
}

/** The number that fills the node's output, where that can be told. */
function filling({ op, attrs, outputs }: Node, inputs: Inputs): number | undefined {
  const values = Object.values(inputs);
  if (op === 'ZerosLike') return 0;
  if (op === 'OnesLike') return 1;
  if (op === 'Fill') return Number(attrs.value);
  if (values.length === 0) return undefined;
  const fills = values.map(uniformValue);
  if (fills.some((fill) => fill === undefined)) return undefined;
  if (MOVES_ONLY.has(op) && fills.every((fill) => Object.is(fill, fills[0]))) return fills[0];
  if (!kernels[op]?.elementwise || outputs.length !== 1) return undefined;
  const scalars = Object.fromEntries(
    Object.entries(inputs).map(([key, { dtype }], i) => [key, { data: [fills[i]!], shape: [], dtype }]),
  );
  return evaluate(op, scalars, attrs)?.[0];
}

/** Ops whose output holds only numbers of their inputs, in whatever order. */
const MOVES_ONLY = new Set([
  'Reshape',
  'ExpandDims',
  'Transpose',
  'Tile',
  'Slice',
  'StridedSlice',
  'Concat',
  'Pack',
  'Reverse',
  'Identity',
  'Max',
  'Min',
  'Mean',
  'GatherV2',
]);

/** x * 1, x + 0, casts to the same type and the like. */
function simplified(node: Node, inputs: Inputs, builder: GraphBuilder): readonly Value[] | undefined {
  const { op, attrs, outputs } = node;
  const [output] = outputs;
  const { a, b, x } = inputs;
  const same = (value: Value): boolean =>
    value.dtype === output.dtype && value.shape.join() === output.shape.join();
  const keep = (value: Value): readonly Value[] | undefined => {
    if (same(value)) return [value];
    if (value.dtype !== output.dtype) return undefined;
    return broadcast(value, output, node, builder);
  };
  if (op === 'Identity' || ((op === 'Cast' || op === 'Reshape') && same(x))) return keep(x);
  if (op === 'Reshape' && x.node.op === 'Reshape' && x.node.inputs.x) {
    const source = x.node.inputs.x;
    return same(source)
      ? [source]
      : builder.add('Reshape', { x: source }, attrs, outputs, node.scope).outputs;
  }
  if (op === 'Transpose' && (attrs.perm as number[]).every((axis, i) => axis === i)) return [x];
  if (op === 'Multiply') return uniformValue(b) === 1 ? keep(a) : uniformValue(a) === 1 ? keep(b) : undefined;
  if (op === 'Add') return uniformValue(b) === 0 ? keep(a) : uniformValue(a) === 0 ? keep(b) : undefined;
  if (op === 'Sub' || op === 'RealDiv')
    return uniformValue(b) === (op === 'Sub' ? 0 : 1) ? keep(a) : undefined;
  return undefined;
}

/** Tile to the output's shape, after leading axes of 1. */
function broadcast(value: Value, output: Value, { scope }: Node, builder: GraphBuilder): readonly Value[] {
  const padded = [...new Array<number>(output.shape.length - value.shape.length).fill(1), ...value.shape];
  const full =
    padded.length === value.shape.length
      ? value
      : builder.add(
          'Reshape',
          { x: value },
          { shape: padded },
          [{ shape: padded, dtype: value.dtype }],
          scope,
        ).outputs[0];
  const reps = output.shape.map((n, axis) => n / padded[axis]);
  return builder.add('Tile', { x: full }, { reps }, [output], scope).outputs;
}

function computed(
  { op, attrs, outputs, scope }: Node,
  inputs: Inputs,
  builder: GraphBuilder,
): readonly Value[] | undefined {
  if (op === 'Input' || op === 'Constant' || op === 'Uniform') return undefined;
  if (outputs.length !== 1 || elements(outputs[0]) > LARGEST_CONSTANT) return undefined;
  const known: Record<string, HostValue> = {};
  for (const [key, value] of Object.entries(inputs)) {
    const data = elements(value) <= LARGEST_CONSTANT ? constantData(value) : undefined;
    if (!data) return undefined;
    known[key] = { data, shape: value.shape, dtype: value.dtype };
  }
  const result = evaluate(op, known, attrs);
  return result && [builder.constant(result, outputs[0], scope)];
}

interface HostValue extends TensorSpec {
  readonly data: ArrayLike<number>;
}

/** Runs one kernel on tfjs's cpu backend. Undefined where that backend lacks it. */
function evaluate(
  op: string,
  inputs: Record<string, HostValue>,
  attrs: Node['attrs'],
): ArrayLike<number> | undefined {
  const kernel = getKernel(op, 'cpu');
  if (!kernel || OWN.test(op)) return undefined;
  const backend = findBackend('cpu') as KernelBackend & {
    makeTensorInfo(shape: number[], dtype: string, values: ArrayLike<number>): TensorInfo;
  };
  const tensors = Object.fromEntries(
    Object.entries(inputs).map(([key, { data, shape, dtype }]) => {
      const Type = dtype === 'float32' ? Float32Array : dtype === 'int32' ? Int32Array : Uint8Array;
      return [key, backend.makeTensorInfo([...shape], dtype, Type.from(data))];
    }),
  );
  const list = 'x' in inputs || 'a' in inputs || Number.isNaN(Number(Object.keys(inputs)[0] ?? 'x'));
  const result = kernel.kernelFunc({
    inputs: (list ? tensors : Object.values(tensors)) as never,
    backend,
    attrs: attrs as never,
  }) as TensorInfo;
  const data = backend.readSync(result.dataId) as unknown as ArrayLike<number>;
  for (const tensor of [...Object.values(tensors), result]) backend.disposeData(tensor.dataId);
  return data;
}

/** Kernels composed of tfjs ops need a current backend and are never constant. */
const OWN = /^(BatchNormTraining|LayerNorm|Gelu)/;
