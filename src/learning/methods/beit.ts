/** BEiT: tells the ids of hidden patches, which a tokenizer gives. Bao et al. 2021, arXiv 2106.08254. */
import * as tf from '@tensorflow/tfjs-core';
import * as z from 'zod';
import { UserError } from '../../shared/errors';
import { tokenizerSchema } from '../../shared/run-config';
import { requireViT } from '../backbones/require-vit';
import { tokenizer as tokenizerEncoder } from '../backbones/tokenizer';
import { normal, parameter } from '../layers/initializers';
import { transformerLinear } from '../layers/linear';
import { quantizer } from '../layers/quantizer';
import type { Method, StepInput } from '../method';
import { collect } from '../module';
import { fromPatches, toPatches } from '../patches';
import { blockMaskDraw, blockMaskSchema } from './block-mask';
import { codebookOptions } from './codebook-options';
import { cropAndFlip, cropAndFlipSchema } from './crop-and-flip';
import { vqvaeDecoder } from './vqvae-decoder';

const optionsSchema = z.strictObject({
  mask: blockMaskSchema.prefault({}),
  tokenizer: tokenizerSchema.extend(codebookOptions).prefault({}).describe('As the tokenizer was trained'),
  views: cropAndFlipSchema.prefault({}),
});
type BeitOptions = z.infer<typeof optionsSchema>;

export const beit: Method<BeitOptions> = {
  id: 'beit',
  title: 'BEiT',
  summary: 'Hides blocks of patches and tells which of a tokenizer’s ids they have.',
  paper: {
    title: 'BEiT: BERT Pre-Training of Image Transformers',
    url: 'https://arxiv.org/abs/2106.08254',
  },
  options: optionsSchema,
  needsLabels: false,
  needsTeacher: 'a trained tokenizer, a run of the method vqvae',

  views: ({ views }, imageSize) => [cropAndFlip(views, imageSize)],

  build({ options, encoder: backbone }) {
    const encoder = requireViT(backbone, 'BEiT');
    const { width, depth, grid, patch, imageSize } = encoder;
    const { codes, dimension, ...shape } = options.tokenizer;
    if (patch !== 2 ** shape.stages)
      throw new UserError(
        `An id of the tokenizer stands for ${2 ** shape.stages} px, and backbone.patch is ${patch}`,
        `Set backbone.patch to ${2 ** shape.stages}, or train a tokenizer of other stages.`,
        'usage',
      );
    const tokenizer = tokenizerEncoder(shape, imageSize);
    const codebook = quantizer(tokenizer.featureSize, { codes, dimension });
    const decoder = vqvaeDecoder(shape, dimension);
    const head = transformerLinear(width, codes);

    /** Scores of every id at every place, [batch * places, codes], and the tokens they come from. */
    const predict = ({ weights, views: [image], draws: { mask } }: StepInput) => {
      const hidden = { mask, token: weights.predictor.get('mask_token') };
      const { classToken, patches } = encoder.embed(weights.encoder, image, hidden);
      const blocks = encoder.transform(weights.encoder, tf.concat([classToken, patches], 1));
      const tokens = encoder.normalize(weights.encoder, blocks[`blocks.${depth - 1}`]);
      const [, places] = tf.split(tokens, [1, grid * grid], 1);
      const logits = weights.predictor.apply('head', head, tf.reshape(places, [-1, width]));
      return { logits, places };
    };
    const idsOf = ({ teacher, views: [image] }: StepInput) =>
      codebook.quantize(teacher.quantizer, tokenizer.features(teacher.encoder, image).layer1).ids;

    return {
      parts: {
        encoder: encoder.parameters,
        predictor: {
          mask_token: parameter([1, 1, width], 'weight', normal(0.02)),
          ...collect({ head: head.parameters }),
        },
      },
      fixed: {
        encoder: tokenizer.parameters,
        quantizer: codebook.parameters,
        decoder: decoder.parameters,
      },
      draws: { mask: blockMaskDraw(options.mask, grid) },
      schedules: {},
      loss(input) {
        const { logits, places } = predict(input);
        const ids = idsOf(input);
        const mask = tf.reshape(input.draws.mask, [-1]);
        const overHidden = (x: tf.Tensor) => tf.div(tf.sum(tf.mul(x, mask)), tf.sum(mask));
        const own = tf.oneHot(ids, codes, 1, 0, 'float32');
        const right = tf.cast(tf.equal(tf.argMax(logits, 1), ids), 'float32');
        return {
          loss: tf.neg(overHidden(tf.sum(tf.mul(tf.logSoftmax(logits), own), 1))),
          metrics: { maskedAccuracy: overHidden(right) },
          embedding: tf.mean(places, 1),
        };
      },
      pictures(input) {
        const { teacher, views, draws, rgb } = input;
        const mask = tf.reshape(draws.mask, [-1, 1]);
        const guessed = codebook.lookUp(teacher.quantizer, tf.argMax(predict(input).logits, 1));
        const known = codebook.lookUp(teacher.quantizer, idsOf(input));
        const filled = tf.add(tf.mul(guessed, mask), tf.mul(known, tf.sub(1, mask)));
        const paint = (vectors: tf.Tensor) =>
          rgb.toRgb(decoder.apply(teacher.decoder, tf.reshape(vectors, [-1, grid, grid, dimension])));
        const shown = tf.mul(toPatches(views[0], patch), tf.sub(1, tf.reshape(mask, [-1, grid * grid, 1])));
        return {
          original: rgb.toRgb(views[0]),
          masked: rgb.toRgb(fromPatches(shown, patch)),
          prediction: paint(filled),
          tokenizer: paint(known),
        };
      },
      chanceLoss: Math.log(codes),
      collapseAdvice: null,
    };
  },
};
