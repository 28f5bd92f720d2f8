/** Protocols that measure how well a set answers queries, and what each answers. */
import * as z from 'zod';
import { setIdSchema } from './sets';

const share = z.number().min(0).max(1);

/**
 * A set of the same space whose images answer too and are never right, as the million of Revisited Oxford and Paris
 * (R1M, Radenovic et al. 2018); null for none.
 */
const distractors = setIdSchema.nullable().default(null);

const others = [
  /** Weighted k-NN classification; evaluation images ask, training images answer. */
  z.strictObject({
    kind: z.literal('knn'),
    k: z.array(z.int().min(1).max(1000)).min(1).max(20).default([1, 10, 20, 100, 200]),
    temperature: z.number().positive().default(0.07),
  }),
  /** A result is right where its class is the query's. */
  z.strictObject({
    kind: z.literal('classes'),
    maxQueries: z.int().min(1).default(2000),
    seed: z.int().default(0),
    distractors,
  }),
  /** Copydays-style blocks, made by `selvedge copies make`. */
  z.strictObject({ kind: z.literal('copy-blocks'), distractors }),
] as const;

export const retrievalProtocolSchema = z.discriminatedUnion('kind', [
  ...others,
  /** A result is right where the file puts it with the query: a CSV of our format or revisited Oxford / Paris. */
  z.strictObject({ kind: z.literal('ground-truth'), file: z.string(), distractors }),
]);
export type RetrievalProtocol = z.infer<typeof retrievalProtocolSchema>;
export type RetrievalProtocolInput = z.input<typeof retrievalProtocolSchema>;

/** As a window names it: a file by the handle of what was chosen, never by a path. */
export const chosenProtocolSchema = z.discriminatedUnion('kind', [
  ...others,
  z.strictObject({ kind: z.literal('ground-truth'), place: z.string().max(100), distractors }),
]);
export type ChosenProtocol = z.infer<typeof chosenProtocolSchema>;
export type ChosenProtocolInput = z.input<typeof chosenProtocolSchema>;

/** A row of the table: a level of difficulty, a block of distortions, or "all". */
export const retrievalRowSchema = z.object({
  name: z.string(),
  queries: z.int(),
  /** Queries without a right answer, left out of the means. */
  leftOut: z.int(),
  map: share.nullable(),
  /** By k. */
  precisionAt: z.record(z.string(), share),
  recallAt: z.record(z.string(), share),
  accuracyAt: z.record(z.string(), share),
  /** All queries' results pooled (DISC21). */
  microAp: share.nullable(),
  recallAtPrecision90: z.object({ recall: share, threshold: z.number() }).nullable(),
  /** Precision against recall, at most 101 points, for the plot. */
  curve: z.array(z.object({ recall: share, precision: share })),
});
export type RetrievalRow = z.infer<typeof retrievalRowSchema>;

export const retrievalReportSchema = z.object({
  protocol: retrievalProtocolSchema,
  time: z.number(),
  rows: z.array(retrievalRowSchema),
  /** Declared: what is synthetic, what was left out, which files the ground truth names that are missing. */
  notes: z.array(z.string()),
});
export type RetrievalReport = z.infer<typeof retrievalReportSchema>;
