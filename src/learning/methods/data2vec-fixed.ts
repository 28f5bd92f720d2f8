/**
 * data2vec with a fixed teacher: a student that misses a square of the image is to have the hidden layers of a network
 * that was trained before and sees all of it. After the experiment of Selvedge's founding documents; compare Baevski et
 * al. 2022, arXiv 2202.03555, whose teacher moves (data2vec.ts).
 */
import * as tf from '@tensorflow/tfjs-core';
import * as z from 'zod';
import { UserError } from '../../shared/errors';
import { tapNames } from '../backbones/tap';
import type { Method } from '../method';
import { viewRecipeSchema } from '../views/recipe';

const optionsSchema = z.strictObject({
  layers: z
    .array(z.string())
    .default([])
    .describe(
      'Hidden layers that are compared, by name, e.g. layer3 or blocks.8; none given takes the last three',
    ),
  square: z
    .int()
    .min(1)
    .max(512)
    .default(16)
    .describe('Side of the square that the student does not see')
    .meta({ unit: 'px' }),
});
type Data2vecFixedOptions = z.infer<typeof optionsSchema>;

export const data2vecFixed: Method<Data2vecFixedOptions> = {
  id: 'data2vec-fixed',
  title: 'data2vec, fixed teacher',
  summary:
    'With a square of the image hidden, gives the hidden layers of a trained network that sees it all.',
  paper: null,
  options: optionsSchema,
  needsLabels: false,
  needsTeacher: 'a trained encoder with the same backbone, for instance of a supervised run',

  views: ({ square }, imageSize) => {
    if (square > imageSize)
      throw new UserError(
        `options.square is ${square} px, and the images are ${imageSize} px wide`,
        `Set options.square to at most ${imageSize}; half of the side is usual.`,
        'usage',
      );
    const original = viewRecipeSchema.parse({ size: imageSize });
    return [
      { ...original, squareMask: square, name: 'For the student' },
      { ...original, name: 'For the teacher' },
    ];
  },

  build({ options, encoder }) {
    const names = tapNames(encoder).slice(1);
    const layers = options.layers.length > 0 ? options.layers : names.slice(-3);
    const unknown = layers.find((layer) => !names.includes(layer));
    if (unknown !== undefined)
      throw new UserError(
        `options.layers names "${unknown}", which the encoder does not have`,
        `Its hidden layers are ${names.join(', ')}.`,
        'usage',
      );
    return {
      parts: { encoder: encoder.parameters },
      fixed: { encoder: encoder.parameters },
      schedules: {},
      loss({ weights, teacher, views: [masked, original] }) {
        const found = encoder.features(weights.encoder, masked);
        const wanted = encoder.features(teacher.encoder, original);
        const errors = layers.map((layer) => tf.mean(tf.square(tf.sub(found[layer], wanted[layer]))));
        return {
          loss: errors.reduce((sum, error) => tf.add(sum, error)),
          metrics: {},
          embedding: meanOverPlaces(found[names[names.length - 1]]),
        };
      },
      pictures: ({ views: [masked, original], rgb }) => ({
        original: rgb.toRgb(original),
        masked: rgb.toRgb(masked),
      }),
      chanceLoss: null,
    };
  },
};

/** [batch, height, width, channels] or [batch, tokens, width] to [batch, d]. */
const meanOverPlaces = (hidden: tf.Tensor): tf.Tensor => tf.mean(hidden, hidden.rank === 4 ? [1, 2] : [1]);
