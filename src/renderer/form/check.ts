/** Checks settings before the host does, in the host's words: a wrong number is said while it is typed. */
import type { DraftIssue } from '../../shared/api/set-up';
import { expectation, isObject, type JsonSchema } from '../../shared/json-schema';
import { objectSchema } from './run-schema';

/** Every setting that is missing or not what it may be; `path` is where `value` stands. */
export function checkConfig(schema: JsonSchema, value: unknown, path = ''): DraftIssue[] {
  if (value === undefined) return [issue(path, `${path} is missing; it must be ${expectation(schema)}`)];
  if (isObject(value)) {
    const object = objectSchema(schema, value);
    if (object?.properties)
      return Object.entries(object.properties).flatMap(([key, member]) =>
        value[key] === undefined && !object.required?.includes(key)
          ? []
          : checkConfig(member, value[key], path === '' ? key : `${path}.${key}`),
      );
    if (schema.type === 'object') return [];
  }
  const items = itemSchemas(schema, value);
  if (items)
    return items.flatMap((item, index) => checkConfig(item, (value as unknown[])[index], `${path}.${index}`));
  return isAllowed(schema, value) ? [] : [wrong(schema, path, value)];
}

/** The issue of a value that cannot stand at `path`; text stands for what was typed and is no number. */
export const wrong = (schema: JsonSchema, path: string, value: unknown): DraftIssue =>
  issue(path, `${path} is ${say(value)}; it must be ${expectation(schema)}`);

const issue = (path: string, message: string): DraftIssue => ({ path, message, hint: null });

const say = (value: unknown): string =>
  typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value));

/** One schema an element, where `value` is an array of the right length. */
function itemSchemas(schema: JsonSchema, value: unknown): readonly JsonSchema[] | undefined {
  if (!Array.isArray(value) || schema.type !== 'array') return undefined;
  const { prefixItems, items } = schema;
  if (prefixItems) return value.length === prefixItems.length ? prefixItems : undefined;
  return items ? value.map(() => items) : undefined;
}

function isAllowed(schema: JsonSchema, value: unknown): boolean {
  if (schema.const !== undefined) return schema.const === value;
  if (schema.enum) return schema.enum.includes(value);
  const union = schema.oneOf ?? schema.anyOf;
  if (union) return union.some((choice) => isAllowed(choice, value));
  switch (schema.type) {
    case 'number':
    case 'integer':
      return typeof value === 'number' && isInRange(schema, value);
    case 'string':
      return typeof value === 'string' && value.length >= (schema.minLength ?? 0);
    case 'boolean':
      return typeof value === 'boolean';
    case 'null':
      return value === null;
    case 'array':
      // Right arrays have been taken apart above.
      return false;
    case 'object':
      return isObject(value);
    case undefined:
      return true;
  }
}

function isInRange(schema: JsonSchema, value: number): boolean {
  const { type, minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  return (
    Number.isFinite(value) &&
    (type !== 'integer' || Number.isInteger(value)) &&
    (minimum === undefined || value >= minimum) &&
    (maximum === undefined || value <= maximum) &&
    (exclusiveMinimum === undefined || value > exclusiveMinimum) &&
    (exclusiveMaximum === undefined || value < exclusiveMaximum)
  );
}
