/** A complete configuration from what the user gave: a preset or a file, and --set pairs. */
import { UserError } from '../../shared/errors';
import type { ConfigSource } from '../../shared/protocol';
import { runConfigSchema, type RunConfig } from '../../shared/run-config';
import { createEncoder, type Backbone } from '../backbones';
import type { Method } from '../method';
import { findMethod } from '../registry';
import { configurationError, issueOf, issuesOf, type ConfigIssue } from './errors';
import { isObject, jsonSchemaOf } from '../../shared/json-schema';
import { applyOverrides, parse, type Override } from './overrides';
import { findPreset } from './presets';
import { doubts } from './doubts';

export interface Resolved {
  /** With every default filled in, the method's options too. */
  readonly config: RunConfig;
  /** Sentences about what was dropped and what is likely a mistake. */
  readonly warnings: readonly string[];
  /** Whether the method learns from labelled images alone. */
  readonly needsLabels: boolean;
}

/** As `Resolved`, for a form: what is wrong stands beside the settings. */
export interface Examined {
  /** Null where there are issues. */
  readonly config: RunConfig | null;
  readonly warnings: readonly string[];
  /** Every setting that is wrong. */
  readonly issues: readonly ConfigIssue[];
}

/** @throws UserError of kind `usage` naming each setting that is wrong, its value and what it may be. */
export function resolveConfig(source: ConfigSource): Resolved {
  const { config, warnings, issues } = examineConfig(source);
  if (!config) throw configurationError(issues);
  return { config, warnings, needsLabels: findMethod(config.method).needsLabels };
}

/** Never throws for what a user may give. */
export function examineConfig(source: ConfigSource): Examined {
  let raw: Record<string, unknown>;
  let method: Method;
  const warnings: string[] = [];
  try {
    raw = given(source);
  } catch (error) {
    return refused(issueOf(error, ''));
  }
  try {
    warnings.push(...switchMethod(raw, source.overrides));
    if (typeof raw.method !== 'string') throw withoutMethod(raw.method);
    method = findMethod(raw.method);
  } catch (error) {
    return refused(issueOf(error, 'method'));
  }
  const schema = schemaFor(method);
  const json = jsonSchemaOf(schema);
  const applied = applyOverrides(raw, source.overrides, json);
  warnings.push(...applied.warnings);

  const parsed = schema.safeParse(raw);
  const wrong = parsed.success ? [] : issuesOf(parsed.error.issues, raw, json);
  const issues = [...applied.issues, ...wrong];
  if (!parsed.success || issues.length > 0) return { config: null, warnings, issues };
  const config = parsed.data as RunConfig;
  let encoder: Backbone;
  try {
    encoder = createEncoder(config.backbone, config.data.imageSize);
  } catch (error) {
    return { config: null, warnings, issues: [issueOf(error, 'backbone')] };
  }
  try {
    checkFits(method, config, encoder);
  } catch (error) {
    return { config: null, warnings, issues: [issueOf(error, 'method')] };
  }
  if (method.needsTeacher !== undefined && config.teacher === null)
    return { config: null, warnings, issues: [issueOf(withoutTeacher(method), 'teacher')] };
  return { config, warnings: [...warnings, ...doubts(config)], issues: [] };
}

const refused = (issue: ConfigIssue): Examined => ({ config: null, warnings: [], issues: [issue] });

/**
 * Whether method, network and settings suit each other, as far as can be told without the data.
 * @throws UserError where they do not.
 */
function checkFits(method: Method, { options, batchSize, data }: RunConfig, encoder: Backbone): void {
  method.views(options, data.imageSize);
  method.build({ options, encoder, classes: ['one', 'two'], batchSize, images: 1000 });
}

/** The schema of a run with this method's options in place. */
export const schemaFor = (method: Method) => runConfigSchema.extend({ options: method.options.prefault({}) });

function given({ preset, config }: ConfigSource): Record<string, unknown> {
  if ((preset === undefined) === (config === undefined))
    throw new UserError('Name either a preset or a configuration', 'See `selvedge presets`.', 'usage');
  if (preset !== undefined) return { ...structuredClone(findPreset(preset).config) };
  if (!isObject(config))
    throw new UserError(
      'The configuration is not a JSON object',
      'See docs/presets.md for an example.',
      'usage',
    );
  return structuredClone(config);
}

/** Another method has other options: those of the former one are dropped. */
function switchMethod(raw: Record<string, unknown>, overrides: readonly Override[]): string[] {
  const text = overrides.findLast(([path]) => path === 'method')?.[1];
  if (text === undefined) return [];
  const method = String(parse(text, { type: 'string' }));
  if (method === raw.method) return [];
  findMethod(method);
  const dropped = isObject(raw.options) ? Object.keys(raw.options) : [];
  const former = String(raw.method);
  raw.method = method;
  raw.options = {};
  if (dropped.length === 0) return [];
  const names = dropped.map((name) => `options.${name}`).join(', ');
  return [`method is now "${method}"; dropped with "${former}": ${names}. Optimizer and schedule stay`];
}

/** What to say where a method learns from a trained network and none is named. */
export const withoutTeacher = ({ title, needsTeacher }: Method): UserError =>
  new UserError(
    `teacher is missing: ${title} learns from ${needsTeacher}`,
    'Set teacher to a run, or to a safetensors file, e.g. --set teacher=<run>.',
    'usage',
  );

const withoutMethod = (value: unknown): UserError =>
  new UserError(
    value === undefined ? 'method is missing' : `method is ${JSON.stringify(value)}; it must be a text`,
    'Name a learning method, e.g. "simclr".',
    'usage',
  );
