/** What `selvedge copies make` wrote into a folder: which file is which distortion of which original. */
import * as z from 'zod';

/** Beside the images' folders. */
export const COPIES_MANIFEST = 'copies.json';

export const copiesManifestSchema = z.strictObject({
  format: z.literal('selvedge-copies'),
  version: z.literal(1),
  /** Distortions are made by a program: no print was scanned, no photograph taken. */
  declared: z.literal('synthetic'),
  seed: z.int(),
  source: z.string(),
  images: z
    .array(
      z.strictObject({
        /** Path inside of the folder. */
        file: z.string(),
        /** "original", "jpeg 75", "crop 10", "strong". */
        block: z.string(),
        /** `file` of the original that it is made of; of itself for an original. */
        original: z.string(),
        /** What was done, for people. */
        did: z.string(),
      }),
    )
    .min(1),
});
export type CopiesManifest = z.infer<typeof copiesManifestSchema>;
