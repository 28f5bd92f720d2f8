/** An encoder's state as PyTorch's load_state_dict wants it. */
import type { HostTensors } from '../../engine';
import type { BackboneConfig } from '../../shared/run-config';
import { toSafeTensor } from '../checkpoint';
import type { SafeTensor } from '../safetensors';

/**
 * @param state of an embedding step, "encoder/<name>".
 * @param backbone a ViT that averages its patches normalizes after that: timm calls it `fc_norm` then.
 * @param steps become `num_batches_tracked`, the counter PyTorch keeps beside every running mean; int64 there.
 */
export function pytorchTensors(
  state: HostTensors,
  backbone: BackboneConfig,
  steps: number,
): Record<string, SafeTensor> {
  const isAveraged = backbone.kind === 'vit' && backbone.pool === 'mean';
  const tensors: Record<string, SafeTensor> = {};
  for (const [key, tensor] of Object.entries(state)) {
    const own = key.replace(/^encoder\//, '');
    const name = isAveraged ? own.replace(/^norm\./, 'fc_norm.') : own;
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
