/** Setting up a run: what there is to choose from, what a choice comes to, what it looks like and what it costs. */
import * as z from 'zod';
import { backboneSchema, runConfigSchema } from '../run-config';
import { normalizationSchema } from '../explorer/normalization';
import { placeSchema } from './datasets';
import { checkpointChoiceSchema, runIdSchema } from './ids';

const jsonSchema = z.record(z.string(), z.unknown());

export const methodSchema = z.object({
  id: z.string(),
  title: z.string(),
  summary: z.string(),
  paper: z.object({ title: z.string(), url: z.string() }).nullable(),
  needsLabels: z.boolean(),
  /** The fixed network that it learns from, for people; null where it needs none. */
  needsTeacher: z.string().nullable(),
  /** JSON Schema of the method's own settings, with `description`, `default`, limits and `unit`. */
  options: jsonSchema,
});
export type MethodDescription = z.infer<typeof methodSchema>;

export const presetSchema = z.object({
  id: z.string(),
  title: z.string(),
  summary: z.string(),
  published: z.string().nullable(),
  config: z.record(z.string(), z.unknown()),
});
export type PresetDescription = z.infer<typeof presetSchema>;

export const catalogueSchema = z.object({
  methods: z.array(methodSchema),
  presets: z.array(presetSchema),
  /** JSON Schema of a run; its `options` are the method's. */
  config: jsonSchema,
});
export type Catalogue = z.infer<typeof catalogueSchema>;

/**
 * What the form holds: a preset or a run to begin with, and the settings that were changed, by dotted path, as
 * JSON values. This is also what the command line says, so that the two can never differ.
 */
export const draftSchema = z.object({
  base: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('preset'), preset: z.string() }),
    /** "Duplicate with changes". */
    z.object({ kind: z.literal('run'), run: runIdSchema }),
  ]),
  /** e.g. {"optimizer.momentum": 0.95, "data.path": "/home/me/birds"}. */
  changes: z.record(z.string(), z.unknown()),
  /** Weights to start from: fine-tuning, or a branch. */
  from: z
    .discriminatedUnion('kind', [
      z.object({
        kind: z.literal('run'),
        run: runIdSchema,
        checkpoint: checkpointChoiceSchema,
        freezeEncoder: z.boolean(),
      }),
      /** A safetensors file; `place` is the handle of one that the user chose, never a path. */
      z.object({ kind: z.literal('file'), place: z.string().max(100), freezeEncoder: z.boolean() }),
    ])
    .nullable(),
  name: z.string().max(200).nullable(),
});
export type Draft = z.infer<typeof draftSchema>;

/** A file of weights to start from, looked into. */
export const weightsFileSchema = z.object({
  place: placeSchema,
  /** "ResNet-18". */
  architecture: z.string(),
  /** What a run that starts from it is set to, as far as the file tells; ImageNet's mean and std where it says none. */
  config: z.object({
    backbone: backboneSchema,
    data: normalizationSchema.extend({ imageSize: z.int() }),
  }),
});
export type WeightsFile = z.infer<typeof weightsFileSchema>;

/** Where an issue is about the draft's name, which is no setting. */
export const NAME_PATH = 'name';

export const draftIssueSchema = z.object({
  /** Dotted path of the setting, "" where the whole is meant, {@link NAME_PATH} for the name. */
  path: z.string(),
  message: z.string(),
  hint: z.string().nullable(),
});
export type DraftIssue = z.infer<typeof draftIssueSchema>;

export const resolvedDraftSchema = z.object({
  /** Complete, or null where there are issues of settings. */
  config: runConfigSchema.nullable(),
  issues: z.array(draftIssueSchema),
  /** What the user may not expect, as sentences. */
  warnings: z.array(z.string()),
  /** The same run from a terminal. */
  commandLine: z.string(),
});
export type ResolvedDraft = z.infer<typeof resolvedDraftSchema>;

/** Real images and the views that training would make of them; the pictures are PNG, see files.ts. */
export const viewPreviewSchema = z.object({
  /** Names the pictures until the next previews push them out. */
  id: z.string(),
  images: z.array(
    z.object({
      /** Number in the data set. */
      index: z.int(),
      label: z.string().nullable(),
    }),
  ),
  /** Views of each image: SimCLR has two. */
  views: z.array(z.object({ name: z.string(), size: z.int() })),
});
export type ViewPreview = z.infer<typeof viewPreviewSchema>;

/** What a short measured probe of the very step says. */
export const estimateSchema = z.object({
  device: z.string(),
  /** The median of the measured steps, milliseconds. */
  stepTime: z.number(),
  measuredSteps: z.int(),
  stepsPerEpoch: z.int(),
  totalSteps: z.int(),
  /** Seconds, evaluations and checkpoints left out. */
  secondsPerEpoch: z.number(),
  secondsTotal: z.number(),
  /** Peak memory of the probing process, bytes. */
  peakBytes: z.number(),
  compileTime: z.number(),
  /** Trainable parameters of everything that is trained. */
  parameters: z.int(),
  /** True where another run was training meanwhile: the true times are shorter. */
  disturbed: z.boolean(),
});
export type Estimate = z.infer<typeof estimateSchema>;
