/**
 * What was changed against a preset or a run, by dotted path: only true differences, and what a change of kind
 * takes with it. The host applies the same rules to the same changes.
 */
import type { Catalogue } from '../../shared/api/set-up';
import { discriminatorOf, type JsonSchema } from '../../shared/json-schema';
import { isWithin, keyOf, parentOf, sameValue, valueAt, withValue, type Config } from './paths';
import { objectSchema, runSchema, withDefaults } from './run-schema';

export type Changes = Readonly<Record<string, unknown>>;

export interface Form {
  readonly schema: JsonSchema;
  /** What the settings are without the changes, but with the method and the kinds that were chosen. */
  readonly baseline: Config;
  /** With the changes. */
  readonly config: Config;
}

/** @param base the configuration of the preset or run; defaults may be left out of it. */
export function formOf(catalogue: Catalogue, base: Config, changes: Changes): Form {
  const method = changes['method'] ?? base['method'];
  const schema = runSchema(catalogue, method);
  let switched = method === base['method'] ? base : { ...base, method, options: {} };
  const switches = Object.entries(changes).filter(([path]) => isSwitch(path, schema) && path !== 'method');
  for (const [path, kind] of switches)
    if (valueAt(switched, path) !== kind)
      switched = withValue(switched, parentOf(path), { [keyOf(path)]: kind });
  const baseline = withDefaults(schema, switched) as Config;
  const rest = Object.entries(changes).filter(([path]) => !isSwitch(path, schema));
  const config = rest.reduce((whole, [path, value]) => withValue(whole, path, value), baseline);
  return { schema, baseline, config };
}

/**
 * Sets one setting. Back at the base's value it is no change any more; another method or kind drops the changes of
 * the former one's settings.
 */
export function change(
  catalogue: Catalogue,
  base: Config,
  changes: Changes,
  path: string,
  value: unknown,
): Changes {
  const { schema, baseline } = formOf(catalogue, base, changes);
  if (isSwitch(path, schema)) {
    const rest = without(changes, scopeOf(path), path);
    return sameValue(value, valueAt(base, path)) ? rest : { ...rest, [path]: value };
  }
  const rest = without(changes, path);
  return sameValue(value, valueAt(baseline, path)) ? rest : { ...rest, [path]: value };
}

/** Takes back the changes of these settings and of all beneath them. */
export const without = (changes: Changes, ...paths: readonly string[]): Changes =>
  Object.fromEntries(
    Object.entries(changes).filter(([path]) => !paths.some((ancestor) => isWithin(path, ancestor))),
  );

export const changesWithin = (changes: Changes, paths: readonly string[]): number =>
  Object.keys(changes).filter((path) => paths.some((ancestor) => isWithin(path, ancestor))).length;

/** Keeps what the form can show and the host can take: a setting that the schema does not know is dropped. */
export function knownChanges(catalogue: Catalogue, base: Config, changes: Changes): Changes {
  const { schema, baseline } = formOf(catalogue, base, changes);
  return Object.fromEntries(
    Object.entries(changes).filter(
      ([path, value]) =>
        schemaAt(schema, baseline, path) !== undefined &&
        (isSwitch(path, schema) || !sameValue(value, valueAt(baseline, path))),
    ),
  );
}

/** Where the settings lie that a method or kind brings along. */
const scopeOf = (path: string): string => (path === 'method' ? 'options' : parentOf(path));

/** The method, or what tells the objects of a union apart, e.g. "optimizer.kind". */
function isSwitch(path: string, schema: JsonSchema): boolean {
  if (path === 'method') return true;
  const parent = schema.properties?.[parentOf(path)];
  return parent !== undefined && discriminatorOf(parent) === keyOf(path);
}

/** The schema of the setting at `path`, or undefined where there is none. `config` decides which kind is meant. */
export function schemaAt(schema: JsonSchema, config: unknown, path: string): JsonSchema | undefined {
  let node: JsonSchema | undefined = schema;
  let value = config;
  for (const key of path.split('.')) {
    node = node && objectSchema(node, value)?.properties?.[key];
    value = (value as Config | null | undefined)?.[key];
  }
  return node;
}
