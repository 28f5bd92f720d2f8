/** From a step to an ONNX model: trace, simplify, lower, encode. */
import { type Graph } from './graph/graph';
import { printGraph } from './graph/print';
import { lower, type Target } from './lower/lowering';
import { recompute, simplify } from './passes';
import { trace } from './trace/trace';
import type { StepDefinition } from './types';

/** A step as an ONNX model, before a session is made of it. */
export interface CompiledModel {
  readonly definition: StepDefinition;
  readonly graph: Graph;
  readonly bytes: Uint8Array;
  /** Nodes of the ONNX model. */
  readonly nodeCount: number;
  /** Milliseconds: recording and simplifying, and writing the model. */
  readonly milliseconds: { readonly trace: number; readonly lower: number };
  /** The graph as text. */
  print(): string;
}

/** @param lowMemory computes again what is cheap, rather than to keep it. */
export async function compile(
  definition: StepDefinition,
  target: Target,
  lowMemory = false,
): Promise<CompiledModel> {
  const start = performance.now();
  const simplified = await graphOf(definition);
  const graph = lowMemory ? recompute(simplified) : simplified;
  const traced = performance.now();
  const model = lower(graph, target, definition.name);
  const bytes = model.encode();
  const milliseconds = { trace: traced - start, lower: performance.now() - traced };
  return {
    definition,
    graph,
    bytes,
    nodeCount: model.nodeCount,
    milliseconds,
    print: () => printGraph(graph),
  };
}

/** The step as its simplified graph. */
export async function graphOf(definition: StepDefinition): Promise<Graph> {
  return withoutUnchanged(simplify(await trace(definition)));
}

/** The step's graph as text, one node a line: "%12 f32[2,8,8,16] = Conv2D(x: %3, filter: %7)  # encoder.conv1". */
export async function printStep(definition: StepDefinition): Promise<string> {
  return printGraph(await graphOf(definition));
}

/** State that a step returns as it got it is no output: it stays where it is. */
function withoutUnchanged({ nodes, outputs }: Graph): Graph {
  const changed = Object.entries(outputs).filter(
    ([name, { node }]) =>
      !(node.op === 'Input' && name === String(node.attrs.name).replace(/^state\//, 'next/')),
  );
  return { nodes, outputs: Object.fromEntries(changed) };
}
