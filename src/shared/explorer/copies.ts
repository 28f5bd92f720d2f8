/**
 * Copies, which is another question than similarity: is this image made from that one? Scores of pairs are cosines,
 * and normalized ones are less the mean score of each side's nearest background neighbours (DISC21; SSCD, section 5).
 */
import * as z from 'zod';
import { imageRefSchema, resultSchema } from './search';
import { setIdSchema } from './sets';

export const copyCheckSchema = z.strictObject({
  set: setIdSchema,
  image: imageRefSchema,
  /** How many candidates are looked at. */
  k: z.int().min(1).max(100).default(10),
});

export type CopyCheck = z.infer<typeof copyCheckSchema>;

export const copyAnswerSchema = z.object({
  candidates: z.array(
    resultSchema.extend({ normalized: z.number(), verdict: z.enum(['copy', 'likely', 'similar', 'no']) }),
  ),
  /** The score that decides: the one that told synthetic copies better in this set; the cosine where none were tried. */
  by: z.enum(['cosine', 'normalized']),
  /**
   * Of that score, from which on a pair is called "copy" and "likely"; null where the set is too small or its encoder
   * has collapsed: then no pair is called so.
   */
  thresholds: z.object({ copy: z.number(), likely: z.number() }).nullable(),
  /** How the thresholds came to be, as sentences. */
  calibration: z.array(z.string()),
});
export type CopyAnswer = z.infer<typeof copyAnswerSchema>;

/** Pairs of a set with a score of at least `floor`, at most MAX_PAIRS of them, best first. */
export const MAX_PAIRS = 500_000;

/** In a set's folder: its pairs, binary. */
export const PAIRS_FILE = 'copies.pairs';

/** What looking for pairs answers. */
export const copiesFoundSchema = z.object({
  pairs: z.int(),
  /** Every pair that scores more is among them, and every one that scores this where there are less than MAX_PAIRS. */
  floor: z.number(),
  /** Cosine where a slider may begin: above it one image in a hundred has a false pair. Null where that is unknown. */
  suggested: z.number().nullable(),
});
export type CopiesFound = z.infer<typeof copiesFoundSchema>;

/** What making a folder of copies answers. */
export const copiesMadeSchema = z.object({
  path: z.string(),
  originals: z.int(),
  copies: z.int(),
  skipped: z.array(z.object({ path: z.string(), reason: z.string() })),
});
export type CopiesMade = z.infer<typeof copiesMadeSchema>;

/** A pair of rows, as /data/sets/<set>/copies has it: three columns of `length` numbers each. */
export interface CopyPairs {
  /** Lower row. */
  readonly first: Uint32Array;
  readonly second: Uint32Array;
  /** Descending. */
  readonly score: Float32Array;
}

/** Facts by which one of a group is suggested to be kept. */
export const copyFactsSchema = z.object({
  row: z.int(),
  name: z.string(),
  width: z.int().nullable(),
  height: z.int().nullable(),
  bytes: z.number().nullable(),
  changedAt: z.number().nullable(),
  /** Why the file could not be looked at; null where it could. */
  problem: z.string().nullable(),
});
export type CopyFacts = z.infer<typeof copyFactsSchema>;

export function encodePairs({ first, second, score }: CopyPairs): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(first.length * 12);
  out.set(new Uint8Array(first.buffer, first.byteOffset, first.byteLength), 0);
  out.set(new Uint8Array(second.buffer, second.byteOffset, second.byteLength), first.length * 4);
  out.set(new Uint8Array(score.buffer, score.byteOffset, score.byteLength), first.length * 8);
  return out;
}

/** @throws Error where the bytes are not a whole number of pairs. */
export function decodePairs(bytes: ArrayBuffer): CopyPairs {
  const length = bytes.byteLength / 12;
  if (!Number.isInteger(length)) throw new Error(`Pairs of ${bytes.byteLength} bytes are cut off`);
  return {
    first: new Uint32Array(bytes, 0, length),
    second: new Uint32Array(bytes, length * 4, length),
    score: new Float32Array(bytes, length * 8, length),
  };
}
