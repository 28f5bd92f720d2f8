/** The passes, in the order they run. */
import type { Graph } from '../graph/graph';
import { mergeCommonSubexpressions } from './common-subexpressions';
import { foldConstants } from './constants';
import { dropDeadCode } from './dead-code';
import { foldProductScales } from './scaled-products';

/** Simpler graphs of the same meaning. */
export function simplify(graph: Graph): Graph {
  const passes = [dropDeadCode, foldConstants, mergeCommonSubexpressions, foldProductScales, dropDeadCode];
  return passes.reduce((current, pass) => pass(current), graph);
}

export { recompute } from './recompute';
