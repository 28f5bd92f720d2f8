/** Nodes of equal op, inputs and attributes become one. */
import type { Graph, Node } from '../graph/graph';
import { rewrite } from './rewrite';

export function mergeCommonSubexpressions(graph: Graph): Graph {
  const seen = new Map<string, Node>();
  return rewrite(graph, ({ op, attrs, outputs, scope }, inputs, builder) => {
    if (op === 'Input' || op === 'Constant') return undefined;
    const operands = Object.entries(inputs).map(([key, { id }]) => `${key}=${id}`);
    const types = outputs.map(({ dtype, shape }) => `${dtype}[${shape.join()}]`);
    const key = `${op}(${operands.join()})${JSON.stringify(attrs, plain)}->${types.join()}`;
    const known = seen.get(key);
    if (known) return known.outputs;
    const node = builder.add(op, inputs, attrs, outputs, scope);
    seen.set(key, node);
    return node.outputs;
  });
}

/** JSON has no NaN, infinities and minus zero, which differ as attributes. */
const plain = (_: string, value: unknown): unknown =>
  typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0))
    ? `number ${Object.is(value, -0) ? '-0' : value}`
    : value;
