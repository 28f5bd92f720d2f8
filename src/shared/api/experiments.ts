/** Experiments: several runs that build on each other, trained one after the other, and what came of each. */
import { oc } from '@orpc/contract';
import * as z from 'zod';
import { experimentSchema } from '../experiment';
import { PAIR_FORM, settingPair } from '../setting-pair';
import { datasetIdSchema } from './ids';
import { refusable } from './refusable';
import { runStateSchema } from './run-rows';

/** Of the compared metric, each value in [0, 1]. */
const figuresSchema = z.object({
  /** After the first epoch. */
  first: z.number(),
  best: z.number(),
  last: z.number(),
  /** Reached at the last value. */
  epochs: z.number(),
});

const stageProgressSchema = z.object({
  /** As the experiment has it. */
  id: z.string(),
  /** Null where there is none yet. */
  run: z.string().nullable(),
  /** Of the run; null is not started. */
  state: runStateSchema.nullable(),
  /** Null for a stage that is not compared, or has no value yet. */
  figures: figuresSchema.nullable(),
});
export type StageProgress = z.infer<typeof stageProgressSchema>;

export const startedExperimentSchema = z.object({
  /** Its name: what the names of its runs begin with. */
  id: z.string(),
  /** The id of what is done. */
  experiment: z.string(),
  /** Absolute, or "sample". */
  data: z.string(),
  labelled: z.string().nullable(),
  /** key=value, as they were given. */
  settings: z.array(z.string()),
  startedAt: z.number(),
  /** Of the stage that decides: the one at work, else the first that is not done. */
  state: runStateSchema,
  /** What ended it before its end. */
  problem: z.object({ message: z.string(), hint: z.string().nullable() }).nullable(),
  /** In their order. */
  stages: z.array(stageProgressSchema),
  /** Trains it, or goes on with it, from a terminal. */
  commandLine: z.string(),
});
export type StartedExperiment = z.infer<typeof startedExperimentSchema>;

const nameSchema = z.string().trim().min(1).max(100);

export const experimentStartSchema = z.object({
  experiment: z.string(),
  dataset: datasetIdSchema,
  /** Separate labelled images for evaluation. */
  labelled: datasetIdSchema.nullable().default(null),
  /** Null is the experiment's id. */
  name: nameSchema.nullable().default(null),
  /** key=value: a setting of all stages, or of one where its id stands before: "pretrain.epochs=4". */
  settings: z
    .array(
      z
        .string()
        .max(2000)
        .refine((text) => settingPair(text) !== undefined, PAIR_FORM),
    )
    .max(100)
    .default([]),
});
export type ExperimentStart = z.infer<typeof experimentStartSchema>;

const procedure = oc.errors(refusable);
const named = z.object({ name: nameSchema });

export const experimentsContract = {
  /** Those that can be started. */
  catalogue: procedure.output(z.array(experimentSchema)),
  /** Those that were started, newest first. */
  list: procedure.output(z.array(startedExperimentSchema)),
  /** Tries the settings of all stages, then makes the run of the first one and puts it into the queue. */
  start: procedure.input(experimentStartSchema).output(startedExperimentSchema),
  /** Ends the stage that trains, with a checkpoint; one that waits leaves the queue. No other begins after it. */
  stop: procedure.input(named).output(startedExperimentSchema),
  /** The first stage that is not done goes on, or begins. */
  continue: procedure.input(named).output(startedExperimentSchema),
};
