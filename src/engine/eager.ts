/** Runs a step op by op on a tfjs backend: the reference on `cpu`, CUDA through tfjs-node-gpu on `tensorflow`. */
import * as tf from '@tensorflow/tfjs-core';
import { withBackend } from './backend-lock';
import { checkInputs, checkState } from './check-tensors';
import { releaseKept } from './gradients';
import type { HostTensor, HostTensors, Step, StepDefinition, TensorMap } from './types';

/** @param backend a registered tfjs backend. */
export async function prepareEager(
  backend: string,
  definition: StepDefinition,
  initial: HostTensors,
): Promise<Step> {
  checkState(definition, initial);
  let state = await withBackend(backend, () => upload(initial));
  return {
    async run(inputs) {
      checkInputs(definition, inputs);
      return withBackend(backend, () => {
        tf.engine().startScope(definition.name);
        try {
          const result = definition.step(state, upload(inputs));
          const next = keepState(definition, result.state);
          const outputs = download(result.outputs);
          releaseKept(new Set(Object.values(next)));
          tf.dispose(state);
          state = next;
          return outputs;
        } finally {
          tf.engine().endScope();
        }
      });
    },
    readState: () => withBackend(backend, () => download(state)),
    async writeState(values) {
      checkState(definition, values);
      await withBackend(backend, () => {
        tf.dispose(state);
        state = upload(values);
      });
    },
    async dispose() {
      await withBackend(backend, () => tf.dispose(state));
    },
  };
}

/** The next state, each tensor its own, so that the former state can be disposed whole. */
function keepState(definition: StepDefinition, next: TensorMap): TensorMap {
  const names = Object.keys(definition.state);
  for (const name of names)
    if (!(name in next)) throw new Error(`${definition.name}: no next state for "${name}"`);
  return Object.fromEntries(names.map((name) => [name, tf.keep(tf.clone(next[name]))]));
}

function upload(tensors: HostTensors): TensorMap {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { data, shape, dtype }]) => [
      name,
      tf.tensor(data.slice(), [...shape], dtype),
    ]),
  );
}

function download(tensors: TensorMap): HostTensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, toHost(tensor)]));
}

function toHost(tensor: tf.Tensor): HostTensor {
  const data = tensor.dataSync().slice() as HostTensor['data'];
  return { shape: tensor.shape, dtype: tensor.dtype as HostTensor['dtype'], data };
}
