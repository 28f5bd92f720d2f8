/** A complete configuration from what the user gave: a preset or a file, and --set pairs. */
import { UserError } from '../../shared/errors';
import type { ConfigSource } from '../../shared/protocol';
import { runConfigSchema, type RunConfig } from '../../shared/run-config';
import { createEncoder } from '../backbones';
import type { Method } from '../method';
import { findMethod } from '../registry';
import { configurationError } from './errors';
import { isObject, jsonSchemaOf } from '../../shared/json-schema';
import { applyOverrides, type Override } from './overrides';
import { findPreset } from './presets';
import { doubts } from './doubts';

export interface Resolved {
  /** With every default filled in, the method's options too. */
  readonly config: RunConfig;
  /** Sentences about what was dropped and what is likely a mistake. */
  readonly warnings: readonly string[];
}

/** @throws UserError of kind `usage` naming each setting that is wrong, its value and what it may be. */
export function resolveConfig(source: ConfigSource): Resolved {
  const raw = given(source);
  const warnings = switchMethod(raw, source.overrides);
  if (typeof raw.method !== 'string') throw withoutMethod(raw.method);
  const schema = schemaFor(findMethod(raw.method));
  const json = jsonSchemaOf(schema);
  warnings.push(...applyOverrides(raw, source.overrides, json));

  const parsed = schema.safeParse(raw);
  if (!parsed.success) throw configurationError(parsed.error.issues, raw, json);
  const config = parsed.data as RunConfig;
  createEncoder(config.backbone, config.data.imageSize);
  return { config, warnings: [...warnings, ...doubts(config)] };
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
  const method = overrides.findLast(([path]) => path === 'method')?.[1];
  if (method === undefined || method === raw.method) return [];
  findMethod(method);
  const dropped = isObject(raw.options) ? Object.keys(raw.options) : [];
  const former = String(raw.method);
  raw.method = method;
  raw.options = {};
  if (dropped.length === 0) return [];
  const names = dropped.map((name) => `options.${name}`).join(', ');
  return [`method is now "${method}"; dropped with "${former}": ${names}. Optimizer and schedule stay`];
}

const withoutMethod = (value: unknown): UserError =>
  new UserError(
    value === undefined ? 'method is missing' : `method is ${JSON.stringify(value)}; it must be a text`,
    'Name a learning method, e.g. "simclr".',
    'usage',
  );
