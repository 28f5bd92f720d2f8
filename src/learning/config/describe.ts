/** What there is to choose from, as plain data: methods, presets and the schemas that forms are made from. */
import { runConfigSchema } from '../../shared/run-config';
import { methods } from '../registry';
import { jsonSchemaOf, type JsonSchema } from '../../shared/json-schema';
import type { Experiment } from '../../shared/experiment';
import { experiments } from '../experiments';
import { presets, type Preset } from './presets';

export interface MethodDescription {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly paper: { readonly title: string; readonly url: string } | null;
  readonly needsLabels: boolean;
  /** The fixed network that it learns from, for people; null where it needs none. */
  readonly needsTeacher: string | null;
  /** Of `options`; each setting with `description`, `default`, limits and where it has one its `unit`. */
  readonly options: JsonSchema;
}

export interface Description {
  readonly methods: readonly MethodDescription[];
  readonly presets: readonly Preset[];
  readonly experiments: readonly Experiment[];
  /** Of a run, with any `options`. */
  readonly config: JsonSchema;
}

export function describe(): Description {
  return {
    methods: methods.map(({ id, title, summary, paper, needsLabels, needsTeacher, options }) => ({
      id,
      title,
      summary,
      paper,
      needsLabels,
      needsTeacher: needsTeacher ?? null,
      options: jsonSchemaOf(options),
    })),
    presets,
    experiments,
    config: jsonSchemaOf(runConfigSchema),
  };
}
