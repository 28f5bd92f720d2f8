/** Reading JSON Schemas that zod has written: what stands at a path, and what may stand there, in words. */
import * as z from 'zod';

/** The part of JSON Schema that our configuration schemas come to. */
export interface JsonSchema {
  readonly type?: 'number' | 'integer' | 'string' | 'boolean' | 'null' | 'array' | 'object';
  readonly description?: string;
  readonly unit?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minLength?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  /** Keys that have no default. */
  readonly required?: readonly string[];
  readonly items?: JsonSchema | false;
  readonly prefixItems?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
}

/** What may be given, with defaults left out. */
export const jsonSchemaOf = (schema: z.ZodType): JsonSchema =>
  z.toJSONSchema(schema, { io: 'input' }) as JsonSchema;

/** The choices of a union; the schema itself where it is none. */
const choices = (schema: JsonSchema): readonly JsonSchema[] => schema.oneOf ?? schema.anyOf ?? [schema];

/** Of a union of objects, the one that `value` means by its discriminator, else undefined. */
function meant(schema: JsonSchema, value: unknown): JsonSchema | undefined {
  const objects = choices(schema).flatMap((choice) => (choice.properties ? [choice] : (choice.oneOf ?? [])));
  if (objects.length < 2) return objects[0];
  const key = discriminatorOf(schema);
  return objects.find((choice) => isObject(value) && choice.properties?.[key!]?.const === value[key!]);
}

/** The key that tells the objects of a union apart, e.g. "kind". */
export function discriminatorOf(schema: JsonSchema): string | undefined {
  if (!schema.oneOf) return undefined;
  const [first] = schema.oneOf;
  return Object.entries(first.properties ?? {}).find(([, property]) => property.const !== undefined)?.[0];
}

/**
 * The schema of a member of an object or array.
 * @param value of the object: it decides which of a union's objects is meant.
 */
export function memberOf(schema: JsonSchema, value: unknown, key: string): JsonSchema | undefined {
  const object = meant(schema, value) ?? choices(schema).find(({ type }) => type === 'array');
  if (object?.properties) return Object.hasOwn(object.properties, key) ? object.properties[key] : undefined;
  const index = Number(key);
  if (!object || !Number.isInteger(index) || index < 0) return choicesWith(schema, key);
  return object.prefixItems?.[index] ?? (object.items || undefined);
}

/** A discriminator is known even where its value is not yet one of the choices. */
function choicesWith(schema: JsonSchema, key: string): JsonSchema | undefined {
  const members = (schema.oneOf ?? []).flatMap(({ properties }) => properties?.[key] ?? []);
  return key === discriminatorOf(schema) ? { enum: members.map((member) => member.const) } : undefined;
}

/** The keys an object may have. */
export const keysOf = (schema: JsonSchema, value: unknown): string[] =>
  Object.keys(meant(schema, value)?.properties ?? {});

/** What may be given, as it follows "must be". */
export function expectation(schema: JsonSchema): string {
  if (schema.enum) return oneOf(schema.enum);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  const all = choices(schema);
  if (all.length > 1) {
    const constants = all.map((choice) => choice.const);
    if (constants.every((constant) => constant !== undefined)) return oneOf(constants);
    return [...new Set(all.map(expectation))].join(' or ');
  }
  switch (schema.type) {
    case 'number':
      return `a number${range(schema)}`;
    case 'integer':
      return `a whole number${range(schema)}`;
    case 'string':
      return 'a text';
    case 'boolean':
      return 'true or false';
    case 'null':
      return 'null';
    case 'array':
      return schema.prefixItems
        ? `a list of ${schema.prefixItems.length}: ${schema.prefixItems.map(expectation).join(', ')}`
        : `a list, each ${expectation(schema.items || {})}`;
    case 'object':
    case undefined:
      return schema.properties ? 'an object' : 'something else';
  }
}

/** e.g. " from 0 to 1", " above 0 and at most 10", " of at least 1". */
export function range({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonSchema): string {
  const low = minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER ? minimum : undefined;
  const high = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER ? maximum : undefined;
  if (low !== undefined && high !== undefined) return ` from ${low} to ${high}`;
  const lower =
    low !== undefined ? `of at least ${low}` : exclusiveMinimum !== undefined && `above ${exclusiveMinimum}`;
  const upper =
    high !== undefined ? `at most ${high}` : exclusiveMaximum !== undefined && `below ${exclusiveMaximum}`;
  const both = [lower, upper].filter((part) => part !== false);
  return both.length > 0 ? ` ${both.join(' and ')}` : '';
}

function oneOf(values: readonly unknown[]): string {
  const texts = values.map((value) => JSON.stringify(value));
  return texts.length === 1 ? texts[0] : `${texts.slice(0, -1).join(', ')} or ${texts.at(-1)!}`;
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
