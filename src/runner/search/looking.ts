/** Shows where a set's encoder looks in an image. */
import { openDevice, type Device, type HostTensor, type HostTensors, type Step } from '../../engine';
import { createAttentionStep, createSimilarityStep, type SimilarityGoal } from '../../learning';
import { UserError } from '../../shared/errors';
import type { ImageSource, SearchAnswer, SetSource } from '../../shared/explorer/requests';
import { openWeights, type OpenWeights, type WeightsSource } from '../encoders/open-weights';
import type { Encoders } from './encoders';
import type { OpenSet, OpenSets } from './open-sets';
import type { QueryImage, QueryImages } from './query-images';
import { Recent } from '../../shared/recent';

const THREADS = 2;
/** Compiled steps that are kept: of two encoders side by side, to themselves and to another image. */
const KEPT = 4;

interface Looking {
  readonly device: Device;
  readonly step: Step;
}

/** An encoder, whose weights are in its steps and not kept beside them. */
interface Opened extends Pick<OpenWeights, 'backbone' | 'normalization'> {
  /** The weights, for a step to take over: a second step's are read again. */
  readonly takeState: () => Promise<HostTensors>;
}

type Attention = SearchAnswer<'attention'>;

export class Lookers {
  private readonly opened = new Recent<Promise<Opened>>(KEPT);
  private readonly steps = new Recent<Promise<Looking>>(KEPT, (looking) =>
    looking.then(close, () => undefined),
  );

  constructor(
    private readonly sets: OpenSets,
    private readonly images: QueryImages,
    private readonly encoders: Encoders,
  ) {}

  /**
   * @param request.other what a convolutional network's similarity is to; null for the image itself.
   * @throws UserError where the encoder does not tell, or an image cannot be read.
   */
  async look(request: { set: SetSource; image: ImageSource; other: ImageSource | null }): Promise<Attention> {
    const set = this.sets.open(request.set);
    const { encoder } = request.set;
    // Says what is missing, and that it is the very encoder that made the set.
    const { imageSize } = await this.encoders.of(set);
    if ('missing' in encoder || encoder.kind === 'onnx' || encoder.kind === 'pixels')
      throw cannotTell(set, 'missing' in encoder ? 'onnx' : encoder.kind);
    const opened = await this.openedOf(set, encoder);
    const image = await this.images.open(request.image);
    const other = request.other && (await this.images.open(request.other));
    const crop = cropOf(await image.size());
    const pixelsOf = async (of: QueryImage) => imageTensor(await of.decode(imageSize), imageSize);
    const shown = await pixelsOf(image);
    if (opened.backbone.kind === 'tokenizer') throw cannotTell(set, 'tokenizer');
    return {
      ...(opened.backbone.kind === 'vit'
        ? await this.attention(set, opened, shown)
        : await this.similarity(set, opened, shown, other && (await pixelsOf(other)))),
      crop,
    };
  }

  close(): void {
    this.steps.clear();
    this.opened.clear();
  }

  /** Read once for all images: by the space, which no other weights have. */
  private openedOf({ manifest }: OpenSet, source: WeightsSource): Promise<Opened> {
    const known = this.opened.get(manifest.space);
    if (known) return known;
    const opening = openEncoder(source);
    this.opened.put(manifest.space, opening);
    opening.catch(() => this.opened.forget(manifest.space));
    return opening;
  }

  private async attention(
    set: OpenSet,
    { backbone, normalization, takeState }: Opened,
    images: HostTensor,
  ): Promise<Omit<Attention, 'crop'>> {
    if (backbone.kind !== 'vit') throw new Error('Only a vision transformer attends');
    const { heads, grid, depth, pooling } = backbone;
    const definition = createAttentionStep(backbone, normalization);
    const { step } = await this.prepare(`${set.manifest.space} attention`, definition, takeState);
    const { attention } = await step.run({ images });
    const area = grid * grid;
    const ofHeads = Array.from({ length: heads }, (_, head) =>
      Array.from((attention.data as Float32Array).subarray(head * area, (head + 1) * area)),
    );
    const mean = Array.from({ length: area }, (_, place) =>
      ofHeads.reduce((sum, head) => sum + head[place] / heads, 0),
    );
    return {
      kind: 'attention',
      about:
        `Attention of the class token to the ${area} patches in the last block (blocks.${depth - 1}), ` +
        `${heads} heads; what it keeps for itself is left out.` +
        (pooling === 'mean'
          ? ' The embedding is the mean of the patches: the class token has no part in it.'
          : ''),
      grid: { rows: grid, columns: grid },
      maps: [
        { name: 'Mean', values: shares(mean) },
        ...ofHeads.map((values, head) => ({ name: `Head ${head + 1}`, values: shares(values) })),
      ],
    };
  }

  private async similarity(
    set: OpenSet,
    { backbone, normalization, takeState }: Opened,
    images: HostTensor,
    other: HostTensor | null,
  ): Promise<Omit<Attention, 'crop'>> {
    if (backbone.kind !== 'resnet') throw new Error('Only a ResNet has similarity maps');
    const { feature, whitening } = set.manifest.recipe;
    const layer = feature === 'embedding' ? 'layer4' : feature;
    const goal: SimilarityGoal = other ? 'cosine' : 'share';
    const definition = createSimilarityStep(backbone, layer, goal, normalization);
    const { step } = await this.prepare(`${set.manifest.space} ${goal}`, definition, takeState);
    const [, size] = definition.inputs.target.shape;
    const run = (of: HostTensor, target: Float32Array) =>
      step.run({ images: of, target: { dtype: 'float32', shape: [1, size], data: target } });
    // The first run is for the embedding alone, whatever the target.
    const { embedding } = await run(other ?? images, new Float32Array(size));
    const { map } = await run(images, unit(embedding.data as Float32Array));
    const [rows, columns] = map.shape;
    const values = shares(Array.from(map.data as Float32Array));
    const unwhitened = whitening ? ', before whitening' : '';
    return {
      kind: 'similarity',
      about: other
        ? `Grad-CAM in ${layer}: which places make the image more like the other one (gradient of the cosine of their embeddings${unwhitened}).`
        : `Grad-CAM in ${layer}: how much each place brings into the image's own embedding${unwhitened}.`,
      grid: { rows, columns },
      maps: [{ name: 'Mean', values }],
    };
  }

  private prepare(
    key: string,
    definition: Parameters<Device['prepare']>[0],
    takeState: Opened['takeState'],
  ): Promise<Looking> {
    const known = this.steps.get(key);
    if (known) return known;
    const opening = open(definition, takeState);
    this.steps.put(key, opening);
    opening.catch(() => this.steps.forget(key));
    return opening;
  }
}

async function openEncoder(source: WeightsSource): Promise<Opened> {
  const { backbone, normalization, state } = await openWeights(source);
  let unused: HostTensors | null = state;
  return {
    backbone,
    normalization,
    takeState: async () => {
      const own = unused;
      unused = null;
      return own ?? (await openWeights(source)).state;
    },
  };
}

async function open(
  definition: Parameters<Device['prepare']>[0],
  takeState: Opened['takeState'],
): Promise<Looking> {
  const state = await takeState();
  const { device } = await openDevice('cpu', { threads: THREADS, lowMemory: true });
  try {
    return { device, step: await device.prepare(definition, state) };
  } catch (error) {
    await device.dispose();
    throw error;
  }
}

async function close({ device, step }: Looking): Promise<void> {
  await step.dispose();
  await device.dispose();
}

const imageTensor = (pixels: Uint8Array, side: number): HostTensor => ({
  dtype: 'float32',
  shape: [1, side, side, 3],
  data: Float32Array.from(pixels),
});

function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return length > 0 ? vector.map((value) => value / length) : vector;
}

/** @throws UserError where nothing is positive. */
function shares(values: readonly number[]): number[] {
  const total = values.reduce((sum, value) => sum + value, 0);
  if (total > 0 && Number.isFinite(total)) return values.map((value) => value / total);
  throw new UserError(
    'No place in this image speaks for the similarity: there is nothing to show.',
    'Compare it with an image that is more like it.',
  );
}

/** The square that is not cut off: the shorter side whole, the longer one about its centre. */
function cropOf({ width, height }: { width: number; height: number }): Attention['crop'] {
  const side = Math.min(width, height);
  return {
    left: (width - side) / 2 / width,
    top: (height - side) / 2 / height,
    width: side / width,
    height: side / height,
  };
}

const REASONS = {
  onnx: 'an ONNX file does not tell its inner layers',
  pixels: 'raw pixels are all looked at alike',
  tokenizer: 'a tokenizer looks at every place by itself',
} as const;

const cannotTell = ({ source }: OpenSet, kind: keyof typeof REASONS): UserError =>
  new UserError(
    `Where "${source.encoderName}" looks cannot be shown: ${REASONS[kind]}.`,
    'Take a set of a ViT (attention) or a ResNet (similarity).',
    'usage',
  );
