/** Turns a graph into an ONNX model: keeps every value in the layouts it was made or asked for in. */
import { uniformValue, type Graph, type Node, type Value } from '../graph/graph';
import { OnnxModel, type OnnxAttributes, type OnnxDimension, type OnnxDomain } from '../onnx/model';
import type { KernelTable } from '../trace/kernel-table';
import type { DType } from '../types';
import {
  identity,
  isIdentity,
  NCHW,
  physicalShape,
  sameLayout,
  sameMemory,
  transposition,
  type Layout,
  type Permutation,
} from './layout';

/** What a lowering may use; the kernels are looked up in order. */
export interface Target {
  readonly name: string;
  readonly kernels: readonly KernelTable[];
  /** Channels in a block of NCHWc, or null where the layout is not to be used. */
  readonly block: number | null;
  /** Whether com.microsoft's FusedMatMul may be used. */
  readonly fusedMatMul: boolean;
  /** Whether Sin and Cos are as exact as float32 is. */
  readonly exactSine: boolean;
}

interface Placed {
  readonly name: string;
  readonly layout: Layout;
}

export class Lowering {
  readonly model: OnnxModel;
  private readonly placed = new Map<Value, Placed[]>();
  private readonly sharedNames = new Map<string, string>();
  private label = '';

  constructor(
    readonly graph: Graph,
    readonly target: Target,
    name: string,
    /** The size that stands for "any batch", or null where all sizes are as traced. */
    private readonly anyBatch: number | null = null,
  ) {
    this.model = new OnnxModel(name);
    for (const node of graph.nodes) this.lowerNode(node);
    for (const [outputName, value] of Object.entries(graph.outputs)) this.output(outputName, value);
  }

  /** The layouts a value is at hand in; the first is the one it was made in. */
  layoutsOf(value: Value): Layout[] {
    return (this.placed.get(value) ?? []).map(({ layout }) => layout);
  }

  /** The ONNX name of a value in its logical order, or in the layout that is asked for. */
  read(value: Value, layout: Layout = identity(value.shape.length)): string {
    const places = this.placed.get(value);
    if (!places) return this.materialize(value, layout);
    const there = places.find((place) => sameLayout(place.layout, layout));
    if (there) return there.name;
    const name = this.convert(value, places, layout);
    places.push({ name, layout });
    return name;
  }

  /** Says under which ONNX name, and in which layout, an output of a node is to be had. */
  define(value: Value, name: string, layout: Layout = identity(value.shape.length)): void {
    const places = this.placed.get(value);
    if (places) places.push({ name, layout });
    else this.placed.set(value, [{ name, layout }]);
  }

  /** Writes one ONNX node with one output. */
  emit(
    type: string,
    inputs: readonly string[],
    attributes: OnnxAttributes = {},
    domain: OnnxDomain = '',
  ): string {
    return this.emitMany(type, inputs, 1, attributes, domain)[0];
  }

  emitMany(
    type: string,
    inputs: readonly string[],
    outputs: number,
    attributes: OnnxAttributes = {},
    domain: OnnxDomain = '',
  ): string[] {
    const names = Array.from({ length: outputs }, () => this.model.fresh());
    this.model.node(type, inputs, names, attributes, domain, this.label);
    return names;
  }

  floats(data: ArrayLike<number>, shape: readonly number[] = [data.length]): string {
    return this.model.constant('float32', shape, data);
  }

  scalar(value: number, dtype: DType = 'float32'): string {
    return this.model.constant(dtype, [], [value]);
  }

  /** A constant list of sizes, axes or indices. */
  ints(data: ArrayLike<number>, shape: readonly number[] = [data.length]): string {
    return this.model.constant('int64', shape, data);
  }

  reshape(name: string, shape: readonly number[]): string {
    const sizes = shape.map((size) => (this.isBatch(size) ? -1 : size));
    return this.emit('Reshape', [name, this.ints(sizes)]);
  }

  /** Repeats along axes of size 1 until the tensor has the shape. */
  expand(name: string, shape: readonly number[]): string {
    if (!shape.some((size) => this.isBatch(size))) return this.emit('Expand', [name, this.ints(shape)]);
    const sizes = shape.map((size) =>
      this.isBatch(size) ? this.batchTimes(size / this.anyBatch!) : this.ints([size]),
    );
    return this.emit('Expand', [name, this.emit('Concat', sizes, { axis: 0 })]);
  }

  transpose(name: string, perm: readonly number[]): string {
    return perm.every((axis, i) => axis === i) ? name : this.emit('Transpose', [name], { perm });
  }

  /** A tensor that several nodes need, made once under `key`. */
  shared(key: string, make: () => string): string {
    const name = this.sharedNames.get(key) ?? make();
    this.sharedNames.set(key, name);
    return name;
  }

  private isBatch(size: number): boolean {
    return this.anyBatch !== null && size > 0 && size % this.anyBatch === 0;
  }

  /** A multiple of the batch size of the run, read from the first input that has a batch axis. */
  private batchTimes(factor: number): string {
    const input = this.graph.nodes.find(
      ({ op, outputs }) => op === 'Input' && this.isBatch(outputs[0].shape[0]),
    )!;
    const batch = this.emit('Shape', [input.attrs.name as string], { start: 0, end: 1 });
    return factor === 1 ? batch : this.emit('Mul', [batch, this.ints([factor])]);
  }

  /** Sizes of an input or output; the batch by name. */
  private ports({ shape, dtype }: Value): { shape: OnnxDimension[]; dtype: DType } {
    return { shape: shape.map((size) => (this.isBatch(size) ? 'batch' : size)), dtype };
  }

  private lowerNode(node: Node): void {
    this.label = `${node.scope}/${node.op}`;
    if (node.op === 'Input') {
      const [value] = node.outputs;
      const name = node.attrs.name as string;
      this.model.input(name, this.ports(value));
      this.define(value, name);
    } else if (node.op === 'Constant') {
      const [value] = node.outputs;
      this.define(value, this.model.constant(value.dtype, value.shape, node.attrs.data as ArrayLike<number>));
    } else if (node.op !== 'Uniform') {
      const kernel = this.target.kernels.map((table) => table[node.op]).find((found) => found !== undefined);
      if (!kernel) throw new Error(`The ${this.target.name} lowering has no kernel "${node.op}"`);
      kernel.lower(node, this);
    }
  }

  private output(name: string, value: Value): void {
    this.label = `output/${name}`;
    // An output needs a node of its own: inputs and constants may not be outputs, nor one tensor two of them.
    this.model.node('Identity', [this.read(value)], [name], {}, '', this.label);
    this.model.output(name, this.ports(value));
  }

  /** A uniform value that some op wants as a whole tensor. */
  private materialize(value: Value, layout: Layout): string {
    const fill = uniformValue(value);
    if (fill === undefined) throw new Error(`%${value.id} (${value.node.op}) is used before it is defined`);
    if (value.shape.length === 0) return this.scalar(fill, value.dtype);
    const shape = physicalShape(value.shape, layout === 'blocked' ? NCHW : layout);
    return this.expand(this.scalar(fill, value.dtype), shape);
  }

  private convert(value: Value, places: readonly Placed[], to: Layout): string {
    if (to === 'blocked') {
      const nhwc = places.find(({ layout }) => isIdentity(layout));
      const nchw = places.find(({ layout }) => sameLayout(layout, NCHW));
      return nchw || !nhwc
        ? this.emit('ReorderInput', [nchw ? nchw.name : this.read(value, NCHW)], {}, 'com.microsoft.nchwc')
        : this.emit('ReorderInput', [nhwc.name], { channels_last: 1 }, 'com.microsoft.nchwc');
    }
    const flat = places.find(
      (place): place is { name: string; layout: Permutation } => place.layout !== 'blocked',
    );
    if (!flat) return this.fromBlocked(value, places[0].name, to);
    if (sameMemory(value.shape, flat.layout, to))
      return this.reshape(flat.name, physicalShape(value.shape, to));
    return this.transpose(flat.name, transposition(flat.layout, to));
  }

  private fromBlocked(value: Value, blocked: string, to: Permutation): string {
    const channels = value.shape[3];
    const reorder = (channelsLast: 0 | 1): string =>
      this.emit('ReorderOutput', [blocked], { channels, channels_last: channelsLast }, 'com.microsoft.nchwc');
    if (isIdentity(to)) return reorder(1);
    const nchw = reorder(0);
    return this.transpose(nchw, transposition(NCHW, to));
  }
}

/** The ONNX bytes of a graph for a target. */
export function lower(graph: Graph, target: Target, name: string, anyBatch: number | null = null): OnnxModel {
  return new Lowering(graph, target, name, anyBatch).model;
}
