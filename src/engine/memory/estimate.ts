/** How much memory a compiled step will take at its peak, told from its graph. An estimate: see docs/devices.md. */
import { elements, type Graph, type Node, type Value } from '../graph/graph';
import { LARGEST_PART } from '../lower/cpu/filter-gradient';
import { bytesOf, totalBytes } from '../session/tensors';
import type { StepDefinition } from '../types';

/**
 * What onnxruntime's arena takes for the bytes that the graph needs at its peak, fitted to training steps of ResNet-18
 * and ViT-Ti at several batch sizes on 2 threads: within 25 % of what was measured.
 */
const ARENA = { factor: 1.15, bytes: 64 * 2 ** 20 };

/** Bytes at peak, above what the process takes without the step. */
export function estimateMemory(
  graph: Graph,
  { state, inputs }: Pick<StepDefinition, 'state' | 'inputs'>,
): number {
  const values = peakOfValues(graph) * ARENA.factor + ARENA.bytes;
  return Math.round(values + 2 * totalBytes(state) + totalBytes(inputs));
}

/** The most bytes of intermediate values that are alive at once, each from its node to its last use. */
export function peakOfValues({ nodes, outputs }: Graph): number {
  const lastUse = new Map<Value, number>();
  for (const [place, { inputs }] of nodes.entries())
    for (const value of Object.values(inputs)) lastUse.set(value, place);
  for (const value of Object.values(outputs)) lastUse.set(value, nodes.length);
  const released = new Map<number, number>();
  let alive = 0;
  let peak = 0;
  for (const [place, node] of nodes.entries()) {
    if (!SOURCES.has(node.op)) {
      for (const value of node.outputs) {
        const end = lastUse.get(value) ?? place;
        alive += bytesOf(value);
        released.set(end, (released.get(end) ?? 0) + bytesOf(value));
      }
    }
    peak = Math.max(peak, alive + workspace(node));
    alive -= released.get(place) ?? 0;
  }
  return peak;
}

/** Inputs are counted apart, constants are small. */
const SOURCES = new Set(['Input', 'Constant', 'Uniform']);

/** Bytes that a kernel's lowering takes beside its inputs and outputs. */
function workspace({ op, inputs, attrs }: Node): number {
  if (op !== 'Conv2DBackpropFilter') return 0;
  const [height, width] = attrs.filterShape as number[];
  const [batch, outHeight, outWidth] = inputs.dy.shape;
  // The windows side by side, in parts where they are large, and the padded image they are taken from.
  const windows = 4 * batch * outHeight * outWidth * height * width * inputs.x.shape[3];
  return Math.min(windows, LARGEST_PART) + 4 * elements(inputs.x);
}
