/** The small typed graph a step becomes: nodes named after tfjs kernels, values in tfjs's logical layouts. */
import type { TensorSpec } from '../types';

export interface Value extends TensorSpec {
  readonly id: number;
  readonly node: Node;
  /** Which of the node's outputs this is. */
  readonly output: number;
}

export type Attrs = Readonly<Record<string, unknown>>;
export type Inputs = Readonly<Record<string, Value>>;

export interface Node {
  readonly id: number;
  /** A tfjs kernel name, or one of the sources `Input`, `Constant` and `Uniform`. */
  readonly op: string;
  readonly inputs: Inputs;
  readonly attrs: Attrs;
  readonly outputs: readonly Value[];
  /** The layer it belongs to, e.g. "encoder.layer1.0"; gradients take the layer of what they differentiate. */
  readonly scope: string;
}

/** Nodes stand in an order in which every input comes before its use. */
export interface Graph {
  readonly nodes: readonly Node[];
  readonly outputs: Readonly<Record<string, Value>>;
}

/** Builds nodes with running ids. */
export class GraphBuilder {
  readonly nodes: Node[] = [];
  private nextValue = 0;

  add(op: string, inputs: Inputs, attrs: Attrs, outputs: readonly TensorSpec[], scope: string): Node {
    const node = { id: this.nodes.length, op, inputs, attrs, scope, outputs: [] as Value[] };
    for (const [output, { shape, dtype }] of outputs.entries())
      node.outputs.push({ id: this.nextValue++, node, output, shape: [...shape], dtype });
    this.nodes.push(node);
    return node;
  }

  input(name: string, spec: TensorSpec): Value {
    return this.add('Input', {}, { name }, [spec], '').outputs[0];
  }

  /** A tensor known when the step is compiled; one number for all its elements becomes a `Uniform`. */
  constant(data: ArrayLike<number>, spec: TensorSpec, scope = ''): Value {
    const first = data.length > 0 ? data[0] : 0;
    for (let i = 1; i < data.length; i++)
      if (!Object.is(data[i], first)) return this.add('Constant', {}, { data }, [spec], scope).outputs[0];
    return this.uniform(first, spec, scope);
  }

  uniform(value: number, spec: TensorSpec, scope = ''): Value {
    return this.add('Uniform', {}, { value }, [spec], scope).outputs[0];
  }
}

/** The one number that fills the value, or undefined. */
export function uniformValue(value: Value): number | undefined {
  return value.node.op === 'Uniform' ? (value.node.attrs.value as number) : undefined;
}

/** The numbers of a value known at compile time, or undefined. */
export function constantData(value: Value): ArrayLike<number> | undefined {
  if (value.node.op === 'Constant') return value.node.attrs.data as ArrayLike<number>;
  const uniform = uniformValue(value);
  return uniform === undefined ? undefined : new Array<number>(elements(value)).fill(uniform);
}

export const elements = ({ shape }: TensorSpec): number => shape.reduce((product, n) => product * n, 1);

export const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((n, i) => n === b[i]);
