/** A step without state, or with its state frozen in, as a portable ONNX file with any batch size. */
import { lower } from './lower/lowering';
import { portable } from './lower/targets';
import { simplify } from './passes';
import { rewrite } from './passes/rewrite';
import { checkState } from './check-tensors';
import { trace } from './trace/trace';
import type { Graph } from './graph/graph';
import type { HostTensors, StepDefinition } from './types';

/**
 * Stands for the batch while the step is traced: a prime no other size is a multiple of, and so large that nothing
 * that depends on the batch is folded to a constant.
 */
export const ANY_BATCH = 99_991;

/**
 * Standard ONNX ops, opset 20, NCHW inside; inputs and outputs carry the definition's names.
 * @param definition its inputs have ANY_BATCH where the file shall accept any batch; its state is never changed.
 * @param state becomes constants of the file.
 */
export async function exportOnnx(definition: StepDefinition, state: HostTensors): Promise<Uint8Array> {
  checkState(definition, state);
  const graph = simplify(freeze(await trace(definition), state));
  return lower(graph, portable, definition.name, ANY_BATCH).encode();
}

/** State becomes constants, and the prefixes that tell state from inputs go. */
function freeze(graph: Graph, state: HostTensors): Graph {
  const frozen = rewrite(graph, ({ op, attrs, outputs }, _, builder) => {
    if (op !== 'Input') return undefined;
    const [kind, name] = splitName(attrs.name as string);
    if (kind === 'state') return [builder.constant(state[name].data, outputs[0])];
    return [builder.input(name, outputs[0])];
  });
  const outputs = Object.entries(frozen.outputs)
    .filter(([name]) => splitName(name)[0] === 'output')
    .map(([name, value]) => [splitName(name)[1], value]);
  return { nodes: frozen.nodes, outputs: Object.fromEntries(outputs) as Graph['outputs'] };
}

const splitName = (name: string): [string, string] => {
  const slash = name.indexOf('/');
  return [name.slice(0, slash), name.slice(slash + 1)];
};
