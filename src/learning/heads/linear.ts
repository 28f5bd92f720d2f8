/** A linear classifier or projector, with the names of torch.nn.Linear. */
import { linear } from '../layers/linear';
import type { Module } from '../module';

/** [batch, inputs] to [batch, outputs]. */
export const linearHead = (inputs: number, outputs: number): Module => linear(inputs, outputs);
