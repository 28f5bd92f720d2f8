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
  const { tensors } = await readTensorFile(path, isEncoder);
  return encoderOf(
    Object.fromEntries(
      Object.entries(tensors).map(([name, tensor]) => [stateKey(name), toHostTensor(tensor)]),
    ),
  );
}
