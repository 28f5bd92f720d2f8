/** A run's configuration as one list of settings: what differs from the default first, with what each one means. */
import { isObject, memberOf, type JsonSchema } from '../../../shared/json-schema';
import type { RunConfig } from '../../../shared/run-config';

export interface ConfigEntry {
  /** Dotted: "optimizer.momentum". */
  readonly path: string;
  readonly value: unknown;
  /**
   * "changed" has a default and differs from it, "chosen" has none, "usual" is as it comes, "unknown" where no schema
   * tells.
   */
  readonly kind: 'changed' | 'chosen' | 'usual' | 'unknown';
  /** Only where `kind` is "changed". */
  readonly usual?: unknown;
  readonly help?: string | undefined;
  readonly unit?: string | undefined;
}

const RANK = { changed: 0, chosen: 1, unknown: 2, usual: 3 } as const;

/**
 * @param schema of a run.
 * @param options of the method's own settings; null where the method is not known.
 */
export function configEntries(
  config: RunConfig,
  schema: JsonSchema,
  options: JsonSchema | null,
): ConfigEntry[] {
  const { version: _version, options: own, ...rest } = config;
  const entries = [
    ...leaves(rest, schema, '', undefined),
    ...leaves(own, options ?? undefined, 'options', undefined),
  ];
  return entries
    .map((entry, index) => ({ entry, index }))
    .sort((a, b) => RANK[a.entry.kind] - RANK[b.entry.kind] || a.index - b.index)
    .map(({ entry }) => entry);
}

/** @param usual the default of the whole, where a parent has one. */
function leaves(value: unknown, schema: JsonSchema | undefined, path: string, usual: unknown): ConfigEntry[] {
  const whole = schema?.default ?? usual;
  if (isObject(value) && Object.keys(value).length > 0) {
    return Object.entries(value).flatMap(([key, member]) =>
      leaves(
        member,
        schema && memberOf(schema, value, key),
        path ? `${path}.${key}` : key,
        isObject(whole) ? whole[key] : undefined,
      ),
    );
  }
  return [entryOf(path, value, schema, whole)];
}

function entryOf(path: string, value: unknown, schema: JsonSchema | undefined, usual: unknown): ConfigEntry {
  const about = { path, value, help: schema?.description, unit: schema?.unit };
  if (!schema) return { ...about, kind: 'unknown' };
  if (usual === undefined) return { ...about, kind: 'chosen' };
  return same(value, usual) ? { ...about, kind: 'usual' } : { ...about, kind: 'changed', usual };
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** As one reads it: no quotes around words, lists with commas. */
export function settingText(value: unknown): string {
  if (value === null) return 'none';
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(settingText).join(', ');
  return JSON.stringify(value);
}
