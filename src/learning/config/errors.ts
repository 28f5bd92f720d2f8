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

type ZodIssue = z.core.$ZodIssue;

/** One setting that is wrong. */
export interface ConfigIssue {
  /** Dotted; "" where the whole is meant. */
  readonly path: string;
  /** Names the setting, its value and what it may be. */
  readonly message: string;
  readonly hint: string | null;
}

/** @returns an error of usage that says all of them. */
export function configurationError(issues: readonly ConfigIssue[]): UserError {
  const messages = issues.map(({ message }) => message);
  const hints = issues.flatMap(({ hint }) => hint ?? []);
  return new UserError(messages.join('. '), hints.join(' ') || undefined, 'usage');
}

/** What a refusal says, as an issue of the setting at `path`. @throws `error` where it is no UserError. */
export function issueOf(error: unknown, path: string): ConfigIssue {
  if (!(error instanceof UserError)) throw error;
  return { path, message: error.message, hint: error.hint ?? null };
}

/**
 * @param input what was checked. @param schema what it was checked against.
 * @returns every setting that is wrong.
 */
export function issuesOf(
  issues: readonly ZodIssue[],
  input: unknown,
  schema: JsonSchema,
): readonly ConfigIssue[] {
  return issues.flatMap((issue) => sentences(issue, input, schema));
}

/** @returns the schema of what stands at `path`, or the issue that nothing can stand there. */
export function schemaAt(
  path: readonly string[],
  input: unknown,
  schema: JsonSchema,
): { readonly node: JsonSchema } | { readonly issue: ConfigIssue } {
  let [node, value] = [schema, input];
  for (const [i, key] of path.entries()) {
    const member = memberOf(node, value, key);
    if (!member) return { issue: unknownKey(path.slice(0, i), key, value, node) };
    node = member;
    value = (value as Record<string, unknown> | null | undefined)?.[key];
  }
  return { node };
}

function sentences(issue: ZodIssue, input: unknown, schema: JsonSchema): ConfigIssue[] {
  const path = issue.path.map(String);
  const { node, value } = at(path, input, schema);
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(path, key, value, node));
  const dotted = path.join('.');
  const name = dotted || 'The configuration';
  const wrong = (message: string, hint: string | null = null) => [{ path: dotted, message, hint }];
  if (value === undefined)
    return wrong(`${name} is missing; it must be ${expectation(node)}`, missingHint(name));
  const shown = value === null || typeof value !== 'object' ? say(value) : JSON.stringify(value);
  if (issue.code === 'custom') return wrong(`${name} is ${shown}: ${issue.message}`);
  return wrong(`${name} is ${shown}; it must be ${expectation(node)}`);
}

const missingHint = (name: string): string | null =>
  name === 'data.path'
    ? 'Name a folder or an archive of images with --data, or "sample" for the images that ship with Selvedge.'
    : null;

/** NaN and infinities too, which JSON has no word for. */
const say = (value: unknown): string =>
  typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value));

function unknownKey(path: readonly string[], key: string, value: unknown, schema: JsonSchema): ConfigIssue {
  const keys = keysOf(schema, value);
  const near = nearest(key, keys);
  const full = (last: string) => [...path, last].join('.');
  const tag = discriminatorOf(schema);
  const kind = tag && isObject(value) ? ` for ${full(tag)} ${JSON.stringify(value[tag])}` : '';
  const all = keys.length > 0 ? `Settings here: ${keys.map(full).join(', ')}.` : null;
  return {
    path: full(key),
    message: `There is no setting "${full(key)}"${kind}`,
    hint: near ? `Did you mean "${full(near)}"?` : all,
  };
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
