/** What a run tells of the weights that it starts from, for files of three origins. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { HostTensors } from '../../src/engine';
import { createEncoder, initialWeights } from '../../src/learning';
import { toSafeTensor } from '../../src/runner/checkpoint';
import { writeTensorFile } from '../../src/runner/tensor-file';
import { startFromWeights } from '../../src/runner/training/start-from-weights';
import type { BackboneConfig } from '../../src/shared/run-config';
import { notPlainlyLoaded, startingWeightsOf } from '../../src/shared/starting-weights';
import { recorded, temporaryFolder } from './fixtures';

const resnet = { kind: 'resnet', depth: 18, stem: 'torchvision', width: 0.125 } as const;
const vit = { kind: 'vit', size: 'tiny', patch: 4, depth: 1, pool: 'class' } as const;

const stateOf = (backbone: BackboneConfig, imageSize: number, seed = 1) =>
  initialWeights({ encoder: createEncoder(backbone, imageSize).parameters }, seed);

/** Under bare names, as torchvision and timm publish them. */
const published = (state: HostTensors, extra: HostTensors = {}) => {
  const all = { ...state, ...extra };
  return Object.fromEntries(
    Object.entries(all).map(([name, tensor]) => [name.replace(/^encoder\//, ''), toSafeTensor(tensor)]),
  );
};
const zeros = (...shape: number[]) => ({
  dtype: 'float32' as const,
  shape,
  data: new Float32Array(shape.reduce((a, b) => a * b, 1)),
});

/** Starts a run with `backbone` from a file of these tensors. */
async function started(
  tensors: Parameters<typeof writeTensorFile>[1],
  backbone: BackboneConfig,
  imageSize: number,
) {
  const checkpoint = join(await temporaryFolder(), 'weights.safetensors');
  await writeTensorFile(checkpoint, tensors);
  const context = recorded();
  const init = { checkpoint, freezeEncoder: false };
  const state = await startFromWeights(stateOf(backbone, imageSize, 2), { init }, context);
  const [event] = context.of('event');
  const { file, rows } = startingWeightsOf(event)!;
  expect(file).toBe(checkpoint);
  return { state, rows, message: event.message.replace(checkpoint, 'FILE') };
}

it('a run of Selvedge: its averaged encoder, under the names in the checkpoint', async () => {
  const weights = stateOf(resnet, 32);
  const averaged = Object.fromEntries(
    Object.entries(stateOf(resnet, 32, 3)).map(([name, tensor]) => [`ema/${name}`, tensor]),
  );
  const tensors = published({ ...weights, ...averaged, 'projector/0.weight': zeros(3) });
  const { state, rows, message } = await started(tensors, resnet, 32);
  expect(message).toBe(`Started from FILE: ${Object.keys(weights).length} tensors loaded.`);
  expect(notPlainlyLoaded(rows)).toEqual([]);
  expect(rows).toContainEqual(
    expect.objectContaining({ name: 'conv1.weight', fileName: 'ema/encoder/conv1.weight' }),
  );
  expect(state['encoder/conv1.weight']).toEqual(averaged['ema/encoder/conv1.weight']);
});

it("torchvision's ResNet: all but the classifier", async () => {
  const classifier = { 'fc.weight': zeros(1000, 64), 'fc.bias': zeros(1000) };
  const { rows, message } = await started(published(stateOf(resnet, 224), classifier), resnet, 32);
  expect(message).toMatch(/^Started from FILE: \d+ tensors loaded, 2 skipped\.$/);
  const skipped = { name: null, shape: null, what: 'skipped', note: 'the encoder has no such parameter' };
  expect(notPlainlyLoaded(rows)).toEqual([
    { ...skipped, fileName: 'fc.bias', fileShape: [1000] },
    { ...skipped, fileName: 'fc.weight', fileShape: [1000, 64] },
  ]);
});

it("timm's ViT of larger images: position embeddings are resized", async () => {
  const { rows, message } = await started(published(stateOf(vit, 56)), vit, 32);
  expect(message).toMatch(
    /loaded, 1 resized\. To make them fit: pos_embed: 14 x 14 patches interpolated to 8 x 8\.$/,
  );
  expect(notPlainlyLoaded(rows)).toEqual([
    {
      name: 'pos_embed',
      fileName: 'pos_embed',
      fileShape: [1, 197, 192],
      shape: [1, 65, 192],
      what: 'resized',
      note: '14 x 14 patches interpolated to 8 x 8',
    },
  ]);
});
