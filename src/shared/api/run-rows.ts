/**
 * The rows of the runs table: small enough that all of a library's fit into one answer. A value that JSON has no
 * word for (NaN, infinities) is null.
 */
import * as z from 'zod';

export const runStateSchema = z.enum([
  'queued',
  'running',
  'paused',
  'stopped',
  'done',
  'failed',
  'interrupted',
]);
export type RunState = z.infer<typeof runStateSchema>;

/** A curve in one row. `best` follows the metric's better end and is null where neither is (a learning rate). */
export const metricSummarySchema = z.object({
  last: z.number().nullable(),
  lastStep: z.int(),
  min: z.number().nullable(),
  max: z.number().nullable(),
  best: z.number().nullable(),
  bestStep: z.int().nullable(),
});
export type MetricSummary = z.infer<typeof metricSummarySchema>;

/** Times in milliseconds since the Unix epoch. */
export const runRowSchema = z.object({
  id: z.string(),
  name: z.string(),
  state: runStateSchema,
  /** Place in the queue from 1; null where the run is not queued. */
  queuePlace: z.int().nullable(),
  method: z.string(),
  /** "ResNet-18", "ViT-Ti/4": what the encoder is called in short. */
  backbone: z.string(),
  /** As in the configuration: an absolute path, or "sample". */
  data: z.string(),
  parent: z.string().nullable(),
  /** Index into the run colours, given once and kept for ever: colour is `color % 10`, dash grows with `color / 10`. */
  color: z.int().min(0),
  tags: z.array(z.string()),
  notes: z.string(),
  /** The one run that others are measured against. */
  isBaseline: z.boolean(),
  createdAt: z.number(),
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  /** Milliseconds spent in training, pauses and stops left out. */
  trainedFor: z.number(),
  step: z.int(),
  epoch: z.number(),
  epochs: z.number().nullable(),
  /** Of the metrics that were asked for; a metric that the run does not have is absent. */
  metrics: z.record(z.string(), metricSummarySchema),
  /** Set while the latest collapse warning has not ended. */
  collapsed: z.boolean(),
  failure: z.string().nullable(),
  hint: z.string().nullable(),
});
export type RunRow = z.infer<typeof runRowSchema>;

/** GET /data/runs?metrics=loss,knn : newest first. */
export const runRowsSchema = z.object({
  rows: z.array(runRowSchema),
  /** Every metric that any run has, for the column chooser. */
  metricNames: z.array(z.string()),
  /** The sequence number of the last event that the rows include: events after it are news. */
  seq: z.int(),
});
export type RunRows = z.infer<typeof runRowsSchema>;

export const canResume = (state: RunState): boolean =>
  state === 'stopped' || state === 'failed' || state === 'interrupted';
export const isLive = (state: RunState): boolean => state === 'running' || state === 'paused';
