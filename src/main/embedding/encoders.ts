/** Encoders from elsewhere: looked into once, then known by an id. Their files stay where they are. */
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { encoderFactsSchema } from '../../shared/explorer/encoder-source';
import type { ImportedEncoder } from '../../shared/explorer/sets';
import { UserError } from '../../shared/errors';
import type { JobOptions } from '../encoder-jobs';
import type { Host } from '../host';
import type { StoredEncoder } from '../store/embedding-sets';
import { runJob } from '../supervisor/run-job';

/**
 * Looks into a file and remembers it; one that is known is looked into again.
 * @throws UserError where it is gone, damaged, or of an architecture that cannot be run here.
 */
export async function addEncoder(
  host: Host,
  file: string,
  options: JobOptions = {},
): Promise<ImportedEncoder> {
  const path = resolve(file);
  const stamp = stampOf(path);
  if (!stamp) {
    throw new UserError(
      `There is no file at ${path}.`,
      'Give an .onnx model, or .safetensors weights of torchvision, timm or DINO.',
      'usage',
    );
  }
  const facts = await runJob(host.runner, { kind: 'inspect-encoder', path }, encoderFactsSchema, options);
  const id = encoderId(path);
  host.store.encoders.put({ id, path, ...stamp, facts });
  return describeEncoder(host.store.encoders.get(id));
}

export const encoderId = (path: string): string =>
  createHash('sha256').update(path).digest('hex').slice(0, 16);

export function describeEncoder(stored: StoredEncoder): ImportedEncoder {
  const { id, path, facts, addedAt } = stored;
  const { format, architecture, imageSize, featureSize, features, normalization, warnings } = facts;
  const problem = encoderProblem(stored);
  return {
    id,
    name: basename(path),
    path,
    format,
    architecture,
    imageSize,
    featureSize,
    features,
    normalization,
    addedAt,
    isMissing: problem !== null,
    warnings: problem === null ? warnings : [problem, ...warnings],
  };
}

/** Why the file, or one that holds its weights, is not what was added, as a sentence; null where it is. */
export function encoderProblem({ path, bytes, modifiedAt, facts }: StoredEncoder): string | null {
  const weights = facts.files.map(({ name, ...stamp }) => ({ file: join(dirname(path), name), ...stamp }));
  for (const { file, ...stamp } of [{ file: path, bytes, modifiedAt }, ...weights]) {
    const now = stampOf(file);
    if (!now) return `There is no file at ${file} any more.`;
    if (now.bytes !== stamp.bytes || now.modifiedAt !== stamp.modifiedAt)
      return `${file} has changed since ${file === path ? 'it' : basename(path)} was added. Add ${basename(path)} again.`;
  }
  return null;
}

function stampOf(path: string): { bytes: number; modifiedAt: number } | null {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.isFile() ? { bytes: found.size, modifiedAt: found.mtimeMs } : null;
}
