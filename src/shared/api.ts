/** What the host answers its windows over HTTP and app://. JSON has no NaN: a value that is none is null. */
import * as z from 'zod';

export const runStateSchema = z.enum(['queued', 'running', 'stopped', 'done', 'failed', 'interrupted']);
export type RunState = z.infer<typeof runStateSchema>;

/** A row of the runs table. Times in milliseconds since the Unix epoch. */
export const runViewSchema = z.object({
  id: z.string(),
  name: z.string(),
  state: runStateSchema,
  method: z.string(),
  /** As in the configuration: a path, or "sample". */
  data: z.string().nullable(),
  createdAt: z.number(),
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  step: z.int(),
  epoch: z.number(),
  epochs: z.number().nullable(),
  /** The last value. */
  loss: z.number().nullable(),
  /** Weighted k-NN accuracy in [0, 1]: the last and the best value. */
  knn: z.number().nullable(),
  bestKnn: z.number().nullable(),
  /** The loss so far, in equal parts of the steps. */
  lossCurve: z.array(z.number().nullable()),
  failure: z.string().nullable(),
  hint: z.string().nullable(),
});
export type RunView = z.infer<typeof runViewSchema>;

/** GET /api/runs */
export const runsAnswerSchema = z.object({
  /** The folder shown. */
  library: z.string(),
  runs: z.array(runViewSchema),
});
export type RunsAnswer = z.infer<typeof runsAnswerSchema>;

/** A part of a curve: min, max and mean of its points, null where every one is NaN. */
export const curvePartSchema = z.object({
  step: z.int(),
  epoch: z.number(),
  time: z.number(),
  min: z.number().nullable(),
  max: z.number().nullable(),
  mean: z.number().nullable(),
});
export type CurvePart = z.infer<typeof curvePartSchema>;

/** GET /api/runs/:id/metrics?buckets=N */
export const metricsAnswerSchema = z.object({ metrics: z.record(z.string(), z.array(curvePartSchema)) });
export type MetricsAnswer = z.infer<typeof metricsAnswerSchema>;

/** Any answer that is not 2xx. */
export const problemSchema = z.object({ message: z.string(), hint: z.string().nullable() });
export type Problem = z.infer<typeof problemSchema>;
