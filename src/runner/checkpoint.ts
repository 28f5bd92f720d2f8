/**
 * Checkpoints: the whole state of a training step as one safetensors file. The encoder's tensors have their bare
 * torchvision / timm names, so the file loads into PyTorch as it is; everything else is "part/name". What is no
 * tensor is JSON in the metadata. See docs/checkpoints.md.
 */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import * as z from 'zod';
import type { HostTensor, HostTensors, TensorSpecs } from '../engine';
import { messageOf, UserError } from '../shared/errors';
import type { BackboneConfig, RunConfig } from '../shared/run-config';
import type { WriteChunk } from './atomic-write';
import { BadCheckpoint } from './bad-checkpoint';
import { bytesOf, type Metadata, type SafeTensor, type SafeTensors } from './safetensors';
import { readTensorFile, readTensorHeader, writeTensorFile } from './tensor-file';

const ENCODER = 'encoder/';
const FORMAT = 'selvedge-checkpoint';

/** What a checkpoint says about itself. */
export const checkpointMetaSchema = z.object({
  version: z.literal(1),
  run: z.string(),
  method: z.string(),
  /** See {@link configHash}. */
  config: z.string(),
  /** Identifies the images trained on and their order. */
  data: z.string(),
  /** Batches trained on. */
  step: z.int().min(0),
  /** Epochs trained, a fraction within one. */
  epoch: z.number().min(0),
  kind: z.enum(['periodic', 'best', 'final']),
  /** Weighted k-NN accuracy in [0, 1] at this step, where it was measured. */
  knn: z.number().nullable(),
  /** What else training needs to go on, e.g. the collapse monitor's memory; checked by whoever wrote it. */
  memory: z.unknown(),
});
export type CheckpointMeta = z.infer<typeof checkpointMetaSchema>;

export interface Checkpoint {
  readonly meta: CheckpointMeta;
  readonly state: HostTensors;
}

/** @returns bytes written. @throws UserError where the disk is full; a former file of this name is then untouched. */
export function writeCheckpoint(
  path: string,
  { meta, state }: Checkpoint,
  write?: WriteChunk,
): Promise<number> {
  const tensors = Object.fromEntries(
    Object.entries(state).map(([key, tensor]) => [fileName(key), toSafeTensor(tensor)]),
  );
  const metadata = { format: FORMAT, checkpoint: JSON.stringify(meta), crc32: checksum(tensors) };
  return writeTensorFile(path, tensors, metadata, write);
}

/** What must be equal for a run to continue. */
export type Identity = Pick<CheckpointMeta, 'run' | 'config' | 'data'>;

/**
 * @throws BadCheckpoint naming the file where it is damaged, foreign, or of another run; UserError where the run's
 * settings or images are no longer what they were.
 */
export async function readCheckpoint(
  path: string,
  expected: Identity,
  specs: TensorSpecs,
): Promise<Checkpoint> {
  const { metadata, tensors } = await readTensorFile(path).catch((error: unknown) => {
    throw new BadCheckpoint(messageOf(error), 'Continue from an older checkpoint of this run.');
  });
  const meta = parseMeta(path, metadata);
  checkIdentity(path, meta, expected);
  if (checksum(tensors) !== metadata['crc32'])
    throw new BadCheckpoint(
      `Could not read ${path}: its content does not match its checksum`,
      'The file is damaged. Continue from an older checkpoint of this run.',
    );
  const state = Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [stateKey(name), toHostTensor(tensor)]),
  );
  checkFits(path, state, specs);
  return { meta, state };
}

/** @throws UserError where the file cannot be read; BadCheckpoint where it is no checkpoint of ours. */
export async function readCheckpointMeta(path: string): Promise<CheckpointMeta & { bytes: number }> {
  const { metadata, bytes } = await readTensorHeader(path);
  return { ...parseMeta(path, metadata), bytes };
}

/** A fingerprint of all settings that decide a run's result; how and how often it is saved does not. */
export function configHash(config: RunConfig): string {
  const { checkpoint: _policy, device: _device, threads: _threads, lowMemory: _memory, ...decisive } = config;
  const backbone = withoutLater(config.backbone);
  return createHash('sha256')
    .update(canonical({ ...decisive, backbone }))
    .digest('hex')
    .slice(0, 16);
}

/** Without settings that came later, where they are as it was before: checkpoints from then can still be continued. */
function withoutLater(backbone: BackboneConfig): unknown {
  if (backbone.kind !== 'vit' || backbone.pool !== 'class') return backbone;
  const { pool: _, ...others } = backbone;
  return others;
}

/** JSON with sorted keys: equal values give equal text. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

function parseMeta(path: string, metadata: Metadata): CheckpointMeta {
  const hint = 'Choose a checkpoint of this run, or start a new run from its weights.';
  if (metadata['format'] !== FORMAT)
    throw new BadCheckpoint(`${path} is not a checkpoint of Selvedge: it holds weights alone`, hint);
  try {
    return checkpointMetaSchema.parse(JSON.parse(metadata['checkpoint'] ?? ''));
  } catch (error) {
    throw new BadCheckpoint(`${path} was not written by this version of Selvedge: ${messageOf(error)}`, hint);
  }
}

function checkIdentity(path: string, meta: CheckpointMeta, expected: Identity): void {
  const start = 'Nothing may change in a run that continues. Start a new run from these weights instead.';
  if (meta.run !== expected.run)
    throw new BadCheckpoint(`${path} belongs to run ${meta.run}, not to ${expected.run}`, start);
  // An older checkpoint of the run would not fit either: these two are not worth another try.
  if (meta.config !== expected.config)
    throw new UserError(`${path} was trained with other settings than this run has now`, start);
  if (meta.data !== expected.data)
    throw new UserError(`${path} was trained on other images than its folder holds now`, start);
}

/** @throws BadCheckpoint naming the first tensor that is missing, unknown or of another shape. */
function checkFits(path: string, state: HostTensors, specs: TensorSpecs): void {
  const hint = 'It was written by another version of Selvedge. Start a new run from its weights.';
  const describe = (spec?: { dtype: string; shape: readonly number[] }) =>
    spec ? `${spec.dtype}[${spec.shape.join(', ')}]` : 'nothing';
  for (const name of new Set([...Object.keys(specs), ...Object.keys(state)])) {
    const [found, wanted] = [describe(state[name]), describe(specs[name])];
    if (found !== wanted)
      throw new BadCheckpoint(`${path} holds ${found} as "${name}", where the step has ${wanted}`, hint);
  }
}

const fileName = (key: string) => (key.startsWith(ENCODER) ? key.slice(ENCODER.length) : key);
/** torchvision's and timm's names have no slash, keys of our other parts always have. */
export const stateKey = (name: string) => (name.includes('/') ? name : ENCODER + name);

const DTYPES = { float32: 'F32', int32: 'I32', bool: 'BOOL' } as const;

export function toSafeTensor({ dtype, shape, data }: HostTensor): SafeTensor {
  return { dtype: DTYPES[dtype], shape, data };
}

/** @throws Error where the engine has no such dtype. */
export function toHostTensor({ dtype, shape, data }: SafeTensor): HostTensor {
  if (data instanceof BigInt64Array) return { dtype: 'int32', shape, data: Int32Array.from(data, Number) };
  return { dtype: dtype === 'F32' ? 'float32' : dtype === 'I32' ? 'int32' : 'bool', shape, data };
}

/** CRC-32 of all tensors' bytes in the order of their names: a changed bit is found, not trained on. */
function checksum(tensors: SafeTensors): string {
  let value = 0;
  for (const name of Object.keys(tensors).sort()) value = crc32(bytesOf(tensors[name].data), value);
  return value.toString(16).padStart(8, '0');
}
