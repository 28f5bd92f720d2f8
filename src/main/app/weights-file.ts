/** Files of weights that a form starts a run from: named by a place that the user chose, and looked into. */
import { existsSync } from 'node:fs';
import { extname } from 'node:path';
import type { WeightsFile } from '../../shared/api/set-up';
import { encoderFactsSchema } from '../../shared/explorer/encoder-source';
import { UserError } from '../../shared/errors';
import { NoSuchWeights } from '../questions';
import type { Runner } from '../supervisor/job-process';
import { runJob } from '../supervisor/run-job';
import type { Places } from './places';

/**
 * What the file is, told by the names and shapes of its tensors.
 * @throws UserError where it is gone, no safetensors, damaged, or of a network that is not among ours.
 */
export async function inspectWeights(
  runner: Runner,
  places: Places,
  place: string,
  signal?: AbortSignal,
): Promise<WeightsFile> {
  const path = weightsAt(places, place);
  const { architecture, imageSize, training } = await runJob(
    runner,
    { kind: 'inspect-encoder', path },
    encoderFactsSchema,
    signal && { signal },
  );
  if (!training) throw notWeights(path);
  const { backbone, normalization } = training;
  return {
    place: places.give(path),
    architecture,
    config: { backbone, data: { imageSize, ...normalization } },
  };
}

/**
 * The path of a file of weights.
 * @throws NoSuchWeights where the handle is not known, or leads to no such file.
 */
export function weightsAt(places: Places, place: string): string {
  try {
    const path = places.pathOf(place);
    if (extname(path).toLowerCase() !== '.safetensors') throw notWeights(path);
    if (existsSync(path)) return path;
    throw new UserError(
      `There is no file at ${path} any more.`,
      'Choose it again where it lies now.',
      'usage',
    );
  } catch (error) {
    throw error instanceof UserError ? new NoSuchWeights('init', error) : error;
  }
}

const notWeights = (path: string): UserError =>
  new UserError(
    `A run cannot start from ${path}: it is no safetensors file.`,
    'Choose .safetensors weights of torchvision, timm, DINO or DINOv2, or of a run. PyTorch .pt and .pth files can be saved as safetensors with safetensors.torch.save_file.',
    'usage',
  );
