/**
 * The configuration of a run: everything that decides its result, and enough to run it again. The form, the
 * CLI's --set and the documentation are made from these schemas: `describe` is the help text, `meta` the unit.
 */
import * as z from 'zod';

const fraction = z.number().min(0).max(1);
const positiveInteger = z.int().min(1);

/** The network that turns patches into discrete ids: of a tokenizer run, and of the runs that learn from one. */
const tokenizerShape = {
  stages: positiveInteger
    .max(5)
    .default(2)
    .describe('Convolutions of stride 2: a place of the output stands for 2, 4, 8, 16 or 32 px'),
  hidden: positiveInteger.min(8).max(1024).default(128).describe('Channels'),
  residualHidden: positiveInteger.max(1024).default(32).describe('Channels inside a residual layer'),
  residualLayers: positiveInteger.max(16).default(2).describe('Residual layers'),
};
export const tokenizerSchema = z.strictObject(tokenizerShape);
export type TokenizerConfig = z.infer<typeof tokenizerSchema>;

export const backboneSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('resnet'),
    depth: z
      .union([z.literal(18), z.literal(34), z.literal(50)])
      .default(18)
      .describe('Layers: 18, 34 or 50'),
    stem: z
      .enum(['torchvision', 'torchvision-no-pool', 'cifar'])
      .default('cifar')
      .describe(
        'First layers: 7x7 stride 2 with or without max-pool (torchvision), or 3x3 stride 1 for small images (cifar)',
      ),
    width: z.number().min(0.125).max(4).default(1).describe('Channel factor; 1 is 64-512 channels'),
  }),
  z.strictObject({
    kind: z.literal('vit'),
    size: z.enum(['tiny', 'small', 'base']).default('tiny').describe('Width and heads: 192/3, 384/6, 768/12'),
    patch: positiveInteger.max(64).default(4).describe('Patch side').meta({ unit: 'px' }),
    depth: positiveInteger.max(48).default(12).describe('Transformer blocks'),
    pool: z
      .enum(['class', 'mean'])
      .default('class')
      .describe('What stands for the image: the class token, or the mean of the patches'),
  }),
  z.strictObject({
    kind: z.literal('tokenizer'),
    ...tokenizerShape,
  }),
]);
export type BackboneConfig = z.infer<typeof backboneSchema>;

export const optimizerSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('sgd'),
    momentum: fraction.default(0.9),
    nesterov: z.boolean().default(false),
    weightDecay: z.number().min(0).max(1).default(0),
  }),
  z.strictObject({
    kind: z.literal('adam'),
    beta1: fraction.default(0.9),
    beta2: fraction.default(0.999),
    epsilon: z.number().positive().default(1e-8),
    weightDecay: z.number().min(0).max(1).default(0).describe('L2 penalty added to the gradient'),
  }),
  z.strictObject({
    kind: z.literal('adamw'),
    beta1: fraction.default(0.9),
    beta2: fraction.default(0.999),
    epsilon: z.number().positive().default(1e-8),
    weightDecay: z.number().min(0).max(1).default(0.05).describe('Decoupled decay; none on biases and norms'),
    weightDecayEnd: z
      .number()
      .min(0)
      .max(1)
      .nullable()
      .default(null)
      .describe('Decay at the end of training, reached along half a cosine; null keeps it as it is'),
  }),
  z.strictObject({
    kind: z.literal('lars'),
    momentum: fraction.default(0.9),
    trust: z.number().positive().max(1).default(0.001).describe('Trust coefficient eta'),
    weightDecay: z.number().min(0).max(1).default(1e-6).describe('None on biases and norms'),
  }),
]);
export type OptimizerConfig = z.infer<typeof optimizerSchema>;

export const scheduleSchema = z.strictObject({
  kind: z.enum(['constant', 'cosine', 'step']).default('cosine'),
  warmupEpochs: z.number().min(0).default(0).describe('Linear warm-up from 0').meta({ unit: 'epochs' }),
  final: z
    .number()
    .min(0)
    .default(0)
    .describe('Learning rate at the end of cosine')
    .meta({ unit: 'learning rate' }),
  milestones: z
    .array(z.number().min(0))
    .default([])
    .describe('Step: epochs at which the rate is multiplied by gamma'),
  gamma: z.number().positive().max(1).default(0.1),
});
export type ScheduleConfig = z.infer<typeof scheduleSchema>;

export const dataSchema = z.strictObject({
  path: z
    .string()
    .min(1)
    .describe('Folder or archive of images, or "sample" for the images that ship with Selvedge'),
  labelled: z.string().min(1).nullable().default(null).describe('Separate labelled images for evaluation'),
  imageSize: z
    .int()
    .min(8)
    .max(512)
    .default(32)
    .describe('Side of the square images trained on')
    .meta({ unit: 'px' }),
  mean: z
    .tuple([fraction, fraction, fraction])
    .default([0.485, 0.456, 0.406])
    .describe('Subtracted from RGB in [0, 1]'),
  std: z
    .tuple([z.number().positive(), z.number().positive(), z.number().positive()])
    .default([0.229, 0.224, 0.225])
    .describe('Divides RGB after the mean is subtracted'),
  heldOut: z
    .number()
    .min(0)
    .max(0.9)
    .default(0.1)
    .describe('Share of the images kept for evaluation, where the data has no test split of its own'),
  subset: positiveInteger.nullable().default(null).describe('Train on this many images, drawn by the seed'),
  subsetFrom: z
    .int()
    .min(0)
    .default(0)
    .describe('Images that are drawn before those of the subset and left out: subsets that share none'),
  labelsPerClass: positiveInteger
    .nullable()
    .default(null)
    .describe('Balanced subset: this many images of each class'),
  labelShare: z
    .number()
    .positive()
    .max(1)
    .nullable()
    .default(null)
    .describe('Subset with this share of the images of each class, e.g. 0.01'),
});
export type DataConfig = z.infer<typeof dataSchema>;

export const knnSchema = z.strictObject({
  everyEpochs: z.number().min(0).default(1).describe('0 evaluates only at the end').meta({ unit: 'epochs' }),
  k: positiveInteger.max(1000).default(20).describe('Neighbours that vote; at most the number of images'),
  temperature: z
    .number()
    .positive()
    .max(10)
    .default(0.07)
    .describe('Votes weigh exp(similarity / temperature)'),
  maxBank: positiveInteger.default(50_000).describe('Training images in the bank'),
  maxQueries: positiveInteger.default(10_000).describe('Held-out images that are classified'),
});

export const initSchema = z.strictObject({
  checkpoint: z.string().min(1).describe('Safetensors file, or a run id, to take the encoder weights from'),
  freezeEncoder: z.boolean().default(false).describe('Train the head only'),
});

export const runConfigSchema = z.strictObject({
  version: z.literal(1).default(1),
  method: z.string().min(1).describe('Learning method, by its id in the registry'),
  /** Checked against the method's own schema when the configuration is resolved. */
  options: z.record(z.string(), z.unknown()).default({}).describe("The method's own settings"),
  backbone: backboneSchema,
  data: dataSchema,
  optimizer: optimizerSchema,
  learningRate: z.number().positive().max(100).describe('Peak rate, for the batch size as given'),
  schedule: scheduleSchema.prefault({}),
  batchSize: positiveInteger.max(65_536).describe('Images a step').meta({ unit: 'images' }),
  accumulate: positiveInteger
    .max(1024)
    .default(1)
    .describe('Steps whose gradients are averaged before an update'),
  clipNorm: z.number().positive().nullable().default(null).describe('Largest global gradient norm'),
  clipEach: z
    .boolean()
    .default(false)
    .describe('clipNorm holds for the gradient of each parameter alone, not for all together'),
  epochs: z.number().positive().max(100_000),
  maxSteps: positiveInteger.nullable().default(null).describe('End early after this many steps'),
  ema: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .default(null)
    .describe('Momentum of an averaged copy of the weights'),
  seed: z.int().min(0).default(0),
  knn: knnSchema.prefault({}),
  checkpoint: z
    .strictObject({
      everyMinutes: z.number().positive().default(5),
      everySteps: positiveInteger.nullable().default(null),
      keepLast: positiveInteger.default(2),
    })
    .prefault({}),
  init: initSchema.nullable().default(null),
  teacher: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe('Safetensors file, or a run, of the fixed network that the method learns from'),
  device: z.enum(['auto', 'cpu', 'webgpu', 'cuda', 'directml', 'coreml', 'tensorflow']).default('auto'),
  threads: z.int().min(0).max(1024).default(0).describe('0 takes all cores'),
  lowMemory: z
    .boolean()
    .default(false)
    .describe(
      'Computes activations again rather than keep them: a fifth less memory for a ViT, a little slower',
    ),
});
export type RunConfig = z.infer<typeof runConfigSchema>;
/** What a preset or a config file holds: defaults may be left out. */
export type RunConfigInput = z.input<typeof runConfigSchema>;
