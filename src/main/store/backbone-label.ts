/** What an encoder is called in a table. */
import type { BackboneConfig } from '../../shared/run-config';

const VIT_SIZES = { tiny: 'Ti', small: 'S', base: 'B' } as const;

/** @example "ResNet-18", "ResNet-18 x 0.25" (width), "ViT-Ti/4", "ViT-Ti/4 (6 blocks)", "Tokenizer/4" */
export function backboneLabel(config: BackboneConfig): string {
  switch (config.kind) {
    case 'resnet':
      return `ResNet-${config.depth}${config.width === 1 ? '' : ` x ${config.width}`}`;
    case 'vit': {
      const blocks = config.depth === 12 ? '' : ` (${config.depth} blocks)`;
      return `ViT-${VIT_SIZES[config.size]}/${config.patch}${blocks}`;
    }
    case 'tokenizer':
      return `Tokenizer/${2 ** config.stages}`;
    default:
      return config satisfies never;
  }
}
