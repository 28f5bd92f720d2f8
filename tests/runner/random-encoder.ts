/** A checkpoint of an encoder with its initial weights. */
import { createEncoder, initialWeights } from '../../src/learning';
import { configHash, writeCheckpoint } from '../../src/runner/checkpoint';
import type { EncoderSource } from '../../src/shared/explorer/encoder-source';
import type { RunConfig } from '../../src/shared/run-config';

export async function writeRandomEncoder(
  path: string,
  config: RunConfig,
): Promise<EncoderSource & { kind: 'checkpoint' }> {
  const { parameters } = createEncoder(config.backbone, config.data.imageSize);
  const state = initialWeights({ encoder: parameters }, config.seed);
  const meta = {
    version: 1,
    run: 'random',
    method: config.method,
    config: configHash(config),
    data: '',
    step: 0,
    epoch: 0,
    kind: 'final',
    knn: null,
    memory: null,
  } as const;
  await writeCheckpoint(path, { meta, state });
  return { kind: 'checkpoint', path, config };
}
