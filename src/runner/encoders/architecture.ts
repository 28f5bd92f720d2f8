/** Which of our encoders a file of weights is of, from the names and shapes of its tensors alone. */
import { UserError } from '../../shared/errors';
import type { BackboneConfig } from '../../shared/run-config';

export interface Architecture {
  readonly backbone: BackboneConfig;
  /** Side of the images it was trained on, px, as far as the weights tell. */
  readonly imageSize: number;
  /** "ResNet-18", "ViT-S/16". */
  readonly name: string;
}

/** Shapes by name, prefixes of wrappers dropped. */
export type Shapes = Readonly<Record<string, readonly number[]>>;

/** Larger position grids are interpolated down to this side, px: what DINOv2 is evaluated at. */
const LARGEST_SIDE = 448;
const USUAL_SIDE = 224;

export const SUPPORTED =
  'Supported are ResNet-18, 34 and 50 with the names of torchvision, and ViT-Ti, S and B with a class token and the ' +
  'names of timm, DINO or DINOv2. Others can be imported as ONNX.';

/** @throws UserError saying what the weights are instead. */
export function architectureOf(shapes: Shapes, source: string): Architecture {
  if (shapes['patch_embed.proj.weight']) return visionTransformer(shapes, source);
  if (shapes['conv1.weight'] && shapes['layer1.0.conv1.weight']) return resnet(shapes, source);
  throw unsupported(source, `they are of another network, with tensors such as ${someNames(shapes)}`);
}

function resnet(shapes: Shapes, source: string): Architecture {
  const blocks = [1, 2, 3, 4].map((stage) => countBlocks(shapes, `layer${stage}.`));
  const bottleneck = 'layer1.0.conv3.weight' in shapes;
  const depth = depthOf(blocks, bottleneck);
  if (depth === null)
    throw unsupported(
      source,
      `they are of a ResNet with ${blocks.join(', ')} ${bottleneck ? 'bottleneck' : 'basic'} blocks`,
    );
  const [channels, , kernel] = shapes['conv1.weight'];
  const inner = shapes['layer1.0.conv1.weight'][0];
  if (inner !== channels) throw unsupported(source, 'they are of a wide ResNet or a ResNeXt');
  const width = channels / 64;
  const stem = kernel === 3 ? 'cifar' : 'torchvision';
  return {
    backbone: { kind: 'resnet', depth, stem, width },
    imageSize: stem === 'cifar' ? 32 : USUAL_SIDE,
    name: `ResNet-${depth}${width === 1 ? '' : ` x ${width}`}`,
  };
}

function depthOf(blocks: readonly number[], bottleneck: boolean): 18 | 34 | 50 | null {
  const counts = blocks.join();
  if (bottleneck) return counts === '3,4,6,3' ? 50 : null;
  if (counts === '2,2,2,2') return 18;
  return counts === '3,4,6,3' ? 34 : null;
}

const WIDTHS = { 192: ['tiny', 'Ti'], 384: ['small', 'S'], 768: ['base', 'B'] } as const;

function visionTransformer(shapes: Shapes, source: string): Architecture {
  const [width, , patch] = shapes['patch_embed.proj.weight'];
  const size = width in WIDTHS ? WIDTHS[width as keyof typeof WIDTHS] : undefined;
  const depth = countBlocks(shapes, 'blocks.');
  if (!size) throw unsupported(source, `they are of a ViT ${width} wide`);
  if (shapes['register_tokens'] ?? shapes['reg_token'])
    throw unsupported(source, 'they are of a ViT with register tokens');
  const positions = shapes['pos_embed'] as Shapes[string] | undefined;
  const grid = positions ? Math.sqrt(positions[1] - 1) : NaN;
  if (!shapes['cls_token'] || !Number.isInteger(grid))
    throw unsupported(
      source,
      `they are of a ViT without a class token: its position embeddings are [${positions?.join(', ') ?? 'missing'}]`,
    );
  const pool = shapes['norm.weight'] ? 'class' : 'mean';
  if (pool === 'mean' && !shapes['fc_norm.weight'])
    throw unsupported(source, 'they are of a ViT without a last normalization, norm or fc_norm');
  const trained = grid * patch;
  const [name, label] = size;
  return {
    backbone: { kind: 'vit', size: name, patch, depth, pool },
    imageSize: trained <= LARGEST_SIDE ? trained : Math.round(USUAL_SIDE / patch) * patch,
    name: `ViT-${label}/${patch}${depth === 12 ? '' : ` (${depth} blocks)`}`,
  };
}

/** Blocks 0, 1, 2, ... under this prefix. */
function countBlocks(shapes: Shapes, prefix: string): number {
  const numbers = Object.keys(shapes).flatMap((name) => {
    const number = name.startsWith(prefix) ? /^(\d+)\./.exec(name.slice(prefix.length))?.[1] : undefined;
    return number === undefined ? [] : [Number(number)];
  });
  return numbers.length === 0 ? 0 : Math.max(...numbers) + 1;
}

const unsupported = (source: string, what: string): UserError =>
  new UserError(`The weights in ${source} cannot be used: ${what}.`, SUPPORTED, 'usage');

const someNames = (shapes: Shapes): string => Object.keys(shapes).slice(0, 4).join(', ') || 'none at all';
