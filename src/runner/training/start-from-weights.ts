/** A new run that begins with the encoder of another run, or of a file of torchvision or timm weights. */
import type { HostTensors } from '../../engine';
import { transferEncoder } from '../../learning';
import type { RunConfig } from '../../shared/run-config';
import { readEncoderTensors } from '../encoder-file';
import type { JobContext } from '../job';

/**
 * @param state of a new run; returned as it is where the run starts from nothing.
 * @throws UserError where the file cannot be read, or does not hold this encoder.
 */
export async function startFromWeights(
  state: HostTensors,
  { init }: Pick<RunConfig, 'init'>,
  { channel }: JobContext,
): Promise<HostTensors> {
  if (!init) return state;
  const transfer = transferEncoder(state, await readEncoderTensors(init.checkpoint), init.checkpoint);
  channel.log('info', `Took ${transfer.loaded.length} tensors of the encoder from ${init.checkpoint}.`);
  for (const change of transfer.changes) channel.log('info', `To make them fit: ${change}.`);
  if (transfer.ignored.length > 0)
    channel.log('info', `Left out, as the encoder has no place for them: ${transfer.ignored.join(', ')}.`);
  return transfer.state;
}
