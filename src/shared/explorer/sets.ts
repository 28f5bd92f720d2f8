/**
 * Embedding sets: the embeddings of one data set by one encoder, kept on disk. A set knows exactly what made it, and
 * sets of different encoders are never compared.
 */
import * as z from 'zod';
import { checkpointChoiceSchema, datasetIdSchema, runIdSchema } from '../api/ids';
import { fileNormalizationSchema } from './encoder-source';
import { normalizationSchema } from './normalization';

export const setIdSchema = z.string().regex(/^[\w-]{1,64}$/, 'not the id of an embedding set');
export const encoderIdSchema = z.string().regex(/^[\w-]{1,64}$/, 'not the id of an encoder');

/** What turns images into vectors. */
export const encoderChoiceSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('run'),
    run: runIdSchema,
    checkpoint: checkpointChoiceSchema.default('last'),
  }),
  /** A file from elsewhere (ONNX, safetensors) that the library knows. */
  z.strictObject({
    kind: z.literal('imported'),
    encoder: encoderIdSchema,
    /**
     * Left out, what the file says, or what is assumed where it says nothing. The host leaves out what is that: equal
     * choices are equal recipes.
     */
    normalization: normalizationSchema.optional(),
  }),
  /** No encoder: the image, averaged down to `side` px. What every encoder must beat. */
  z.strictObject({ kind: z.literal('pixels'), side: z.int().min(4).max(64).default(16) }),
]);
export type EncoderChoice = z.infer<typeof encoderChoiceSchema>;

/**
 * Which vector of an encoder: "embedding" (what it puts out), "cls" (ViT), "cls+gem" (ViT: class token beside the
 * generalized mean, p = 4, of the patch tokens), or the name of a hidden layer ("layer3", "blocks.9").
 */
export const featureSchema = z.string().min(1).max(100);

/** How a set was made, to the last detail that changes its vectors. */
export const setRecipeSchema = z.strictObject({
  encoder: encoderChoiceSchema,
  dataset: datasetIdSchema,
  feature: featureSchema.default('embedding'),
  /** PCA-whitening fitted on another set of the same encoder and feature, keeping `size` components; null for none. */
  whitening: z
    .strictObject({ fittedOn: setIdSchema, size: z.int().min(1).max(8192) })
    .nullable()
    .default(null),
  precision: z.enum(['float32', 'float16']).default('float32'),
});
export type SetRecipe = z.infer<typeof setRecipeSchema>;
export type SetRecipeInput = z.input<typeof setRecipeSchema>;

/** Which work on a set is under way, and how far it is. */
export const setWorkSchema = z.object({
  kind: z.enum(['embedding', 'indexing', 'copies', 'map', 'measuring']),
  /** What it does just now, as a short sentence without a full stop: "Embedding", "Placing points". */
  doing: z.string(),
  done: z.number(),
  total: z.number(),
  /** A second; `unit` says of what. */
  rate: z.number().nullable(),
  unit: z.string(),
  secondsLeft: z.number().nullable(),
});
export type SetWork = z.infer<typeof setWorkSchema>;

/** The approximate index of a large set. */
export const setIndexSchema = z.object({
  /** Share of the true 10 nearest that it found, measured on rows of the set against exact search. */
  recallAt10: z.number(),
  queries: z.int(),
  buildSeconds: z.number(),
  bytes: z.number(),
});
export type SetIndex = z.infer<typeof setIndexSchema>;

export const embeddingSetSchema = z.object({
  id: setIdSchema,
  /** "simclr-r18 step 4,200 on cifar-10": encoder, then data. Made by the host. */
  name: z.string(),
  /** The encoder alone, for people: "simclr-r18, step 4,200", "dino_vits16.safetensors", "Raw pixels, 16 px". */
  encoderName: z.string(),
  /** The same for all sets whose vectors may be compared: a fingerprint of encoder, feature and whitening. */
  space: z.string(),
  recipe: setRecipeSchema,
  /** Absolute or "sample", to be shown. */
  dataPath: z.string(),
  dataName: z.string(),
  /** "ready" can be searched; "partial" was cut off and can be too: `update` goes on where it stopped. */
  state: z.enum(['embedding', 'partial', 'ready', 'failed']),
  failure: z.string().nullable(),
  hint: z.string().nullable(),
  work: setWorkSchema.nullable(),
  /** Images with a vector. */
  count: z.int(),
  /** Length of a vector. */
  size: z.int(),
  classes: z.array(z.string()).nullable(),
  /** Files that could not be read, with the reason. */
  skipped: z.array(z.object({ path: z.string(), reason: z.string() })),
  /** Images a second when it was last embedded, decoding included. */
  rate: z.number().nullable(),
  bytes: z.number(),
  createdAt: z.number(),
  updatedAt: z.number(),
  index: setIndexSchema.nullable(),
  /** Pairs that were looked for; see ./copies.ts. */
  copies: z
    .object({
      pairs: z.int(),
      floor: z.number(),
      /** Score where a slider may begin; see CopiesFound. */
      suggested: z.number().nullable().default(null),
      madeAt: z.number(),
    })
    .nullable(),
  /** See ./map.ts. */
  maps: z.array(z.enum(['umap', 'pca'])),
  /** What may surprise, as sentences: the folder is gone, files changed since it was embedded. */
  warnings: z.array(z.string()),
});
export type EmbeddingSet = z.infer<typeof embeddingSetSchema>;

/** An encoder file from elsewhere, as the library knows it. */
export const importedEncoderSchema = z.object({
  id: encoderIdSchema,
  name: z.string(),
  path: z.string(),
  format: z.enum(['onnx', 'safetensors']),
  /** "ResNet-18", "ViT-S/16", or the model's own name. */
  architecture: z.string(),
  imageSize: z.int(),
  featureSize: z.int(),
  features: z.array(z.string()),
  normalization: fileNormalizationSchema,
  addedAt: z.number(),
  /** Gone or changed since it was added. */
  isMissing: z.boolean(),
  warnings: z.array(z.string()),
});
export type ImportedEncoder = z.infer<typeof importedEncoderSchema>;

/** In a set's folder: line n, a SetImage, says what row n of the vectors is of. */
export const IMAGES_FILE = 'images.jsonl';

export const setImageSchema = z.strictObject({
  /** Path inside of the data set, forward slashes. */
  name: z.string(),
  /** Class name; null for unlabelled. */
  label: z.string().nullable(),
  split: z.enum(['train', 'evaluation', 'left out']),
  /** Changes when the file's content does: size and time of change, or place and size in an archive. */
  stamp: z.string(),
});
export type SetImage = z.infer<typeof setImageSchema>;
