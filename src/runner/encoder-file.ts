/** An encoder's tensors from a file: a checkpoint or export of ours, or torchvision or timm weights as safetensors. */
import type { HostTensors } from '../engine';
import { encoderOf } from '../learning';
import { stateKey, toHostTensor } from './checkpoint';
import { readTensorFile } from './tensor-file';

/** Bare names are an encoder's; of the rest of a checkpoint only the averaged encoder matters. */
const isEncoder = (name: string) => !name.includes('/') || name.startsWith('ema/encoder/');

/**
 * @returns by torchvision / timm name; the averaged encoder where the file holds one.
 * @throws UserError where the file cannot be read.
 */
export async function readEncoderTensors(path: string): Promise<HostTensors> {
  return encoderOf(await read(path, isEncoder));
}

/**
 * @returns the same under the file's own names: bare, or after "ema/encoder/" where the file holds an averaged encoder,
 * beside the one that was trained.
 * @throws UserError where the file cannot be read.
 */
export async function readEncoderAsNamed(path: string): Promise<HostTensors> {
  const { tensors } = await readTensorFile(path, isEncoder);
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, toHostTensor(tensor)]));
}

/** What training alone needs. */
const isTrainings = (name: string) => /^(optimizer|accumulated|fixed|target)\//.test(name);

/**
 * @returns the weights of all parts, by their names in a state, e.g. "encoder/conv1.weight"; averaged ones beside them.
 * @throws UserError where the file cannot be read.
 */
export async function readPartTensors(path: string): Promise<HostTensors> {
  return read(path, (name) => !isTrainings(name));
}

async function read(path: string, want: (name: string) => boolean): Promise<HostTensors> {
  const { tensors } = await readTensorFile(path, want);
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [stateKey(name), toHostTensor(tensor)]),
  );
}
