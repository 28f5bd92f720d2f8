/** One run, whole: what its page shows beside the curves, and what can be asked of it. */
import * as z from 'zod';
import { checkpointInfoSchema } from '../checkpoint-info';
import { runConfigSchema } from '../run-config';
import { metricSummarySchema, runRowSchema } from './run-rows';

/** Where the work stands now. */
export const progressSchema = z.object({
  phase: z.enum([
    'starting',
    'decoding',
    'compiling',
    'training',
    'evaluating',
    'embedding',
    'exporting',
    'checkpointing',
    'indexing',
    'stopping',
  ]),
  done: z.number(),
  total: z.number(),
  /** Images a second in the last few seconds. */
  rate: z.number().nullable(),
  secondsLeft: z.number().nullable(),
  epoch: z.number().nullable(),
  epochs: z.number().nullable(),
});
export type Progress = z.infer<typeof progressSchema>;

export const logLineSchema = z.object({
  time: z.number(),
  source: z.enum(['stdout', 'stderr', 'info', 'warning', 'error']),
  text: z.string(),
});
export type LogLine = z.infer<typeof logLineSchema>;

/** Something worth a line in the history: started, resumed, collapse, fallback, skipped images, device, ... */
export const runNoteSchema = z.object({
  time: z.number(),
  name: z.string(),
  message: z.string(),
  data: z.record(z.string(), z.unknown()),
});
export type RunNote = z.infer<typeof runNoteSchema>;

export const evaluationSchema = z.object({
  id: z.int(),
  /** "knn", "baseline", "evaluation", ... */
  kind: z.string(),
  /** Of the weights that were evaluated, where known. */
  step: z.int().nullable(),
  time: z.number(),
  data: z.record(z.string(), z.unknown()),
});
export type Evaluation = z.infer<typeof evaluationSchema>;

/** A checkpoint is named by its step and kind, never by a path. */
export const checkpointSchema = checkpointInfoSchema.omit({ path: true }).extend({
  /** File name, to be shown. */
  file: z.string(),
  time: z.number().nullable(),
});
export type Checkpoint = z.infer<typeof checkpointSchema>;

/** What a run's method showed of itself after a step. A picture is named by run, step and place. */
export const runPicturesSchema = z.object({
  step: z.int(),
  /** In the order of their places. */
  captions: z.array(z.string()),
});
export type RunPictures = z.infer<typeof runPicturesSchema>;

export const runDetailSchema = z.object({
  row: runRowSchema,
  /** Summaries of all its curves. */
  metrics: z.record(z.string(), metricSummarySchema),
  config: runConfigSchema,
  /** Null where nothing is being done. */
  progress: progressSchema.nullable(),
  checkpoints: z.array(checkpointSchema),
  evaluations: z.array(evaluationSchema),
  /** By step, ascending. */
  pictures: z.array(runPicturesSchema),
  history: z.array(runNoteSchema),
  log: z.array(logLineSchema),
  exitCode: z.int().nullable(),
  exitSignal: z.string().nullable(),
  /** The line that trains it again. */
  commandLine: z.string(),
  /** The run's folder, to be shown. */
  folder: z.string(),
  seq: z.int(),
});
export type RunDetail = z.infer<typeof runDetailSchema>;
