/** VQ-VAE: images as a grid of discrete ids and back, the tokenizer of BEiT. Van den Oord et al. 2017, arXiv 1711.00937. */
import * as tf from '@tensorflow/tfjs-core';
import * as z from 'zod';
import { UserError } from '../../shared/errors';
import { quantizer } from '../layers/quantizer';
import type { Method, PartWeights } from '../method';
import { cropAndFlip, cropAndFlipSchema } from './crop-and-flip';
import { codebookOptions } from './codebook-options';
import { vqvaeDecoder } from './vqvae-decoder';

const optionsSchema = z.strictObject({
  ...codebookOptions,
  commitment: z
    .number()
    .min(0)
    .max(10)
    .default(0.25)
    .describe('Weight of the distance between what is encoded and its code'),
  decay: z.number().min(0).max(0.9999).default(0.99).describe('Momentum of the codebook’s averages'),
  revive: z
    .number()
    .min(0)
    .max(1)
    .default(0.05)
    .describe(
      'A code chosen less than this share of the mean is set to what a place of the batch encodes; 0 never',
    ),
  views: cropAndFlipSchema.prefault({ cropScale: [1, 1] }),
});
type VqvaeOptions = z.infer<typeof optionsSchema>;

export const vqvae: Method<VqvaeOptions> = {
  id: 'vqvae',
  title: 'VQ-VAE tokenizer',
  summary: 'Writes an image as a grid of ids from a codebook and paints it back: the tokenizer of BEiT.',
  paper: {
    title: 'Neural Discrete Representation Learning',
    url: 'https://arxiv.org/abs/1711.00937',
  },
  options: optionsSchema,
  needsLabels: false,

  views: ({ views }, imageSize) => [cropAndFlip(views, imageSize)],

  build({ options, encoder }) {
    if (encoder.kind !== 'tokenizer')
      throw new UserError(
        `VQ-VAE needs the backbone of a tokenizer, and backbone.kind is "${encoder.kind}"`,
        'Set backbone.kind to "tokenizer".',
        'usage',
      );
    const codebook = quantizer(encoder.featureSize, options);
    const decoder = vqvaeDecoder(encoder.shape, options.dimension);

    const reconstruct = (weights: PartWeights, image: tf.Tensor) => {
      const { layer1 } = encoder.features(weights.encoder, image);
      const quantized = codebook.quantize(weights.quantizer, layer1, options);
      const painted = decoder.apply(weights.decoder, quantized.quantized);
      return { ...quantized, painted, embedding: tf.mean(layer1, [1, 2]) };
    };

    return {
      parts: {
        encoder: encoder.parameters,
        quantizer: codebook.parameters,
        decoder: decoder.parameters,
      },
      schedules: {},
      loss({ weights, views: [image] }) {
        const { painted, commitment, perplexity, embedding } = reconstruct(weights, image);
        const error = tf.mean(tf.square(tf.sub(painted, image)));
        const reconstruction = tf.div(error, tf.mean(tf.square(tf.sub(image, tf.mean(image)))));
        return {
          loss: tf.add(reconstruction, tf.mul(commitment, options.commitment)),
          metrics: { reconstruction, perplexity },
          embedding,
        };
      },
      pictures({ weights, views: [image], rgb }) {
        return { original: rgb.toRgb(image), reconstruction: rgb.toRgb(reconstruct(weights, image).painted) };
      },
      chanceLoss: null,
      collapseAdvice: null,
    };
  },
};
