/** What is asked of embedding sets, and what the search child answers. */
import * as z from 'zod';
import { datasetIdSchema } from '../api/ids';
import { setIdSchema } from './sets';

export const queryImageIdSchema = z.string().regex(/^[\w-]{1,64}$/, 'not the id of a query image');

/** An image to search with. */
export const imageRefSchema = z.discriminatedUnion('kind', [
  /** One that was dropped, pasted or picked: what POST /queries answered. */
  z.strictObject({ kind: z.literal('query'), id: queryImageIdSchema }),
  /**
   * A row of a set. `name` is the path of the image that is meant: rows are numbered anew when a set is updated, and
   * the image is then found by its name. Left out, it is whatever the row is of now.
   */
  z.strictObject({
    kind: z.literal('row'),
    set: setIdSchema,
    row: z.int().min(0),
    name: z.string().max(4096).optional(),
  }),
  /** An image of a data set by its number there, whether it was embedded or not. */
  z.strictObject({ kind: z.literal('dataset'), dataset: datasetIdSchema, index: z.int().min(0) }),
]);
export type ImageRef = z.infer<typeof imageRefSchema>;

/** The answer of POST /queries, whose body is the file's bytes (at most MAX_QUERY_BYTES). */
export const queryImageSchema = z.object({
  id: queryImageIdSchema,
  name: z.string(),
  width: z.int(),
  height: z.int(),
  /** "JPEG", "PNG", ... */
  format: z.string(),
  bytes: z.int(),
  /** What was done to it, as sentences: "First of 24 frames", "CMYK, converted to sRGB". */
  notes: z.array(z.string()),
});
export type QueryImage = z.infer<typeof queryImageSchema>;
export const MAX_QUERY_BYTES = 64 * 2 ** 20;
/** All files that the host keeps, and so those of one search together: the oldest go where there are more. */
export const MAX_QUERIES_BYTES = 4 * MAX_QUERY_BYTES;

export const filtersSchema = z.strictObject({
  /** Class names; empty takes all. */
  classes: z.array(z.string()).max(10_000).default([]),
  /** Folders at any depth inside of the data, "train/cat" or "train/cat/", with all below them; empty takes all. */
  folders: z.array(z.string()).max(1000).default([]),
  splits: z.array(z.enum(['train', 'evaluation', 'left out'])).default([]),
});
export type Filters = z.infer<typeof filtersSchema>;

/** Images on each side of a search. */
export const MAX_QUERY_IMAGES = 50;

export const querySchema = z.strictObject({
  /** Searched together; all of one `space`. */
  sets: z.array(setIdSchema).min(1).max(20),
  /** "More like this": their mean is searched for. */
  like: z.array(imageRefSchema).min(1).max(MAX_QUERY_IMAGES),
  /** "Less like that": their mean, times a half, is taken away (Rocchio). */
  unlike: z.array(imageRefSchema).max(MAX_QUERY_IMAGES).default([]),
  /** Neighbours, beside those of the query's own rows that are as near. */
  k: z.int().min(1).max(1000).default(20),
  filters: filtersSchema.prefault({}),
  /** Exact unless "approximate" is asked for, or "auto" finds a set that is large and indexed. */
  method: z.enum(['auto', 'exact', 'approximate']).default('auto'),
  /** Of the class vote, exp(score / temperature). */
  temperature: z.number().positive().max(10).default(0.07),
});
export type Query = z.infer<typeof querySchema>;
export type QueryInput = z.input<typeof querySchema>;

export const resultSchema = z.object({
  set: setIdSchema,
  row: z.int(),
  /** From 1; 0 for the query itself. */
  rank: z.int(),
  /** Cosine similarity in the original space, in [-1, 1]. */
  score: z.number(),
  label: z.string().nullable(),
  /** Path inside of the data set. */
  name: z.string(),
  /** The query itself (the same row), not counted in the vote. */
  isQuery: z.boolean(),
});
export type Result = z.infer<typeof resultSchema>;

export const queryAnswerSchema = z.object({
  results: z.array(resultSchema),
  /** Weighted k-NN vote; null without labels. `share`s of the weights, most first, sum to 1. */
  vote: z
    .object({
      voters: z.int(),
      classes: z.array(z.object({ label: z.string(), share: z.number(), count: z.int() })),
    })
    .nullable(),
  method: z.enum(['exact', 'approximate']),
  /** Vectors that were looked at: after the filters. */
  searched: z.int(),
  milliseconds: z.object({ decode: z.number(), embed: z.number(), search: z.number() }),
  /** What may surprise, as sentences. */
  warnings: z.array(z.string()),
});
export type QueryAnswer = z.infer<typeof queryAnswerSchema>;

/** Where an encoder looks in an image. */
export const attentionSchema = z.object({
  /**
   * "attention": of the class token in the last block (ViT). "similarity": Grad-CAM on the cosine to `other`, or to
   * the image's own embedding (convnets). Never one under the other's name.
   */
  kind: z.enum(['attention', 'similarity']),
  /** What is shown, as a sentence. */
  about: z.string(),
  grid: z.object({ rows: z.int(), columns: z.int() }),
  /** [rows * columns] each, not negative, summing to 1; "Mean" first, then the heads. */
  maps: z.array(z.object({ name: z.string(), values: z.array(z.number()) })),
  /** The square that the encoder saw, in shares of the upright image: the rest was cut off. */
  crop: z.object({ left: z.number(), top: z.number(), width: z.number(), height: z.number() }),
});
export type Attention = z.infer<typeof attentionSchema>;
