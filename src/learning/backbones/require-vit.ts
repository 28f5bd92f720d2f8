/** Methods that hide patches need a backbone that has patches. */
import { UserError } from '../../shared/errors';
import type { Backbone, VisionTransformer } from './backbone';

/** @param title of the method. @throws UserError where the backbone is no vision transformer. */
export function requireViT(encoder: Backbone, title: string): VisionTransformer {
  if (encoder.kind === 'vit') return encoder;
  throw new UserError(
    `${title} hides patches of the image, and backbone.kind is "${encoder.kind}", which has none`,
    'Set backbone.kind to "vit".',
    'usage',
  );
}
