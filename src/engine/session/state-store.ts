/** Where a step's state lies between two runs. */
import type * as ort from '../onnxruntime';
import type { HostTensors } from '../types';
import type { TensorSet } from './tensors';

/** Names are the definition's, without the model's prefixes. */
export interface StateStore {
  /** What the next run reads. */
  current(): TensorSet;
  /** Where the next run writes what changes: a tensor to write into, or null for a new one. */
  targets(): Record<string, ort.Tensor | null>;
  /** Takes what the run has written as the state. */
  advance(written: TensorSet): void;
  /** A copy on the host. */
  read(): Promise<HostTensors>;
  write(state: HostTensors): Promise<void>;
  dispose(): Promise<void>;
}
