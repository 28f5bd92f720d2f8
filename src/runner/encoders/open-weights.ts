/** Opens weights, of a run's checkpoint or of a file from elsewhere, as one of our encoders. */
import type { HostTensors } from '../../engine';
import {
  createEncoder,
  embeddingState,
  initialWeights,
  transferEncoder,
  type Backbone,
  type Normalization,
  type Transfer,
} from '../../learning';
import { UserError } from '../../shared/errors';
import type { EncoderSource } from '../../shared/explorer/encoder-source';
import { ASSUMED_NORMALIZATION } from '../../shared/explorer/normalization';
import { backboneSchema, type BackboneConfig } from '../../shared/run-config';
import { readEncoderTensors } from '../encoder-file';
import { openEncoder } from '../open-encoder';
import type { Metadata } from '../safetensors';
import { readTensorHeader } from '../tensor-file';
import { architectureOf, SUPPORTED, type Architecture } from './architecture';

export interface OpenWeights {
  readonly backbone: Backbone;
  readonly config: BackboneConfig;
  /** By "encoder/<name>". */
  readonly state: HostTensors;
  readonly normalization: Normalization;
  /** The weights themselves say what they were trained with: those of a run, and exports of Selvedge. */
  readonly saysNormalization: boolean;
  /** "ResNet-18". */
  readonly architecture: string;
  /** What was done to the weights, or may surprise, as sentences. */
  readonly notes: readonly string[];
}

export type WeightsSource = Extract<EncoderSource, { kind: 'checkpoint' | 'safetensors' }>;

/** @throws UserError where the file cannot be read, or is of a network that is not among ours. */
export async function openWeights(source: WeightsSource): Promise<OpenWeights> {
  if (source.kind === 'safetensors') return openFile(source);
  const { path, config } = source;
  const { encoder, state } = await openEncoder(path, config);
  const { mean, std } = config.data;
  return {
    backbone: encoder,
    config: config.backbone,
    state,
    normalization: { mean, std },
    saysNormalization: true,
    architecture: nameOf(config.backbone),
    notes: [],
  };
}

async function openFile({
  path,
  normalization: chosen,
}: Extract<WeightsSource, { kind: 'safetensors' }>): Promise<OpenWeights> {
  const { metadata } = await readTensorHeader(path);
  const tensors = withoutWrappers(await readEncoderTensors(path));
  const shapes = Object.fromEntries(Object.entries(tensors).map(([name, { shape }]) => [name, shape]));
  const own = ownArchitecture(metadata);
  const { backbone: config, imageSize, name } = own ?? architectureOf(shapes, path);
  const backbone = createEncoder(config, imageSize);
  const { state, changes } = fit(backbone, tensors, path, name);
  return {
    backbone,
    config,
    state,
    normalization: chosen ?? own?.normalization ?? ASSUMED_NORMALIZATION,
    saysNormalization: own !== null,
    architecture: name,
    notes: changes,
  };
}

/** @throws UserError naming the tensors that are missing or have another shape. */
function fit(backbone: Backbone, tensors: HostTensors, path: string, name: string): Transfer {
  const empty = initialWeights({ encoder: backbone.parameters }, 0);
  try {
    return transferEncoder(empty, embeddingState(tensors), path);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const problems = error.message.slice(error.message.indexOf(': ') + 2);
    throw new UserError(`${path} looks like ${name}, but is not quite that: ${problems}`, SUPPORTED, 'usage');
  }
}

/** What wrappers of training code put before the names of an encoder. */
const WRAPPERS = /^(module\.|teacher\.|student\.|backbone\.|model\.|encoder\.)+/;

/** Names as the architecture is told by; of a file with both, the teacher's encoder. */
function withoutWrappers(tensors: HostTensors): HostTensors {
  const isTeachers = Object.keys(tensors).some((name) => name.startsWith('teacher.'));
  const entries = Object.entries(tensors).filter(([name]) => !isTeachers || !name.startsWith('student.'));
  return Object.fromEntries(entries.map(([name, tensor]) => [name.replace(WRAPPERS, ''), tensor]));
}

/** What an export of Selvedge says about itself; null for files of others. */
function ownArchitecture(metadata: Metadata): (Architecture & { normalization: Normalization }) | null {
  const { backbone: text, imageSize, mean, std } = metadata;
  if (text === undefined || imageSize === undefined || mean === undefined || std === undefined) return null;
  const backbone = backboneSchema.safeParse(parse(text));
  if (!backbone.success) return null;
  const { data } = backbone;
  return {
    backbone: data,
    imageSize: Number(imageSize),
    name: nameOf(data),
    normalization: { mean: triple(mean), std: triple(std) },
  };
}

function nameOf(config: BackboneConfig): string {
  if (config.kind === 'resnet')
    return `ResNet-${config.depth}${config.width === 1 ? '' : ` x ${config.width}`}`;
  if (config.kind === 'tokenizer') return 'Tokenizer';
  return `ViT-${{ tiny: 'Ti', small: 'S', base: 'B' }[config.size]}/${config.patch}`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function triple(text: string): [number, number, number] {
  const [red, green, blue] = text.split(',').map(Number);
  return [red, green, blue];
}
