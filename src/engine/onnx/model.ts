/** An ONNX model being written: nodes, constants, inputs and outputs. */
import type { DType, TensorSpec } from '../types';
import { Message } from './protobuf';

/** TensorProto.DataType. */
export const ONNX_TYPE = { float32: 1, int32: 6, int64: 7, bool: 9 } as const;
type OnnxType = keyof typeof ONNX_TYPE;

/** Attribute values by the kind they are written as; a plain number is an int, a list a list of ints. */
export type OnnxAttribute =
  | number
  | readonly number[]
  | string
  | { readonly float: number }
  | { readonly floats: readonly number[] }
  | {
      readonly tensor: {
        readonly type: OnnxType;
        readonly shape: readonly number[];
        readonly data: readonly number[];
      };
    }
  | { readonly graph: Message };
export type OnnxAttributes = Readonly<Record<string, OnnxAttribute | undefined>>;

/** A dimension that may differ from run to run is given by a name. */
export type OnnxDimension = number | string;
interface Port {
  readonly name: string;
  readonly type: OnnxType;
  readonly shape: readonly OnnxDimension[];
}

const IR_VERSION = 9;
const OPSETS = { '': 20, 'com.microsoft': 1, 'com.microsoft.nchwc': 1 } as const;
export type OnnxDomain = keyof typeof OPSETS;

const ATTRIBUTE_TYPE = { float: 1, int: 2, string: 3, tensor: 4, graph: 5, floats: 6, ints: 7 } as const;

export class OnnxModel {
  private readonly nodes: Message[] = [];
  private readonly initializers: Message[] = [];
  private readonly inputs: Port[] = [];
  private readonly outputs: Port[] = [];
  private readonly domains = new Set<OnnxDomain>(['']);
  private readonly constants = new Map<string, string>();
  private nextName = 0;

  constructor(readonly name: string) {}

  get nodeCount(): number {
    return this.nodes.length;
  }

  /** A name no other tensor of this model has. */
  fresh(): string {
    return `t${this.nextName++}`;
  }

  input(name: string, { shape, dtype }: { shape: readonly OnnxDimension[]; dtype: DType }): void {
    this.inputs.push({ name, type: dtype, shape });
  }

  output(name: string, { shape, dtype }: { shape: readonly OnnxDimension[]; dtype: DType }): void {
    this.outputs.push({ name, type: dtype, shape });
  }

  /** @param label becomes the node's name, which profiles report. */
  node(
    type: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes: OnnxAttributes,
    domain: OnnxDomain,
    label: string,
  ): void {
    this.domains.add(domain);
    const message = new Message();
    for (const input of inputs) message.string(1, input);
    for (const output of outputs) message.string(2, output);
    message.string(3, `${label}#${this.nodes.length}`).string(4, type);
    for (const [name, value] of Object.entries(attributes))
      if (value !== undefined) message.message(5, attribute(name, value));
    if (domain) message.string(7, domain);
    this.nodes.push(message);
  }

  /** The name of a constant; equal small ones are stored once. */
  constant(type: OnnxType, shape: readonly number[], data: ArrayLike<number>): string {
    const key =
      data.length <= 64
        ? `${type}[${shape.join()}]${Array.from(data, (n) => (Object.is(n, -0) ? '-0' : n)).join()}`
        : undefined;
    const known = key !== undefined ? this.constants.get(key) : undefined;
    if (known) return known;
    const name = `c${this.constants.size}_${this.initializers.length}`;
    if (key !== undefined) this.constants.set(key, name);
    this.initializers.push(tensor(type, shape, data).string(8, name));
    return name;
  }

  encode(): Uint8Array {
    const model = new Message().int(1, IR_VERSION).string(2, 'selvedge').message(7, this.graph());
    for (const domain of this.domains) {
      const opset = new Message();
      if (domain) opset.string(1, domain);
      model.message(8, opset.int(2, OPSETS[domain]));
    }
    return model.encode();
  }

  private graph(): Message {
    const graph = new Message();
    for (const node of this.nodes) graph.message(1, node);
    graph.string(2, this.name);
    for (const initializer of this.initializers) graph.message(5, initializer);
    for (const port of this.inputs) graph.message(11, valueInfo(port));
    for (const port of this.outputs) graph.message(12, valueInfo(port));
    return graph;
  }
}

function valueInfo({ name, type, shape }: Port): Message {
  const dimensions = new Message();
  for (const size of shape) {
    const dimension = new Message();
    dimensions.message(1, typeof size === 'number' ? dimension.int(1, size) : dimension.string(2, size));
  }
  const tensorType = new Message().int(1, ONNX_TYPE[type]).message(2, dimensions);
  return new Message().string(1, name).message(2, new Message().message(1, tensorType));
}

function tensor(type: OnnxType, shape: readonly number[], data: ArrayLike<number>): Message {
  const message = new Message();
  for (const size of shape) message.int(1, size);
  return message.int(2, ONNX_TYPE[type]).bytes(9, rawBytes(type, data));
}

/** Little-endian, as raw_data wants it. Every platform that onnxruntime runs on is little-endian. */
function rawBytes(type: OnnxType, data: ArrayLike<number>): Uint8Array {
  const typed =
    type === 'float32'
      ? Float32Array.from(data)
      : type === 'int32'
        ? Int32Array.from(data)
        : type === 'int64'
          ? BigInt64Array.from(Array.from(data, (n) => BigInt(n)))
          : Uint8Array.from(data);
  return new Uint8Array(typed.buffer);
}

function attribute(name: string, value: OnnxAttribute): Message {
  const message = new Message().string(1, name);
  const typed = (type: keyof typeof ATTRIBUTE_TYPE): Message => message.int(20, ATTRIBUTE_TYPE[type]);
  if (typeof value === 'number') return typed('int').int(3, value);
  if (typeof value === 'string') return typed('string').bytes(4, new TextEncoder().encode(value));
  if ('float' in value) return typed('float').float(2, value.float);
  if ('tensor' in value)
    return typed('tensor').message(5, tensor(value.tensor.type, value.tensor.shape, value.tensor.data));
  if ('graph' in value) return typed('graph').message(6, value.graph);
  if ('floats' in value) {
    for (const number of value.floats) message.float(7, number);
    return typed('floats');
  }
  for (const number of value) message.int(8, number);
  return typed('ints');
}

export type { OnnxType, Port, TensorSpec };
