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

/** Backgrounds of version 1 were of copies too, and it tried one score alone. */
const VERSION = 2;

const calibrationSchema = z.strictObject({
  version: z.literal(VERSION),
  /** How near unrelated images of the set are: see SetScores. */
  normalized: bestScoresSchema.nullable(),
  cosine: bestScoresSchema.nullable(),
  sampled: z.int(),
  background: z.number(),
  /** Distorted images that were embedded and compared with what they are made of; null where that was not possible. */
  synthetic: z
    .strictObject({
      images: z.int(),
      /** Of the sampled images, those whose files are gone or damaged. */
      unreadable: z.int(),
      /** See JudgedTrial. */
      microAp: z.strictObject({ cosine: z.number(), normalized: z.number() }),
      blocks: z.array(
        z.strictObject({
          name: z.string(),
          found: z.strictObject({ cosine: thresholdsSchema, normalized: thresholdsSchema }),
        }),
      ),
      lowCosine: z.number(),
    })
    .nullable(),
  /** Why there is no synthetic part. */
  reason: z.string().nullable(),
});
export type Calibration = z.infer<typeof calibrationSchema>;

export const calibrationFile = (folder: string): string => join(folder, 'calibration.json');

/** As readCalibration reads it. */
export const calibrationText = (calibration: Omit<Calibration, 'version'>): string =>
  JSON.stringify({ version: VERSION, ...calibration }, null, 1);

/**
 * Null where copies were never looked for, or by a Selvedge that measured otherwise.
 * @throws UserError where the file is damaged.
 */
export function readCalibration(folder: string): Calibration | null {
  const file = calibrationFile(folder);
  if (!existsSync(file)) return null;
  try {
    const content: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (z.object({ version: z.int().max(VERSION - 1) }).safeParse(content).success) return null;
    return calibrationSchema.parse(content);
  } catch (error) {
    throw new UserError(
      `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      'Look for copies again.',
    );
  }
}
