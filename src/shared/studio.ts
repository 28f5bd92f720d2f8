/**
 * What the host asks a studio child while a run is set up, and what it answers. Pictures are PNG and JPEG files as
 * Uint8Array: the fork channel carries them as they are.
 */
import * as z from 'zod';
import { imagePageSchema, MAX_IMAGE_PAGE } from './api/datasets';
import { catalogueSchema, draftIssueSchema, estimateSchema } from './api/set-up';
import { experimentSchema } from './experiment';
import { configSourceSchema } from './protocol';
import { runConfigSchema } from './run-config';
import type { AnswerOf, KindOf, PayloadOf } from './service';

const pictureSchema = z.instanceof(Uint8Array);

export const resolvedSourceSchema = z.strictObject({
  /** Complete, or null where there are issues. */
  config: runConfigSchema.nullable(),
  /** What the user may not expect, as sentences. */
  warnings: z.array(z.string()),
  /** Everything that is wrong, by dotted path. */
  issues: z.array(draftIssueSchema),
});

export const viewPicturesSchema = z.strictObject({
  images: z.array(
    z.strictObject({
      /** Number in the data set. */
      index: z.int(),
      label: z.string().nullable(),
      /** PNG, at the size that is trained on. */
      original: pictureSchema,
      /** PNG, one for each of `views`. */
      views: z.array(pictureSchema),
    }),
  ),
  /** Side of each view, px. */
  views: z.array(z.strictObject({ name: z.string(), size: z.int() })),
});
export type ViewPictures = z.infer<typeof viewPicturesSchema>;

const path = z.string().min(1);

/** Each kind of request: what it asks and what is answered. */
export const studioRequests = {
  /** Methods, presets and the schemas that the form is made from. */
  catalogue: { payload: z.strictObject({}), answer: catalogueSchema },
  /** What can be trained of several runs that build on each other. */
  experiments: { payload: z.strictObject({}), answer: z.array(experimentSchema) },
  /** A complete configuration from what the form holds, or all that is wrong with it. */
  resolve: { payload: z.strictObject({ source: configSourceSchema }), answer: resolvedSourceSchema },
  /**
   * The first images of the run with the views that training makes of them in epoch `round`. A newer request pushes
   * out those that wait.
   */
  views: {
    payload: z.strictObject({
      config: runConfigSchema,
      count: z.int().min(1).max(16),
      round: z.int().min(0).max(1_000_000),
    }),
    answer: viewPicturesSchema,
  },
  /** JPEG of an image file; its longer side has `size` px, or what the file has where that is less. */
  thumbnail: {
    payload: z.strictObject({ path, index: z.int().min(0), size: z.int().min(8).max(2048) }),
    answer: z.strictObject({ jpeg: pictureSchema }),
  },
  /** Its path inside of the data: what the number is of may change with the folder. */
  name: {
    payload: z.strictObject({ path, index: z.int().min(0) }),
    answer: z.strictObject({ name: z.string() }),
  },
  /** The images of one class, from place `offset` of the class on. */
  images: {
    payload: z.strictObject({
      path,
      label: z.string(),
      offset: z.int().min(0),
      count: z.int().min(1).max(MAX_IMAGE_PAGE),
    }),
    answer: imagePageSchema,
  },
  /** Reads the folder anew when it is next needed: it was checked again, or is of no interest any more. */
  forget: { payload: z.strictObject({ path }), answer: z.null() },
} as const;
export type StudioRequests = typeof studioRequests;
export type StudioKind = KindOf<StudioRequests>;
export type StudioPayload<K extends StudioKind> = PayloadOf<StudioRequests, K>;
export type StudioAnswer<K extends StudioKind> = AnswerOf<StudioRequests, K>;

/** What an `estimate` job answers; whether it was disturbed only the host knows. */
export const measuredEstimateSchema = estimateSchema.omit({ disturbed: true });
export type MeasuredEstimate = z.infer<typeof measuredEstimateSchema>;
