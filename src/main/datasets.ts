/** Checking a folder of images, and remembering it. */
import * as z from 'zod';
import type { JobOf } from '../shared/protocol';
import type { JobOptions } from './encoder-jobs';
import type { Host } from './host';
import { cacheFolder } from './library';
import { absolute } from './questions';
import { runJob } from './supervisor/run-job';

const reportSchema = z.looseObject({
  images: z.int(),
  /** Images of each class; null where the folder has no classes. */
  classes: z.array(z.object({ name: z.string(), count: z.int() })).nullable(),
  /** Files that cannot be used, with the reason. */
  skipped: z.array(z.object({ path: z.string(), reason: z.string() })),
  /** What may surprise, as sentences. */
  notes: z.array(z.string()).default([]),
});
export type DatasetReport = z.infer<typeof reportSchema>;

/** Decodes every image once: counts, classes, and unreadable files with reasons. */
export function checkDataset(
  host: Host,
  path: string,
  imageSize: number,
  options: JobOptions = {},
): Promise<DatasetReport> {
  const job: JobOf<'data-check'> = {
    kind: 'data-check',
    data: { path: absolute(path), imageSize, cacheDirectory: cacheFolder(host.library.folder) },
  };
  return runJob(host.runner, job, reportSchema, options);
}

/** Checks a folder and adds it to the library. */
export async function addDataset(
  host: Host,
  path: string,
  imageSize: number,
  options: JobOptions = {},
): Promise<DatasetReport> {
  const report = await checkDataset(host, path, imageSize, options);
  host.store.catalogue.putDataset(absolute(path), report);
  return report;
}
