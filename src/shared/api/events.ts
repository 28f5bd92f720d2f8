/**
 * What the host tells its windows as it happens. Every event has the next sequence number; a window that was away
 * asks for all after the last one it saw and gets them, or `reset` where they are no longer kept: then it loads anew.
 */
import * as z from 'zod';
import { embeddingSetSchema } from '../explorer/sets';
import { datasetSchema } from './datasets';
import { startedExperimentSchema } from './experiments';
import { hostInfoSchema, loadSchema, settingsSchema } from './host';
import {
  checkpointSchema,
  evaluationSchema,
  logLineSchema,
  progressSchema,
  runNoteSchema,
  runPicturesSchema,
} from './runs';
import { runRowSchema } from './run-rows';

/** Points of the curves that were measured at the same steps: a step has one time, however many curves it has. */
const curveGroupSchema = z.object({
  names: z.array(z.string()),
  steps: z.array(z.int()),
  epochs: z.array(z.number()),
  times: z.array(z.number()),
  /** [names][steps]; null is NaN. */
  values: z.array(z.array(z.number().nullable())),
});
export type CurveGroup = z.infer<typeof curveGroupSchema>;

/** Points of one curve, column by column; null is NaN. */
export type Points = Omit<CurveGroup, 'names' | 'values'> & { name: string; values: (number | null)[] };

/** As they travel: what is the same in several curves once. */
export function groupCurves(curves: readonly Points[]): CurveGroup[] {
  const groups = new Map<string, CurveGroup>();
  for (const { name, steps, epochs, times, values } of curves) {
    const key = `${steps.join()} ${times.join()}`;
    const group = groups.get(key);
    if (group) {
      group.names.push(name);
      group.values.push(values);
    } else {
      groups.set(key, { names: [name], steps, epochs, times, values: [values] });
    }
  }
  return [...groups.values()];
}

export const curvesOf = (groups: readonly CurveGroup[]): Points[] =>
  groups.flatMap(({ names, steps, epochs, times, values }) =>
    names.map((name, at) => ({ name, steps, epochs, times, values: values[at] })),
  );

export const hostEventSchema = z.discriminatedUnion('type', [
  /** First of a stream whose past is lost: load everything anew. */
  z.object({ type: z.literal('reset') }),
  /** A run is new, or anything in its row but `metrics` changed. */
  z.object({ type: z.literal('run'), row: runRowSchema }),
  z.object({ type: z.literal('run-deleted'), run: z.string() }),
  z.object({ type: z.literal('progress'), run: z.string(), progress: progressSchema.nullable() }),
  /** At most ten times a second and run. */
  z.object({ type: z.literal('metrics'), run: z.string(), groups: z.array(curveGroupSchema) }),
  /** The run goes on from here: what was known after this step is void. */
  z.object({ type: z.literal('truncated'), run: z.string(), step: z.int() }),
  z.object({ type: z.literal('log'), run: z.string(), lines: z.array(logLineSchema) }),
  z.object({ type: z.literal('note'), run: z.string(), note: runNoteSchema }),
  z.object({ type: z.literal('checkpoints'), run: z.string(), checkpoints: z.array(checkpointSchema) }),
  z.object({ type: z.literal('pictures'), run: z.string(), pictures: z.array(runPicturesSchema) }),
  z.object({ type: z.literal('evaluation'), run: z.string(), evaluation: evaluationSchema }),
  z.object({ type: z.literal('dataset'), dataset: datasetSchema }),
  z.object({ type: z.literal('dataset-removed'), dataset: z.string() }),
  z.object({ type: z.literal('embedding-set'), set: embeddingSetSchema }),
  z.object({ type: z.literal('embedding-set-removed'), set: z.string() }),
  z.object({ type: z.literal('experiment'), experiment: startedExperimentSchema }),
  /** Its runs were deleted; by its name. */
  z.object({ type: z.literal('experiment-removed'), experiment: z.string() }),
  z.object({ type: z.literal('settings'), settings: settingsSchema }),
  z.object({ type: z.literal('host'), host: hostInfoSchema }),
  /** Not kept for those who were away. */
  z.object({ type: z.literal('load'), load: loadSchema }),
]);
export type HostEvent = z.infer<typeof hostEventSchema>;

export const sequencedEventSchema = z.object({ seq: z.int(), event: hostEventSchema });
export type SequencedEvent = z.infer<typeof sequencedEventSchema>;
