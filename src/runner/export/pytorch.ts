/** An encoder's state as PyTorch's load_state_dict wants it. */
import type { HostTensors } from '../../engine';
import { toSafeTensor } from '../checkpoint';
import type { SafeTensor } from '../safetensors';

/**
 * @param state of an embedding step, "encoder/<name>".
 * @param steps become `num_batches_tracked`, the counter PyTorch keeps beside every running mean; int64 there.
 */
export function pytorchTensors(state: HostTensors, steps: number): Record<string, SafeTensor> {
  const tensors: Record<string, SafeTensor> = {};
  for (const [key, tensor] of Object.entries(state)) {
    const name = key.replace(/^encoder\//, '');
    tensors[name] = toSafeTensor(tensor);
    if (name.endsWith('.running_mean'))
      tensors[name.replace(/running_mean$/, 'num_batches_tracked')] = {
        dtype: 'I64',
        shape: [],
        data: BigInt64Array.of(BigInt(steps)),
      };
  }
  return tensors;
}
