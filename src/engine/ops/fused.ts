/** Shared plumbing of the engine's own kernels: how they are called, and where the composed form is registered. */
import {
  engine,
  registerKernel,
  type NamedTensorMap,
  type Tensor,
  type TensorInfo,
} from '@tensorflow/tfjs-core';

/** Runs one of the engine's own kernels on the current backend. */
export function runOwnKernel(
  name: string,
  inputs: Record<string, Tensor | undefined>,
  attrs: object = {},
): Tensor[] {
  const present = Object.fromEntries(Object.entries(inputs).filter(([, tensor]) => tensor !== undefined));
  const result: Tensor | Tensor[] = engine().runKernel(
    name,
    present as NamedTensorMap,
    attrs as Parameters<ReturnType<typeof engine>['runKernel']>[2],
  );
  return Array.isArray(result) ? result : [result];
}

/**
 * Registers a kernel, written with plain tfjs ops, on the eager backends. The `cpu` one is the reference that the
 * traced lowering of the same kernel is tested against.
 */
export function registerComposed(
  kernelName: string,
  compute: (inputs: Record<string, Tensor>, attrs: never) => Tensor[],
): void {
  for (const backendName of ['cpu', 'tensorflow']) {
    registerKernel({
      kernelName,
      backendName,
      kernelFunc: ({ inputs, attrs }): TensorInfo[] =>
        compute(inputs as Record<string, Tensor>, attrs as never),
    });
  }
}
