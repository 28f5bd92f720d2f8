/** What an optimizer is: how one parameter moves along its gradient, as tfjs ops without data reads. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { TensorMap } from '../../engine';
import type { ParameterRole } from '../module';

export interface Optimizer {
  /** What is kept for each parameter, by name; every slot has the parameter's shape and starts at zero. */
  readonly slots: readonly string[];
  /**
   * The numbers of one update that change from update to update, computed on the host in double precision; the
   * step gets them as inputs of shape [].
   * @param learningRate of this update.
   * @param update counts from 0.
   * @param done share of the training before it, in [0, 1).
   */
  readonly scalars: (learningRate: number, update: number, done: number) => Record<string, number>;
  /** One update of one parameter. */
  readonly update: (parameter: Moving, scalars: TensorMap) => Moved;
}

/** A parameter in the middle of an update; all tensors have the same shape. */
export interface Moving {
  readonly weight: Tensor;
  readonly gradient: Tensor;
  readonly slots: TensorMap;
  readonly role: ParameterRole;
}

/** The parameter and its slots after the update. */
export interface Moved {
  readonly weight: Tensor;
  readonly slots: TensorMap;
}

/** Biases and normalization parameters are neither decayed nor adapted by AdamW and LARS. */
export const isExempt = (role: ParameterRole): boolean => role === 'bias' || role === 'norm';
