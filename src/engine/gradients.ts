/** Reverse-mode gradients of a named set of parameters, with results carried out beside the loss. */
import { engine, keep, zerosLike, type Tensor } from '@tensorflow/tfjs-core';
import type { TensorMap } from './types';

/** Tensors that outlive tfjs's tidy until the eager engine has read the step's results. */
const kept: Tensor[] = [];

/** @internal Called by the eager engine at the end of a step. */
export function releaseKept(except: ReadonlySet<Tensor>): void {
  for (const tensor of kept.splice(0)) if (!except.has(tensor) && !tensor.isDisposed) tensor.dispose();
}

/**
 * The loss, what else `compute` returns, and d loss / d parameter for each parameter (zeros where the loss does
 * not depend on it).
 * @param compute runs once; `loss` is a scalar; `aux` is treated as constant.
 */
export function valueAndGradients<Aux extends TensorMap>(
  parameters: TensorMap,
  compute: () => { loss: Tensor; aux: Aux },
): { loss: Tensor; aux: Aux; gradients: TensorMap } {
  const names = Object.keys(parameters);
  let aux: Aux | undefined;
  const { value, grads } = engine().gradients(
    () => {
      const result = compute();
      for (const tensor of Object.values(result.aux)) kept.push(keep(tensor));
      aux = result.aux;
      return result.loss;
    },
    names.map((name) => parameters[name]),
    undefined,
    true,
  );
  const gradients = Object.fromEntries(
    names.map((name, i) => [name, (grads[i] as Tensor | undefined) ?? zerosLike(parameters[name])]),
  );
  return { loss: value, aux: aux!, gradients };
}
