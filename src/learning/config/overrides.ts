/** `--set` pairs: dotted paths into a configuration, and what a change of kind takes with it. */
import { schemaAt, type ConfigIssue } from './errors';
import { discriminatorOf, isObject, memberOf, type JsonSchema } from '../../shared/json-schema';

/** A dotted path and a value, which is JSON where it parses as JSON. */
export type Override = readonly [path: string, value: string];

/** What setting the pairs came to, beside the changed configuration. */
export interface Applied {
  /** What was dropped, as sentences. */
  readonly warnings: string[];
  /** Paths that lead nowhere; the other pairs are set all the same. */
  readonly issues: ConfigIssue[];
}

/**
 * Sets each path, changes of kind first, so that the order of the pairs does not matter. Where a kind changes,
 * e.g. optimizer.kind, the settings of the former one are dropped and those of the new one take their defaults.
 * @param config is changed in place.
 */
export function applyOverrides(
  config: Record<string, unknown>,
  overrides: readonly Override[],
  schema: JsonSchema,
): Applied {
  const split = overrides.map(([path, value]) => ({ path: path.split('.'), value }));
  const isKind = ({ path }: { path: string[] }) => isDiscriminator(path, schema);
  const warnings = split.filter(isKind).flatMap(({ path, value }) => switchKind(config, path, value));
  const issues: ConfigIssue[] = [];
  for (const { path, value } of split.filter((override) => !isKind(override))) {
    const found = schemaAt(path, config, schema);
    if ('issue' in found) issues.push(found.issue);
    else set(config, path, parse(value, found.node));
  }
  return { warnings, issues };
}

/** The last key of the path tells the objects of a union apart. */
function isDiscriminator(path: readonly string[], schema: JsonSchema): boolean {
  let node: JsonSchema | undefined = schema;
  for (const key of path.slice(0, -1)) node = node && memberOf(node, {}, key);
  return node !== undefined && discriminatorOf(node) === path.at(-1);
}

function switchKind(config: Record<string, unknown>, path: readonly string[], text: string): string[] {
  const parent = path.slice(0, -1);
  const key = path.at(-1)!;
  const kind = parse(text, {});
  const former = get(config, parent);
  if (isObject(former) && former[key] === kind) return [];
  set(config, parent, { [key]: kind });
  const dropped = isObject(former) ? Object.keys(former).filter((name) => name !== key) : [];
  if (dropped.length === 0) return [];
  const names = dropped.map((name) => [...parent, name].join('.')).join(', ');
  const from = String((former as typeof config)[key]);
  return [`${path.join('.')} is now ${JSON.stringify(kind)}; dropped with "${from}": ${names}`];
}

/** JSON where it parses as JSON and is not meant as text, which `schema` says. */
export function parse(text: string, schema: JsonSchema): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return text;
  }
  const types = [schema, ...(schema.anyOf ?? [])].map(({ type }) => type);
  const isText = types.includes('string') && typeof value !== 'string' && value !== null;
  return isText ? text : value;
}

function get(object: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], object);
}

/** Makes objects where there are none on the way. The path has been checked against the schema. */
function set(config: Record<string, unknown>, path: readonly string[], value: unknown): void {
  let object = config;
  for (const key of path.slice(0, -1)) {
    if (typeof object[key] !== 'object' || object[key] === null) object[key] = {};
    object = object[key] as Record<string, unknown>;
  }
  object[path.at(-1)!] = value;
}
