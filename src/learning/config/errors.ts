/** What is wrong with a configuration, in sentences: the only place where zod's issues become text. */
import type * as z from 'zod';
import { nearest, UserError } from '../../shared/errors';
import {
  discriminatorOf,
  expectation,
  isObject,
  keysOf,
  memberOf,
  type JsonSchema,
} from '../../shared/json-schema';

type Issue = z.core.$ZodIssue;

/**
 * @param input what was checked. @param schema what it was checked against.
 * @returns an error of usage that names every setting that is wrong, its value and what it may be.
 */
export function configurationError(issues: readonly Issue[], input: unknown, schema: JsonSchema): UserError {
  const errors = issues.flatMap((issue) => sentences(issue, input, schema));
  const messages = errors.map(({ message }) => message);
  const hints = errors.flatMap(({ hint }) => hint ?? []);
  return new UserError(messages.join('. '), hints.join(' ') || undefined, 'usage');
}

/** @throws UserError where no setting can stand at `path`. */
export function checkPath(path: readonly string[], input: unknown, schema: JsonSchema): JsonSchema {
  let [node, value] = [schema, input];
  for (const [i, key] of path.entries()) {
    const member = memberOf(node, value, key);
    if (!member) throw unknownKey(path.slice(0, i), key, value, node);
    node = member;
    value = (value as Record<string, unknown> | null | undefined)?.[key];
  }
  return node;
}

function sentences(issue: Issue, input: unknown, schema: JsonSchema): { message: string; hint?: string }[] {
  const path = issue.path.map(String);
  const { node, value } = at(path, input, schema);
  const name = path.join('.') || 'The configuration';
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(path, key, value, node));
  if (value === undefined)
    return [{ message: `${name} is missing; it must be ${expectation(node)}`, hint: missingHint(name) }];
  const shown = value === null || typeof value !== 'object' ? say(value) : JSON.stringify(value);
  if (issue.code === 'custom') return [{ message: `${name} is ${shown}: ${issue.message}` }];
  return [{ message: `${name} is ${shown}; it must be ${expectation(node)}` }];
}

const missingHint = (name: string): string | undefined =>
  name === 'data.path'
    ? 'Name a folder or an archive of images with --data, or "sample" for the images that ship with Selvedge.'
    : undefined;

/** NaN and infinities too, which JSON has no word for. */
const say = (value: unknown): string =>
  typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value));

function unknownKey(path: readonly string[], key: string, value: unknown, schema: JsonSchema): UserError {
  const keys = keysOf(schema, value);
  const near = nearest(key, keys);
  const full = (last: string) => [...path, last].join('.');
  const tag = discriminatorOf(schema);
  const kind = tag && isObject(value) ? ` for ${full(tag)} ${JSON.stringify(value[tag])}` : '';
  const all = keys.length > 0 ? `Settings here: ${keys.map(full).join(', ')}.` : undefined;
  return new UserError(
    `There is no setting "${full(key)}"${kind}`,
    near ? `Did you mean "${full(near)}"?` : all,
    'usage',
  );
}

function at(
  path: readonly string[],
  input: unknown,
  schema: JsonSchema,
): { node: JsonSchema; value: unknown } {
  let [node, value] = [schema, input];
  for (const key of path) {
    node = memberOf(node, value, key) ?? {};
    value = (value as Record<string, unknown> | null | undefined)?.[key];
  }
  return { node, value };
}
