/** What a kernel of the step compiler is, and the table of all of them. */
import type { Attrs, Inputs, Node } from '../graph/graph';
import type { Lowering } from '../lower/lowering';
import type { TensorSpec } from '../types';

export interface Kernel {
  /** Shapes and dtypes of the outputs. Throws an Error where the compiler does not support these attributes. */
  readonly infer: (inputs: Inputs, attrs: Attrs) => readonly TensorSpec[];
  /** Writes the node as ONNX nodes and defines each of its outputs. */
  readonly lower: (node: Node, lowering: Lowering) => void;
  /** Outputs have the shape of the (broadcast) inputs and each element depends on its own place only. */
  readonly elementwise?: boolean;
  /** tfjs expects a list even of one output. */
  readonly returnsList?: boolean;
}

/** By tfjs kernel name. */
export type KernelTable = Readonly<Record<string, Kernel>>;
