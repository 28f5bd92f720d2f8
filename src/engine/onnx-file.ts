/** An ONNX file from elsewhere, open: what it takes and gives, and runs of it on the CPU. */
import * as ort from './onnxruntime';
import { toHost } from './run-onnx';
import type { HostTensor } from './types';

/** An input or output. */
export interface OnnxPort {
  readonly name: string;
  /** "float32", "int64", ...; "sequence or map" for what is no tensor. */
  readonly type: string;
  /** A text stands for a size that the model leaves open. */
  readonly shape: readonly (number | string)[];
}

export interface OnnxFile {
  readonly inputs: readonly OnnxPort[];
  readonly outputs: readonly OnnxPort[];
  /** @returns the outputs that `wanted` names. @throws Error where onnxruntime refuses the input. */
  run(input: string, tensor: HostTensor, wanted: readonly string[]): Promise<Record<string, HostTensor>>;
  dispose(): Promise<void>;
}

/**
 * @param threads 0 takes all cores.
 * @throws Error where onnxruntime refuses the file.
 */
export async function openOnnxFile(path: string, threads = 0): Promise<OnnxFile> {
  const session = await ort.InferenceSession.create(path, {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    logSeverityLevel: 3,
  });
  return {
    inputs: session.inputMetadata.map(portOf),
    outputs: session.outputMetadata.map(portOf),
    async run(input, { dtype, data, shape }, wanted) {
      const feeds = { [input]: new ort.Tensor(dtype, data as Float32Array, [...shape]) };
      const results = await session.run(feeds, [...wanted]);
      return Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name, toHost(tensor)]));
    },
    dispose: () => session.release(),
  };
}

const portOf = (port: ort.InferenceSession.ValueMetadata): OnnxPort =>
  port.isTensor
    ? { name: port.name, type: port.type, shape: port.shape }
    : { name: port.name, type: 'sequence or map', shape: [] };
