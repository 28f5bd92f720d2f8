/** Data sets: folders and archives of images that the library knows. */
import * as z from 'zod';
import { datasetIdSchema } from './ids';
import { progressSchema } from './runs';

export const datasetReportSchema = z.object({
  images: z.int(),
  /** Images of each class; null where the folder has no classes. */
  classes: z.array(z.object({ name: z.string(), count: z.int() })).nullable(),
  /** Splits that the data brings along, e.g. train and test; null where it has none. */
  splits: z.array(z.object({ name: z.string(), count: z.int() })).nullable(),
  /** Pixels of the images as they lie on disk; null where not known. */
  size: z
    .object({
      minWidth: z.int(),
      maxWidth: z.int(),
      minHeight: z.int(),
      maxHeight: z.int(),
      medianWidth: z.int(),
      medianHeight: z.int(),
    })
    .nullable(),
  bytes: z.number().nullable(),
  /** Files that cannot be used, with the reason. */
  skipped: z.array(z.object({ path: z.string(), reason: z.string() })),
  notes: z.array(z.string()),
});
export type DatasetReport = z.infer<typeof datasetReportSchema>;

/** A page of a data set's images. */
export const imagePageSchema = z.object({
  /** Numbers in the data set, as the pictures' addresses take them. */
  indices: z.array(z.int()),
  /** Images of the whole selection. */
  total: z.int(),
});
export type ImagePage = z.infer<typeof imagePageSchema>;

/** Images that one page may hold. */
export const MAX_IMAGE_PAGE = 500;

export const datasetSchema = z.object({
  id: datasetIdSchema,
  /** Absolute, or "sample": to be shown, and the value of `data.path`. */
  path: z.string(),
  name: z.string(),
  /** "ready", or what stands in the way. */
  state: z.enum(['checking', 'ready', 'failed', 'missing']),
  progress: progressSchema.nullable(),
  failure: z.string().nullable(),
  hint: z.string().nullable(),
  addedAt: z.number().nullable(),
  checkedAt: z.number().nullable(),
  /** Null until it was checked. */
  report: datasetReportSchema.nullable(),
  /** Runs of this library that train on it. */
  runs: z.int(),
});
export type Dataset = z.infer<typeof datasetSchema>;

/** A folder or archive that the host let the user choose: known by a handle, the path is only shown. */
export const placeSchema = z.object({ id: z.string().max(100), path: z.string(), name: z.string() });
export type Place = z.infer<typeof placeSchema>;

export const folderListingSchema = z.object({
  /** Null at the top, where the allowed roots are listed. */
  here: placeSchema.nullable(),
  /** Those that `here` lies in, from the root down. */
  parents: z.array(placeSchema),
  folders: z.array(placeSchema),
  archives: z.array(placeSchema),
  /** Images lying directly in it, counted up to a limit. */
  images: z.int(),
  /** Null, or why it could not be listed whole. */
  problem: z.string().nullable(),
});
export type FolderListing = z.infer<typeof folderListingSchema>;
