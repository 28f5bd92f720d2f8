/**
 * What the host asks the search child, and what it answers. The host resolves ids to folders and files; the child opens
 * them, decodes images and computes. Pictures are files as Uint8Array: the fork channel carries them as they are.
 */
import * as z from 'zod';
import { CLOSE_UP } from '../api/files';
import type { AnswerOf, KindOf, PayloadOf } from '../service';
import { encoderOrNoneSchema } from './encoder-source';
import { copyAnswerSchema, copyFactsSchema } from './copies';
import { attentionSchema, queryAnswerSchema, queryImageSchema, querySchema } from './search';
import { setIdSchema } from './sets';

const fileSchema = z.instanceof(Uint8Array);
const thumbnailSize = z.int().min(8).max(CLOSE_UP);

/** An embedding set, as the child opens it. */
export const setSourceSchema = z.strictObject({
  id: setIdSchema,
  /** For messages. */
  name: z.string(),
  encoderName: z.string(),
  folder: z.string(),
  encoder: encoderOrNoneSchema,
});
export type SetSource = z.infer<typeof setSourceSchema>;

/** An image to search with, as the child finds it. */
export const imageSourceSchema = z.discriminatedUnion('kind', [
  /** `id` is of these very bytes, so that they are embedded once. */
  z.strictObject({ kind: z.literal('file'), id: z.string(), name: z.string(), bytes: fileSchema }),
  /** As an ImageRef's: `name` counts where the row is of another image by now. */
  z.strictObject({
    kind: z.literal('row'),
    set: setSourceSchema,
    row: z.int().min(0),
    name: z.string().optional(),
  }),
  /** `name`: path inside of the data. */
  z.strictObject({ kind: z.literal('dataset'), path: z.string(), name: z.string() }),
]);
export type ImageSource = z.infer<typeof imageSourceSchema>;

/**
 * Rows from which on a set is searched approximately where nothing else is asked for. Exact search of half as many took
 * 4 ms at 256 numbers a row (bench:search); its time grows with the rows, as does the memory for all vectors.
 */
export const APPROXIMATE_FROM = 200_000;

const folder = z.strictObject({ folder: z.string() });

export const searchRequests = {
  search: {
    payload: querySchema.omit({ sets: true, like: true, unlike: true }).extend({
      sets: z.array(setSourceSchema).min(1),
      like: z.array(imageSourceSchema).min(1),
      unlike: z.array(imageSourceSchema),
    }),
    /** `unindexed`: sets that want an approximate index and have none that can be used. */
    answer: queryAnswerSchema.extend({ unindexed: z.array(setIdSchema) }),
  },
  attention: {
    payload: z.strictObject({
      set: setSourceSchema,
      image: imageSourceSchema,
      other: imageSourceSchema.nullable(),
    }),
    answer: attentionSchema,
  },
  /** Whether an image is a copy of something in a set. */
  'check-copy': {
    payload: z.strictObject({ set: setSourceSchema, image: imageSourceSchema, k: z.int().min(1) }),
    answer: copyAnswerSchema,
  },
  /** Sizes and dates of some rows' files. */
  'row-facts': {
    payload: z.strictObject({ set: setSourceSchema, rows: z.array(z.int().min(0)).min(1) }),
    answer: z.array(copyFactsSchema),
  },
  /** Decodes a file to see that it is an image, and what was done to it. */
  inspect: {
    payload: z.strictObject({ bytes: fileSchema, name: z.string() }),
    answer: queryImageSchema.omit({ id: true }),
  },
  /** JPEG; its longer side has `size` px, or what the file has where that is less. Fine above LARGEST_THUMBNAIL. */
  thumbnail: {
    payload: z.strictObject({ image: imageSourceSchema, size: thumbnailSize }),
    answer: z.strictObject({ jpeg: fileSchema }),
  },
  /** Opens a set and its encoder, so that the first query does not wait for them. */
  warm: { payload: z.strictObject({ set: setSourceSchema }), answer: z.null() },
  /** The set in this folder is another now, or gone. */
  forget: { payload: folder, answer: z.null() },
  /** Files of the data at this path may be others now. */
  'forget-data': { payload: z.strictObject({ path: z.string() }), answer: z.null() },
} as const;
export type SearchRequests = typeof searchRequests;
export type SearchPayload<K extends KindOf<SearchRequests>> = PayloadOf<SearchRequests, K>;
export type SearchAnswer<K extends KindOf<SearchRequests>> = AnswerOf<SearchRequests, K>;
