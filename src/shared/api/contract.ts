/**
 * Every procedure of the host, with what goes in and what comes out. Electron mounts it on a MessagePort, the
 * headless server on a WebSocket; windows and tests use the same client.
 */
import { eventIterator, oc } from '@orpc/contract';
import * as z from 'zod';
import { protocolSchema } from '../evaluation';
import { datasetSchema, folderListingSchema, imagePageSchema, MAX_IMAGE_PAGE, placeSchema } from './datasets';
import { sequencedEventSchema } from './events';
import { experimentsContract } from './experiments';
import { explorerContract } from './explorer';
import { deviceSchema, hostInfoSchema, settingsSchema } from './host';
import { refusable } from './refusable';
import { runRowSchema } from './run-rows';
import { checkpointChoiceSchema, datasetIdSchema, runIdSchema } from './ids';
import { fineTuneSchema, fineTuningsSchema } from './fine-tuning';
import { evaluationSchema, runDetailSchema } from './runs';
import {
  catalogueSchema,
  draftSchema,
  estimateSchema,
  resolvedDraftSchema,
  viewPreviewSchema,
  weightsFileSchema,
} from './set-up';

const procedure = oc.errors(refusable);

const runInput = z.object({ run: runIdSchema });
const weightsInput = runInput.extend({ checkpoint: checkpointChoiceSchema.default('last') });
const runsInput = z.object({ runs: z.array(runIdSchema).min(1).max(10_000) });

export const contract = {
  host: {
    info: procedure.output(hostInfoSchema),
    /** Tried once, and kept: that takes seconds. `again` tries them anew. */
    devices: procedure.input(z.object({ again: z.boolean() }).optional()).output(z.array(deviceSchema)),
    /** After a library was given free by its owner: try to own it. */
    claim: procedure.output(hostInfoSchema),
    settings: procedure.output(settingsSchema),
    changeSettings: procedure.input(settingsSchema.partial()).output(settingsSchema),
  },

  /** All after sequence number `after`; from now on where it is null. `load` asks for load samples as well. */
  events: procedure
    .input(z.object({ after: z.int().nullable(), load: z.boolean().default(false) }))
    .output(eventIterator(sequencedEventSchema)),

  setUp: {
    catalogue: procedure.output(catalogueSchema),
    resolve: procedure.input(draftSchema).output(resolvedDraftSchema),
    /** The first `count` images drawn by the seed; another `round` draws the views of the next epoch. */
    views: procedure
      .input(
        z.object({ draft: draftSchema, count: z.int().min(1).max(16), round: z.int().min(0).max(1_000_000) }),
      )
      .output(viewPreviewSchema),
    /** What a safetensors file holds, before a run starts from it. */
    inspectWeights: procedure.input(z.object({ place: z.string().max(100) })).output(weightsFileSchema),
    /** Takes seconds; a newer call ends an older one. */
    estimate: procedure.input(draftSchema).output(estimateSchema),
  },

  runs: {
    get: procedure.input(runInput).output(runDetailSchema),
    /** For the rows in view: at most `points` means of a curve each, by run id; null is NaN. */
    sparklines: procedure
      .input(
        z.object({
          runs: z.array(runIdSchema).max(500),
          metric: z.string(),
          points: z.int().min(2).max(200),
        }),
      )
      .output(z.record(z.string(), z.array(z.number().nullable()))),
    /** Puts a new run at the end of the queue, which starts it when its turn comes. */
    create: procedure.input(draftSchema).output(runRowSchema),
    /** Writes a checkpoint and ends; the run can be continued. A queued run leaves the queue. */
    stop: procedure.input(runInput).output(runRowSchema),
    /** Ends at once; what came after the last checkpoint is trained again when continued. */
    kill: procedure.input(runInput).output(runRowSchema),
    /** Holds its breath between two steps: memory is kept, no time is used. */
    pause: procedure.input(runInput).output(runRowSchema),
    unpause: procedure.input(runInput).output(runRowSchema),
    /** Back into the queue, from its newest checkpoint. */
    resume: procedure.input(runInput).output(runRowSchema),
    /** Lets the queue of an earlier session go on. */
    startQueue: procedure.output(hostInfoSchema),
    reorderQueue: procedure.input(runsInput).output(z.array(runIdSchema)),
    change: procedure
      .input(
        runInput.extend({
          name: z.string().min(1).max(200).optional(),
          tags: z.array(z.string().min(1).max(60)).max(30).optional(),
          notes: z.string().max(20_000).optional(),
          isBaseline: z.boolean().optional(),
        }),
      )
      .output(runRowSchema),
    /** They vanish at once and their files some time later, so that `undelete` can bring them back until then. */
    delete: procedure
      .input(runsInput)
      .output(z.object({ deleted: z.array(runIdSchema), undoSeconds: z.number() })),
    undelete: procedure.input(runsInput).output(z.array(runRowSchema)),
    views: procedure
      .input(runInput.extend({ count: z.int().min(1).max(16), round: z.int().min(0).max(1_000_000) }))
      .output(viewPreviewSchema),
    /** Null takes the run's own images. */
    evaluate: procedure
      .input(
        weightsInput.extend({
          dataset: datasetIdSchema.nullable().default(null),
          protocol: protocolSchema,
        }),
      )
      .output(evaluationSchema),
    /** Puts a run for each share of the labels into the queue, and one from scratch beside it. */
    fineTune: procedure
      .input(
        weightsInput.extend({ dataset: datasetIdSchema.nullable().default(null), ...fineTuneSchema.shape }),
      )
      .output(fineTuningsSchema),
    fineTunings: procedure.input(runInput).output(fineTuningsSchema),
    /** @returns the id of the file, to be fetched from /exports/<id>. */
    export: procedure
      .input(weightsInput.extend({ format: z.enum(['onnx', 'safetensors']) }))
      .output(z.object({ id: z.string(), file: z.string(), bytes: z.number() })),
  },

  experiments: experimentsContract,

  explorer: explorerContract,

  datasets: {
    list: procedure.output(z.array(datasetSchema)),
    /** Begins to check it; the rest is told by events. */
    add: procedure.input(z.object({ place: z.string().max(100) })).output(datasetSchema),
    recheck: procedure.input(z.object({ dataset: datasetIdSchema })).output(datasetSchema),
    /** The images of one class, in the order of the data, from place `offset` of the class on. */
    images: procedure
      .input(
        z.object({
          dataset: datasetIdSchema,
          label: z.string(),
          offset: z.int().min(0).default(0),
          count: z.int().min(1).max(MAX_IMAGE_PAGE),
        }),
      )
      .output(imagePageSchema),
    /** Forgets it. No file of the user's is touched. */
    remove: procedure
      .input(z.object({ dataset: datasetIdSchema }))
      .output(z.object({ removed: datasetIdSchema })),
  },

  /** The folder picker of a host without native dialogs; it shows what lies under the allowed roots only. */
  folders: {
    list: procedure.input(z.object({ place: z.string().max(100).nullable() })).output(folderListingSchema),
    /** A path that was typed. Refused outside the allowed roots. */
    find: procedure.input(z.object({ path: z.string().min(1).max(4096) })).output(placeSchema),
  },
};
export type Contract = typeof contract;
