/** Tensors between the host and onnxruntime. */
import * as ort from '../onnxruntime';
import { sizeOf, type HostTensor, type HostTensors, type TensorSpec, type TensorSpecs } from '../types';

export type TensorSet = Record<string, ort.Tensor>;

/** Copies: the session writes into the state's tensors. */
export function toOrt(tensors: HostTensors, names: readonly string[]): TensorSet {
  return Object.fromEntries(
    names.map((name) => {
      const { dtype, data, shape } = tensors[name];
      return [name, new ort.Tensor(dtype, data.slice() as Float32Array, [...shape])];
    }),
  );
}

/** A copy of a tensor that lies in the host's memory. */
export function toHost({ type, data, dims }: ort.Tensor): HostTensor {
  return { dtype: type as HostTensor['dtype'], shape: dims, data: (data as Float32Array).slice() };
}

export const pick = <T>(tensors: Record<string, T>, names: readonly string[]): Record<string, T> =>
  Object.fromEntries(names.map((name) => [name, tensors[name]]));

export const prefixed = <T>(prefix: string, tensors: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [prefix + name, tensor]));

export const bytesOf = ({ shape, dtype }: TensorSpec): number => sizeOf(shape) * (dtype === 'bool' ? 1 : 4);

/** Bytes of the named ones of a set of tensors. */
export const totalBytes = (specs: TensorSpecs, names: readonly string[] = Object.keys(specs)): number =>
  names.reduce((sum, name) => sum + bytesOf(specs[name]), 0);
