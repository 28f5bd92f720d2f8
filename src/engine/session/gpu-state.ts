/**
 * State that stays on the GPU: outputs of one run are inputs of the next. Only onnxruntime's WebGPU provider gives
 * such tensors to Node. They are moved through sessions of Identity nodes, since reading one directly ends the
 * process (onnxruntime-node 1.30).
 */
import * as ort from '../onnxruntime';
import { OnnxModel } from '../onnx/model';
import type { DeviceOptions, HostTensors, TensorSpecs } from '../types';
import { sessionOptions } from './provider';
import type { StateStore } from './state-store';
import { prefixed, toHost, toOrt, type TensorSet } from './tensors';

export async function gpuState(
  specs: TensorSpecs,
  initial: HostTensors,
  changing: readonly string[],
  options: DeviceOptions,
): Promise<StateStore> {
  const names = Object.keys(specs);
  const download = await mover(specs, 'cpu', options);
  // Tensors on the GPU must not outlive the session that made them.
  const upload = await mover(specs, 'gpu-buffer', options);
  let current: TensorSet = await upload.move(toOrt(initial, names));

  return {
    current: () => current,
    targets: () => Object.fromEntries(changing.map((name) => [name, null])),
    advance(written) {
      for (const name of changing) current[name].dispose();
      current = { ...current, ...written };
    },
    async read() {
      const tensors = await download.move(current);
      return Object.fromEntries(names.map((name) => [name, toHost(tensors[name])]));
    },
    async write(state) {
      const next = await upload.move(toOrt(state, names));
      for (const tensor of Object.values(current)) tensor.dispose();
      current = next;
    },
    async dispose() {
      for (const tensor of Object.values(current)) tensor.dispose();
      current = {};
      await upload.release();
      await download.release();
    },
  };
}

interface Mover {
  move(tensors: TensorSet): Promise<TensorSet>;
  release(): Promise<void>;
}

/** A session that returns what it gets, at another place. */
async function mover(specs: TensorSpecs, to: 'cpu' | 'gpu-buffer', options: DeviceOptions): Promise<Mover> {
  const model = new OnnxModel(`state to ${to}`);
  for (const [name, spec] of Object.entries(specs)) {
    model.input(`from/${name}`, spec);
    model.node('Identity', [`from/${name}`], [`to/${name}`], {}, '', name);
    model.output(`to/${name}`, spec);
  }
  const session = await ort.InferenceSession.create(model.encode(), {
    ...sessionOptions('webgpu', options),
    preferredOutputLocation: to,
  });
  return {
    async move(tensors) {
      const moved = await session.run(prefixed('from/', tensors));
      return Object.fromEntries(Object.keys(tensors).map((name) => [name, moved[`to/${name}`]]));
    },
    release: () => session.release(),
  };
}
