/** Where an encoder's numbers lie: what a child process needs to open it. The host makes it from an EncoderChoice. */
import * as z from 'zod';
import { backboneSchema, runConfigSchema } from '../run-config';
import { normalizationSchema } from './normalization';

export const encoderSourceSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('checkpoint'), path: z.string(), config: runConfigSchema }),
  z.strictObject({
    kind: z.literal('safetensors'),
    path: z.string(),
    /** Left out, what the file says, or what is assumed where it says nothing. */
    normalization: normalizationSchema.optional(),
  }),
  z.strictObject({ kind: z.literal('onnx'), path: z.string(), normalization: normalizationSchema }),
  z.strictObject({ kind: z.literal('pixels'), side: z.int().min(4).max(64) }),
]);
export type EncoderSource = z.infer<typeof encoderSourceSchema>;

/** What makes a set's vectors, or why that is not to be had any more. */
export const encoderOrNoneSchema = z.union([
  encoderSourceSchema,
  z.strictObject({ missing: z.string(), hint: z.string().nullable() }),
]);

/**
 * What an encoder file says of the pixels that it takes: "inside", an ONNX model that Selvedge exported normalizes them
 * itself; "its own", an export as safetensors names mean and deviation; "imagenet", it says nothing, and ImageNet's are
 * assumed where no other ones are chosen.
 */
export const fileNormalizationSchema = z.enum(['inside', 'its own', 'imagenet']);
export type FileNormalization = z.infer<typeof fileNormalizationSchema>;

/** What looking into an encoder file answers. */
export const encoderFactsSchema = z.strictObject({
  format: z.enum(['onnx', 'safetensors']),
  /** "ResNet-18", "ViT-S/16", or the model's own name. */
  architecture: z.string(),
  /** Side of the images that it takes, px. */
  imageSize: z.int(),
  /** Length of its "embedding". */
  featureSize: z.int(),
  features: z.array(z.string()),
  normalization: fileNormalizationSchema,
  /** Of safetensors: what a run that starts from these weights is set to. */
  training: z.strictObject({ backbone: backboneSchema, normalization: normalizationSchema }).optional(),
  warnings: z.array(z.string()),
  /** Files that hold weights of an ONNX model ("external data"), by their paths from its folder, as they were. */
  files: z.array(z.strictObject({ name: z.string(), bytes: z.int(), modifiedAt: z.number() })).default([]),
});
export type EncoderFacts = z.infer<typeof encoderFactsSchema>;

/** What a job that embeds answers. */
export const embedSetAnswerSchema = z.strictObject({
  /** Cut off by a stop request: what is embedded stays. */
  stopped: z.boolean(),
  count: z.int(),
  size: z.int(),
  space: z.string(),
  added: z.int(),
  changed: z.int(),
  removed: z.int(),
  classes: z.array(z.string()).nullable(),
  skipped: z.array(z.object({ path: z.string(), reason: z.string() })),
  notes: z.array(z.string()),
  /** Images a second, decoding included; null where nothing was to be embedded. */
  rate: z.number().nullable(),
  bytes: z.number(),
});
export type EmbedSetAnswer = z.infer<typeof embedSetAnswerSchema>;
