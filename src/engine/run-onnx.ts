/** Runs an ONNX file once, as any other program would: to check what was exported. */
import * as ort from './onnxruntime';
import type { HostTensor, HostTensors } from './types';

/** @throws Error where onnxruntime refuses the file or its inputs. */
export async function runOnnx(bytes: Uint8Array, inputs: HostTensors): Promise<HostTensors> {
  const session = await ort.InferenceSession.create(bytes, { executionProviders: ['cpu'] });
  try {
    const feeds = Object.entries(inputs).map(([name, { dtype, data, shape }]) => [
      name,
      new ort.Tensor(dtype, data as Float32Array, [...shape]),
    ]);
    const results = await session.run(Object.fromEntries(feeds) as Record<string, ort.Tensor>);
    return Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name, toHost(tensor)]));
  } finally {
    await session.release();
  }
}

export const toHost = ({ type, data, dims }: ort.Tensor): HostTensor => ({
  dtype: type as HostTensor['dtype'],
  shape: dims,
  data: (data as Float32Array).slice(),
});
