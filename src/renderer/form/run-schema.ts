/** The schema of a run of one method, and what a configuration is once its defaults are filled in. */
import type { Catalogue } from '../../shared/api/set-up';
import { isObject, type JsonSchema } from '../../shared/json-schema';
import type { Config } from './paths';

/** The run's schema with this method's options in place; any options where the method is not known. */
export function runSchema(catalogue: Catalogue, method: unknown): JsonSchema {
  const config = catalogue.config as JsonSchema;
  const options = catalogue.methods.find(({ id }) => id === method)?.options as JsonSchema | undefined;
  return options ? { ...config, properties: { ...config.properties, options } } : config;
}

/** Fills in what a configuration leaves to its defaults. What is wrong in it stays as it is. */
export function withDefaults(schema: JsonSchema, value: unknown): unknown {
  const given = value === undefined ? schema.default : value;
  if (given === null) return null;
  const object = objectSchema(schema, given);
  if (!object?.properties || !(isObject(given) || given === undefined)) return given;
  // An object that neither is there nor has a default is left to be found missing.
  if (given === undefined) return undefined;
  const filled: Config = { ...given };
  for (const [key, member] of Object.entries(object.properties)) {
    const inner = member.const !== undefined ? member.const : withDefaults(member, filled[key]);
    if (inner !== undefined) filled[key] = inner;
  }
  return filled;
}

/** The object that `value` is meant to be: the schema itself, or one of a union's; null may stand beside it. */
export function objectSchema(schema: JsonSchema, value: unknown): JsonSchema | undefined {
  if (schema.properties) return schema;
  if (schema.oneOf)
    return schema.oneOf.find(({ properties }) =>
      Object.entries(properties ?? {}).every(
        ([key, member]) => member.const === undefined || (isObject(value) && value[key] === member.const),
      ),
    );
  return schema.anyOf
    ?.map((choice) => objectSchema(choice, value))
    .find((choice): choice is JsonSchema => choice !== undefined);
}
