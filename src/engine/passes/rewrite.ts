/** Rebuilds a graph node by node: what every pass is written with. */
import { GraphBuilder, type Graph, type Inputs, type Node, type Value } from '../graph/graph';

/** Says what stands for a node's outputs in the new graph; undefined copies the node. */
export type Rewrite = (node: Node, inputs: Inputs, builder: GraphBuilder) => readonly Value[] | undefined;

export function rewrite(graph: Graph, replace: Rewrite): Graph {
  const builder = new GraphBuilder();
  const values = new Map<Value, Value>();
  for (const node of graph.nodes) {
    const inputs = Object.fromEntries(
      Object.entries(node.inputs).map(([key, value]) => [key, values.get(value)!]),
    );
    const outputs =
      replace(node, inputs, builder) ??
      builder.add(node.op, inputs, node.attrs, node.outputs, node.scope).outputs;
    for (const [i, value] of node.outputs.entries()) values.set(value, outputs[i]);
  }
  return {
    nodes: builder.nodes,
    outputs: Object.fromEntries(
      Object.entries(graph.outputs).map(([name, value]) => [name, values.get(value)!]),
    ),
  };
}
