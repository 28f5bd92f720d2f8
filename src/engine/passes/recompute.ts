/**
 * Less memory for some more arithmetic: what is cheap to compute again, and large, is not kept from the forward pass for
 * the backward pass. Chen et al. 2016, "Training deep nets with sublinear memory cost", arXiv 1604.06174, with the
 * choice made by op: activations and normalizations, whose inputs their own gradients keep alive anyway.
 */
import { GraphBuilder, type Graph, type Node, type Value } from '../graph/graph';

/** Batch normalization is not among them: computed again, it took a ResNet-18 no less memory. */
const RECOMPUTED = new Set(['Gelu', 'LayerNorm']);
/** Views of a tensor: computed again with it. */
const VIEWS = new Set(['Reshape']);
/** Nodes between a value and its use from which on it is better computed again than kept. */
const FAR = 12;

/** The same graph, with late uses of cheap values reading a second computation of them that stands just before. */
export function recompute(graph: Graph): Graph {
  const places = new Map(graph.nodes.map((node, place) => [node, place]));
  const builder = new GraphBuilder();
  const values = new Map<Value, Value>();
  const again = new Map<Value, Value>();

  const copy = (node: Node, inputs: Node['inputs']): Node =>
    builder.add(node.op, inputs, node.attrs, node.outputs, node.scope);

  const computedAgain = (value: Value): Value => {
    const known = again.get(value);
    if (known) return known;
    const { node } = value;
    const read = VIEWS.has(node.op) ? computedAgain : (input: Value) => values.get(input)!;
    const inputs = Object.fromEntries(Object.entries(node.inputs).map(([key, input]) => [key, read(input)]));
    const second = copy(node, inputs).outputs[value.output];
    again.set(value, second);
    return second;
  };

  for (const [place, node] of graph.nodes.entries()) {
    const read = (value: Value): Value =>
      place - places.get(value.node)! > FAR && isCheap(value) ? computedAgain(value) : values.get(value)!;
    const inputs = Object.fromEntries(Object.entries(node.inputs).map(([key, value]) => [key, read(value)]));
    for (const [i, output] of copy(node, inputs).outputs.entries()) values.set(node.outputs[i], output);
  }
  const outputs = Object.entries(graph.outputs).map(([name, value]) => [name, values.get(value)!]);
  return { nodes: builder.nodes, outputs: Object.fromEntries(outputs) as Graph['outputs'] };
}

/** Statistics, the further outputs, are small and stay. */
function isCheap({ node, output }: Value): boolean {
  if (VIEWS.has(node.op)) return Object.values(node.inputs).every(isCheap);
  return RECOMPUTED.has(node.op) && output === 0;
}
