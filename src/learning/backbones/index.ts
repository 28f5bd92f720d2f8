/** Encoders by configuration. */
import type { BackboneConfig } from '../../shared/run-config';
import type { Backbone } from './backbone';
import { resnet } from './resnet';
import { tokenizer } from './tokenizer';
import { vit } from './vit';

export type { Backbone, ConvolutionalBackbone, Encoder, VisionTransformer } from './backbone';

/**
 * @param imageSize side of the square input images, px.
 * @throws UserError where the configuration does not fit the image size.
 */
export function createEncoder(config: BackboneConfig, imageSize: number): Backbone {
  switch (config.kind) {
    case 'resnet':
      return resnet(config, imageSize);
    case 'vit':
      return vit(config, imageSize);
    case 'tokenizer':
      return tokenizer(config, imageSize);
    default:
      return config satisfies never;
  }
}
