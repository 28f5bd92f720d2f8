/** Self-training: a classifier names the unlabelled images, and learns from the names it is surest of. Lee 2013. */
import * as z from 'zod';
import { UserError } from '../../shared/errors';
import type { Method } from '../method';
import { NONE, strongView, strongViewOptions } from './strong-view';
import { supervised, supervisedOptions } from './supervised';

const optionsSchema = z.strictObject({
  roundEpochs: z
    .number()
    .positive()
    .max(10_000)
    .default(10)
    .describe('Length of a round; at its end all unlabelled images are named anew')
    .meta({ unit: 'epochs' }),
  confidence: z
    .number()
    .min(0)
    .max(1)
    .default(0.9)
    .describe('Least probability at which a name is taken for a label'),
  sharePerRound: z
    .number()
    .min(0.001)
    .max(1)
    .default(0.2)
    .describe(
      'Of the unlabelled images the surest are taken, of each class by its share of the labels: this share of all after the first round, twice it after the second, ...',
    ),
  labelledShare: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe('Share of each batch that has labels of its own, however many names are taken'),
  ...supervisedOptions,
  strong: strongViewOptions(NONE).prefault({}).describe('Distorts what is trained on, not what is named'),
});
export type PseudoLabelOptions = z.infer<typeof optionsSchema>;

export const pseudoLabels: Method<PseudoLabelOptions> = {
  id: 'pseudo-labels',
  title: 'Pseudo-labels',
  summary:
    'Few labels and many images: trains on the labels, names the other images, and takes the surest names for labels.',
  paper: {
    title: 'Pseudo-Label: The Simple and Efficient Semi-Supervised Learning Method for Deep Neural Networks',
    url: 'https://www.kaggle.com/blobs/download/forum-message-attachment-files/746/pseudo_label_final.pdf',
  },
  options: optionsSchema,
  needsLabels: true,
  sampling: ({ roundEpochs, confidence, sharePerRound, labelledShare }) => ({
    kind: 'rounds',
    epochs: roundEpochs,
    confidence,
    sharePerRound,
    labelledShare,
  }),

  views: (options, imageSize) => [strongView(options, options.strong, imageSize)],

  build({ options: { labelSmoothing, padCrop, flip }, ...context }) {
    if (!context.classes || context.classes.length < 2)
      throw new UserError(
        `Pseudo-labels need images of at least 2 classes, found ${context.classes?.length ?? 'no classes'}`,
        'Put labelled images into one sub-folder a class, and unlabelled ones beside these.',
      );
    return supervised.build({ ...context, options: { labelSmoothing, padCrop, flip } });
  },
};
