/** Drops what no output depends on. Graph inputs stay: they are the step's signature. */
import type { Graph, Node } from '../graph/graph';

export function dropDeadCode({ nodes, outputs }: Graph): Graph {
  const alive = new Set<Node>();
  const pending = Object.values(outputs).map(({ node }) => node);
  for (let node = pending.pop(); node; node = pending.pop()) {
    if (alive.has(node)) continue;
    alive.add(node);
    for (const { node: source } of Object.values(node.inputs)) pending.push(source);
  }
  return { nodes: nodes.filter((node) => alive.has(node) || node.op === 'Input'), outputs };
}
