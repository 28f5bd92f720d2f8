/** What the host and a job's child process say to each other over the fork channel. */
import * as z from 'zod';
import { checkpointInfoSchema } from './checkpoint-info';
import { protocolSchema } from './evaluation';
import { encoderOrNoneSchema, encoderSourceSchema } from './explorer/encoder-source';
import { mapRequestSchema } from './explorer/map';
import { retrievalProtocolSchema } from './explorer/retrieval';
import { setIdSchema, setRecipeSchema, setWorkSchema } from './explorer/sets';
import { runConfigSchema } from './run-config';

/** Both sides refuse another version: a child of an older build must not half-work. */
export const PROTOCOL_VERSION = 2;

/** A configuration as the user gave it: a preset's name or a config object, plus `--set` pairs. */
export const configSourceSchema = z.strictObject({
  preset: z.string().optional(),
  config: z.unknown().optional(),
  /** Dotted paths, e.g. ["optimizer.momentum", "0.95"]; values are JSON where they parse as JSON. */
  overrides: z.array(z.tuple([z.string(), z.string()])).default([]),
});
export type ConfigSource = z.infer<typeof configSourceSchema>;

const datasetJob = z.strictObject({
  path: z.string(),
  imageSize: z.int().min(8).max(512),
  cacheDirectory: z.string(),
});

export const jobSchema = z.discriminatedUnion('kind', [
  /** Methods, presets and their schemas as JSON. */
  z.strictObject({ kind: z.literal('describe') }),
  /** A complete configuration from what the user gave, or an error with the nearest names. */
  z.strictObject({ kind: z.literal('resolve'), source: configSourceSchema }),
  z.strictObject({ kind: z.literal('devices') }),
  z.strictObject({
    kind: z.literal('train'),
    runId: z.string(),
    runDirectory: z.string(),
    cacheDirectory: z.string(),
    config: runConfigSchema,
    /** Continue from this checkpoint file of the same run; null starts anew. */
    continueFrom: z.string().nullable(),
  }),
  /** Measures steps of a run that is not recorded: where their time goes, as text, and the step itself, as text. */
  z.strictObject({
    kind: z.literal('profile'),
    cacheDirectory: z.string(),
    config: runConfigSchema,
    steps: z.int().min(1).max(1000),
  }),
  z.strictObject({
    kind: z.literal('evaluate'),
    checkpoint: z.string(),
    config: runConfigSchema,
    data: datasetJob,
    protocol: protocolSchema,
  }),
  z.strictObject({
    kind: z.literal('embed'),
    checkpoint: z.string(),
    config: runConfigSchema,
    data: datasetJob,
    out: z.string(),
    format: z.enum(['parquet', 'npy']),
  }),
  z.strictObject({
    kind: z.literal('export'),
    checkpoint: z.string(),
    config: runConfigSchema,
    out: z.string(),
    format: z.enum(['onnx', 'safetensors']),
  }),
  /** Looks into an encoder file from elsewhere: what it is, what it takes and gives. See EncoderFacts. */
  z.strictObject({ kind: z.literal('inspect-encoder'), path: z.string() }),
  /** Makes an embedding set or brings it up to date: only new and changed files are embedded. See EmbedSetAnswer. */
  z.strictObject({
    kind: z.literal('embed-set'),
    set: setIdSchema,
    /** Of the set's files; made where it is missing. */
    folder: z.string(),
    recipe: setRecipeSchema,
    encoder: encoderSourceSchema,
    dataPath: z.string(),
    cacheDirectory: z.string(),
    split: z.strictObject({ heldOut: z.number().min(0).max(0.99), seed: z.int() }),
    /** Folder of the set that the whitening is fitted on, or of one that has this very whitening already. */
    whitening: z
      .strictObject({ how: z.enum(['fit', 'copy']), folder: z.string(), size: z.int().min(1) })
      .nullable(),
    device: z.enum(['auto', 'cpu']),
    threads: z.int().min(0).max(1024),
  }),
  /** Writes the rows of a set for other programs. "tsv" is a zip for TensorBoard's projector. */
  z.strictObject({
    kind: z.literal('export-set'),
    folder: z.string(),
    /** Of the encoder, for people. */
    name: z.string(),
    classes: z.array(z.string()).nullable(),
    out: z.string(),
    /** "npy" writes a JSON file with the names beside the array, "npy-zip" both into one file. */
    format: z.enum(['parquet', 'npy', 'npy-zip', 'tsv']),
  }),
  /** Looks for all pairs of copies in a set; they lie in its folder then. See CopiesFound. */
  z.strictObject({
    kind: z.literal('find-copies'),
    folder: z.string(),
    encoder: encoderOrNoneSchema,
    cacheDirectory: z.string(),
    device: z.enum(['auto', 'cpu']),
    threads: z.int().min(0).max(1024),
  }),
  /** Measures a set by a retrieval protocol. See RetrievalReport. */
  z.strictObject({
    kind: z.literal('measure-set'),
    folder: z.string(),
    protocol: retrievalProtocolSchema,
    /** What is measured: the set's vectors, or a perceptual hash of its images in their place. */
    vectors: z.enum(['embeddings', 'perceptual hash']),
    encoder: encoderOrNoneSchema,
    /** Folder of the protocol's distractors. */
    distractors: z.string().nullable(),
    cacheDirectory: z.string(),
    device: z.enum(['auto', 'cpu']),
    threads: z.int().min(0).max(1024),
  }),
  /** Makes a folder of originals and distorted copies of them. See CopiesMade. */
  z.strictObject({
    kind: z.literal('make-copies'),
    dataPath: z.string(),
    out: z.string(),
    cacheDirectory: z.string(),
    seed: z.int().min(0),
    /** Originals, drawn by the seed; null for all. */
    count: z.int().min(1).nullable(),
    blocks: z.array(z.enum(['jpeg', 'crop', 'strong'])).min(1),
  }),
  /** Sizes and dates of images by their names in the data. Answers CopyFacts. */
  z.strictObject({
    kind: z.literal('image-facts'),
    dataPath: z.string(),
    cacheDirectory: z.string(),
    images: z.array(z.strictObject({ row: z.int().min(0), name: z.string() })),
  }),
  /** Lays the rows of a set out in two dimensions; see ./explorer/map.ts. Answers its MapInfo. */
  z.strictObject({ kind: z.literal('map-set'), folder: z.string(), request: mapRequestSchema }),
  /** Builds the approximate index of a set and measures it; answers a SetIndex. */
  z.strictObject({ kind: z.literal('index-set'), folder: z.string(), threads: z.int().min(1).max(1024) }),
  /** Decode everything once: counts, classes, unreadable files with reasons. */
  z.strictObject({ kind: z.literal('data-check'), data: datasetJob }),
  /** Lists images without decoding them: how many samples each of these runs would have, or why it cannot be. */
  z.strictObject({
    kind: z.literal('count-samples'),
    cacheDirectory: z.string(),
    configs: z.array(runConfigSchema),
  }),
  /** Measures the very step of a run on random images: how long it takes and how much memory; see ./studio.ts. */
  z.strictObject({ kind: z.literal('estimate'), cacheDirectory: z.string(), config: runConfigSchema }),
  /** Lives until it is stopped, and answers the requests of ./studio.ts. */
  z.strictObject({ kind: z.literal('studio'), cacheDirectory: z.string() }),
  /** Lives until it is stopped, and answers the requests of ./explorer/requests.ts. */
  z.strictObject({
    kind: z.literal('search'),
    cacheDirectory: z.string(),
    /** Of the sets that it keeps in memory, bytes; the one in use is kept whatever its size. */
    memory: z.number().min(0),
  }),
]);
export type Job = z.infer<typeof jobSchema>;
export type JobOf<K extends Job['kind']> = Extract<Job, { kind: K }>;

const envelope = { version: z.literal(PROTOCOL_VERSION) };

export const hostMessageSchema = z.discriminatedUnion('type', [
  z.strictObject({ ...envelope, type: z.literal('start'), job: jobSchema }),
  /** Finish the step in hand, write a checkpoint, end. */
  z.strictObject({ ...envelope, type: z.literal('stop') }),
  /** Training waits before its next step, with all it has in memory. It can be stopped meanwhile. */
  z.strictObject({ ...envelope, type: z.literal('pause') }),
  z.strictObject({ ...envelope, type: z.literal('unpause') }),
  /**
   * To a service child, answered by a `reply` of the same id. What it asks is checked by the service, not here:
   * a bad request must not end the child.
   */
  z.strictObject({ ...envelope, type: z.literal('request'), id: z.int(), request: z.unknown() }),
  /** Nobody waits for the reply any more: a request that has not begun is dropped. */
  z.strictObject({ ...envelope, type: z.literal('cancel'), id: z.int() }),
]);
export type HostMessage = z.infer<typeof hostMessageSchema>;

/** A message before its version is put on. */
export type Unversioned<M> = M extends unknown ? Omit<M, 'version'> : never;

export const metricPointSchema = z.strictObject({
  name: z.string(),
  step: z.int().min(0),
  epoch: z.number().min(0),
  /** Milliseconds since the Unix epoch. */
  time: z.number(),
  /** NaN and infinities are real results of training and are kept. */
  value: z.union([z.number(), z.nan(), z.literal(Infinity), z.literal(-Infinity)]),
});
export type MetricPoint = z.infer<typeof metricPointSchema>;

/** Why a service could not answer. `superseded`: a newer request of the kind came before this one's turn. */
export const replyFailureSchema = z.strictObject({
  message: z.string(),
  hint: z.string().nullable(),
  kind: z.enum(['usage', 'failed', 'bug', 'superseded']),
});
export type ReplyFailure = z.infer<typeof replyFailureSchema>;

const reply = { ...envelope, type: z.literal('reply'), id: z.int() };

export const runnerMessageSchema = z.discriminatedUnion('type', [
  z.strictObject({ ...envelope, type: z.literal('ready'), pid: z.int(), node: z.string() }),
  z.strictObject({
    ...envelope,
    type: z.literal('heartbeat'),
    rssBytes: z.number(),
    /** User and system time of all its threads since it was started. */
    cpuSeconds: z.number(),
  }),
  /** Training waits from now on. */
  z.strictObject({ ...envelope, type: z.literal('paused') }),
  z.strictObject({ ...envelope, type: z.literal('unpaused') }),
  /** A service's answer to one request. Typed arrays travel as they are. */
  z.discriminatedUnion('ok', [
    z.strictObject({ ...reply, ok: z.literal(true), value: z.unknown() }),
    z.strictObject({ ...reply, ok: z.literal(false), failure: replyFailureSchema }),
  ]),
  z.strictObject({
    ...envelope,
    type: z.literal('log'),
    level: z.enum(['info', 'warning', 'error']),
    message: z.string(),
  }),
  z.strictObject({
    ...envelope,
    type: z.literal('progress'),
    phase: z.enum([
      'decoding',
      'compiling',
      'training',
      'evaluating',
      'embedding',
      'exporting',
      'checkpointing',
      'indexing',
    ]),
    done: z.number(),
    total: z.number(),
    /** Images a second in the last few seconds. */
    rate: z.number().nullable(),
    secondsLeft: z.number().nullable(),
    epoch: z.number().nullable(),
    epochs: z.number().nullable(),
  }),
  /** How far work on an embedding set is, in its own words. */
  setWorkSchema
    .omit({ kind: true })
    .extend({ ...envelope, type: z.literal('work') })
    .strict(),
  z.strictObject({ ...envelope, type: z.literal('metrics'), points: z.array(metricPointSchema) }),
  /** Something worth a line in the history: collapse warning, fallback, skipped files. */
  z.strictObject({
    ...envelope,
    type: z.literal('event'),
    name: z.enum([
      'collapse',
      'collapse-ended',
      'fallback',
      'skipped-images',
      'device',
      'chance-loss',
      'baseline',
      'evaluation',
      'pseudo-labels',
      'starting-weights',
    ]),
    message: z.string(),
    data: z.record(z.string(), z.unknown()),
  }),
  z.strictObject({ ...envelope, type: z.literal('checkpoint'), checkpoint: checkpointInfoSchema }),
  z.strictObject({ ...envelope, type: z.literal('checkpoint-deleted'), path: z.string() }),
  /** Pictures of this step are in the run's folder. */
  z.strictObject({ ...envelope, type: z.literal('pictures'), step: z.int().min(0) }),
  /** The job's answer; for training {step, epoch, stopped, knn}. Nothing follows. */
  z.strictObject({ ...envelope, type: z.literal('result'), value: z.unknown() }),
  /** The job failed. Nothing follows. */
  z.strictObject({
    ...envelope,
    type: z.literal('failed'),
    message: z.string(),
    hint: z.string().nullable(),
    kind: z.enum(['usage', 'failed', 'bug']),
    stack: z.string().nullable(),
    /** `bad-checkpoint`: `continueFrom` is truncated or foreign, nothing was trained: the host tries an older one. */
    code: z.enum(['bad-checkpoint']).optional(),
  }),
]);
export type RunnerMessage = z.infer<typeof runnerMessageSchema>;

/** What a profile job answers. */
export const profileResultSchema = z.strictObject({ profile: z.string(), step: z.string() });

/** What a finished training job answers. */
export const trainResultSchema = z.strictObject({
  step: z.int(),
  epoch: z.number(),
  /** True where it ended by a stop request and can be continued. */
  stopped: z.boolean(),
  knn: z.number().nullable(),
});
export type TrainResult = z.infer<typeof trainResultSchema>;
