/** A new run that begins with the encoder of another run, or of a file of torchvision or timm weights. */
import type { HostTensors } from '../../engine';
import { transferEncoder } from '../../learning';
import type { RunConfig } from '../../shared/run-config';
import { STARTING_WEIGHTS, transferCounts, type StartingWeights } from '../../shared/starting-weights';
import { readEncoderAsNamed } from '../encoder-file';
import type { JobContext } from '../job';

/**
 * Tells what was loaded, resized, changed and skipped as an event of the run.
 * @param state of a new run; returned as it is where the run starts from nothing.
 * @throws UserError where the file cannot be read, or does not hold this encoder.
 */
export async function startFromWeights(
  state: HostTensors,
  { init }: Pick<RunConfig, 'init'>,
  { channel }: JobContext,
): Promise<HostTensors> {
  if (!init) return state;
  const file = init.checkpoint;
  const { state: started, rows, changes } = transferEncoder(state, await readEncoderAsNamed(file), file);
  const fitted = changes.length > 0 ? ` To make them fit: ${changes.join('; ')}.` : '';
  const told: StartingWeights = { file, rows: [...rows] };
  channel.event(STARTING_WEIGHTS, `Started from ${file}: ${transferCounts(rows)}.${fitted}`, { ...told });
  return started;
}
