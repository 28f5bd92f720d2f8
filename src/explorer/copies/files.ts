/** What looking for copies leaves in a set's folder: calibration.json, and the pairs, binary. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { UserError } from '../../shared/errors';

const bestScoresSchema = z.strictObject({
  location: z.number(),
  scale: z.number(),
  images: z.int(),
  outliers: z.int(),
});

const thresholdsSchema = z.strictObject({ copy: z.number(), likely: z.number() });

export const calibrationSchema = z.strictObject({
  version: z.literal(1),
  /** How near unrelated images of the set are: see SetScores. */
  normalized: bestScoresSchema.nullable(),
  cosine: bestScoresSchema.nullable(),
  sampled: z.int(),
  background: z.number(),
  /** Distorted images that were embedded and compared with what they are made of; null where that was not possible. */
  synthetic: z
    .strictObject({
      images: z.int(),
      blocks: z.array(
        z.strictObject({
          name: z.string(),
          /** Normalized scores with the original: median, and the shares at or above each threshold. */
          median: z.number(),
          found: thresholdsSchema,
        }),
      ),
      /** Nine of ten distorted images score at least this cosine with their original. */
      lowCosine: z.number(),
    })
    .nullable(),
  /** Why there is no synthetic part. */
  reason: z.string().nullable(),
});
export type Calibration = z.infer<typeof calibrationSchema>;

export const calibrationFile = (folder: string): string => join(folder, 'calibration.json');

/** Null where copies were never looked for. @throws UserError where the file is damaged. */
export function readCalibration(folder: string): Calibration | null {
  const file = calibrationFile(folder);
  if (!existsSync(file)) return null;
  try {
    return calibrationSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw new UserError(
      `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      'Look for copies again.',
    );
  }
}
