/** Opens the encoder of a run at one of its checkpoints. */
import type { HostTensors } from '../engine';
import { createEncoder, embeddingState, initialWeights, transferEncoder, type Backbone } from '../learning';
import type { RunConfig } from '../shared/run-config';
import { readCheckpointMeta, type CheckpointMeta } from './checkpoint';
import { readEncoderTensors } from './encoder-file';

export interface OpenEncoder {
  readonly encoder: Backbone;
  /** The state of an embedding step. */
  readonly state: HostTensors;
  readonly meta: CheckpointMeta;
}

/** @throws UserError where the file cannot be read, is no checkpoint, or is of another encoder than `config`'s. */
export async function openEncoder(path: string, config: RunConfig): Promise<OpenEncoder> {
  const meta = await readCheckpointMeta(path);
  const encoder = createEncoder(config.backbone, config.data.imageSize);
  const tensors = await readEncoderTensors(path);
  const { state } = transferEncoder(
    initialWeights({ encoder: encoder.parameters }, config.seed),
    embeddingState(tensors),
    path,
  );
  return { encoder, state, meta };
}
