/** An experiment: several runs that build on each other and are compared, such as pre-training against a baseline. */
import * as z from 'zod';

const id = z.string().regex(/^[a-z0-9-]+$/);

export const stageSchema = z.strictObject({
  id,
  title: z.string(),
  preset: z.string(),
  /** Dotted paths and values, on top of the preset. */
  set: z.record(z.string(), z.unknown()),
  /** The earlier stage whose encoder this one starts from. */
  from: id.nullable().default(null),
  /** The earlier stage whose network this one learns from. */
  teacher: id.nullable().default(null),
});
export type Stage = z.infer<typeof stageSchema>;

export const experimentSchema = z.strictObject({
  id,
  title: z.string(),
  /** What is done and what it shows, in a sentence or two. */
  summary: z.string(),
  /** What those have measured who did it first; null where nothing is published. */
  published: z.string().nullable(),
  stages: z.array(stageSchema).min(1),
  /** The curves that are drawn over each other: a metric, and the stages that have it. */
  comparison: z.strictObject({ metric: z.string(), title: z.string(), stages: z.array(id).min(1) }),
});
export type Experiment = z.infer<typeof experimentSchema>;
export type ExperimentInput = z.input<typeof experimentSchema>;
