/** How much a step computes: the multiplications and additions of its convolutions and matrix products. */
import { elements, type Graph, type Node } from './graph';

/**
 * Floating-point operations of one run, a multiplication and its addition counted as two. Only convolutions, their
 * gradients and matrix products count: the rest is bound by memory, and small.
 */
export const countFlops = ({ nodes }: Graph): number =>
  nodes.reduce((sum, node) => sum + 2 * (MULTIPLICATIONS[node.op]?.(node) ?? 0), 0);

/** Channels that each output of a convolution sums over, times its window. */
const window = ([height, width, channels]: readonly number[]): number => height * width * channels;

const MULTIPLICATIONS: Readonly<Record<string, (node: Node) => number>> = {
  Conv2D: ({ inputs: { filter }, outputs: [y] }) => elements(y) * window(filter.shape),
  // Each number of dy meets the filter once, forwards and in both gradients.
  Conv2DBackpropInput: ({ inputs: { dy, filter } }) => elements(dy) * window(filter.shape),
  Conv2DBackpropFilter: ({ inputs: { dy }, outputs: [filter] }) => elements(dy) * window(filter.shape),
  DepthwiseConv2dNative: ({ inputs: { filter }, outputs: [y] }) =>
    elements(y) * filter.shape[0] * filter.shape[1],
  DepthwiseConv2dNativeBackpropInput: ({ inputs: { dy, filter } }) =>
    elements(dy) * filter.shape[0] * filter.shape[1],
  DepthwiseConv2dNativeBackpropFilter: ({ inputs: { dy }, outputs: [filter] }) =>
    elements(dy) * filter.shape[0] * filter.shape[1],
  BatchMatMul: ({ inputs: { a }, attrs: { transposeA }, outputs: [y] }) =>
    elements(y) * a.shape.at(transposeA ? -2 : -1)!,
};
