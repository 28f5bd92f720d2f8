/** How often each value is read, graph outputs included. */
import type { Graph, Value } from '../graph/graph';

export function countUses({ nodes, outputs }: Graph): ReadonlyMap<Value, number> {
  const uses = new Map<Value, number>();
  const read = (value: Value) => uses.set(value, (uses.get(value) ?? 0) + 1);
  for (const { inputs } of nodes) Object.values(inputs).forEach(read);
  Object.values(outputs).forEach(read);
  return uses;
}
