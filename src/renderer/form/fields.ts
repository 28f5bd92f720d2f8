/** The fields of a form, made from a JSON Schema and what stands in the configuration. */
import type { DraftIssue } from '../../shared/api/set-up';
import { range, type JsonSchema } from '../../shared/json-schema';
import type { Changes, Form } from './changes';
import { emptyWord, helpOf, labelOf, unitOf, valueName } from './names';
import { isWithin, valueAt } from './paths';
import { objectSchema } from './run-schema';

export interface Limits {
  readonly integer: boolean;
  readonly low: number;
  readonly high: number;
  /** "from 0 to 1", "above 0", or "". */
  readonly words: string;
}

interface FieldBase {
  readonly path: string;
  readonly label: string;
  /** One sentence; what stands behind the setting. */
  readonly help: string | null;
  readonly unit: string | null;
  readonly schema: JsonSchema;
  readonly value: unknown;
  /** What a reset gives back: the value of the preset or run, or of a kind that was switched to. */
  readonly initial: unknown;
  /** Itself, or anything in it. */
  readonly changed: boolean;
  /** What is wrong with it; of a group only what is wrong with the group itself. */
  readonly issue: string | null;
  /** What an empty field means, e.g. "all images"; null where it must not be empty. */
  readonly empty: string | null;
}

export interface Choice {
  readonly value: unknown;
  readonly name: string;
}

export type LeafField =
  | (FieldBase & { readonly kind: 'number'; readonly limits: Limits })
  | (FieldBase & { readonly kind: 'text' })
  | (FieldBase & { readonly kind: 'boolean' })
  | (FieldBase & { readonly kind: 'choice'; readonly choices: readonly Choice[] })
  | (FieldBase & { readonly kind: 'list'; readonly limits: Limits })
  | (FieldBase & { readonly kind: 'tuple'; readonly items: readonly Limits[] });
export type GroupField = FieldBase & { readonly kind: 'group'; readonly fields: readonly Field[] };
/** A union: `choice` says which of its objects is meant, `fields` are that object's. */
export type VariantField = FieldBase & {
  readonly kind: 'variant';
  readonly choice: LeafField & { readonly kind: 'choice' };
  readonly fields: readonly Field[];
};
export type Field = LeafField | GroupField | VariantField;

/** All fields of a run, in the order of the schema. */
export function fieldsOf(form: Form, changes: Changes, issues: readonly DraftIssue[]): Field[] {
  return fieldsIn(form.schema, '', { form, changes, issues });
}

interface Context {
  readonly form: Form;
  readonly changes: Changes;
  readonly issues: readonly DraftIssue[];
}

function fieldsIn(object: JsonSchema, path: string, context: Context): Field[] {
  return Object.entries(object.properties ?? {}).flatMap(
    ([key, schema]) => field(schema, path === '' ? key : `${path}.${key}`, context) ?? [],
  );
}

function field(schema: JsonSchema, path: string, context: Context): Field | undefined {
  if (schema.const !== undefined) return undefined;
  const value = valueAt(context.form.config, path);
  const { inner, nullable } = withoutNull(schema);
  const base: FieldBase = {
    path,
    label: labelOf(path),
    help: schema.description ?? helpOf(path),
    unit: schema.unit ?? unitOf(path),
    schema,
    value,
    initial: valueAt(context.form.baseline, path),
    changed: Object.keys(context.changes).some((changed) => isWithin(changed, path)),
    issue: null,
    empty: nullable ? emptyWord(path) : null,
  };
  if (inner.properties || inner.oneOf) return composite(inner, base, context);
  const issue = context.issues.find((candidate) => isWithin(candidate.path, path));
  return leaf(inner, { ...base, issue: issue ? shortened(issue) : null });
}

function composite(schema: JsonSchema, base: FieldBase, context: Context): Field | undefined {
  const own = context.issues.find(({ path }) => path === base.path);
  const whole = { ...base, issue: own?.message ?? null };
  // An object that may be null and is shows nothing to set.
  if (base.value === null) return { ...whole, kind: 'group', fields: [] };
  const object = objectSchema(schema, base.value);
  const fields = object ? fieldsIn(object, base.path, context) : [];
  if (!schema.oneOf) return { ...whole, kind: 'group', fields };

  const [key] =
    Object.entries(schema.oneOf[0]?.properties ?? {}).find(([, { const: value }]) => value !== undefined) ??
    [];
  if (key === undefined) return undefined;
  const path = `${base.path}.${key}`;
  const kinds = schema.oneOf.map(({ properties }) => properties?.[key]?.const);
  const issue = context.issues.find((candidate) => candidate.path === path);
  const choice: VariantField['choice'] = {
    ...base,
    kind: 'choice',
    path,
    label: labelOf(path),
    help: helpOf(path),
    schema: { enum: kinds },
    value: valueAt(context.form.config, path),
    initial: valueAt(context.form.baseline, path),
    changed: path in context.changes,
    issue: issue ? shortened(issue) : null,
    empty: null,
    choices: kinds.map((value) => ({ value, name: valueName(path, value) })),
  };
  return { ...whole, kind: 'variant', choice, fields };
}

function leaf(schema: JsonSchema, base: FieldBase): LeafField | undefined {
  const values = schema.enum ?? constants(schema);
  if (values) {
    const choices = values.map((value) => ({ value, name: valueName(base.path, value) }));
    return { ...base, kind: 'choice', choices };
  }
  switch (schema.type) {
    case 'number':
    case 'integer':
      return { ...base, kind: 'number', limits: limitsOf(schema) };
    case 'string':
      return { ...base, kind: 'text' };
    case 'boolean':
      return { ...base, kind: 'boolean' };
    case 'array':
      return schema.prefixItems
        ? { ...base, kind: 'tuple', items: schema.prefixItems.map(limitsOf) }
        : { ...base, kind: 'list', limits: limitsOf(schema.items || {}) };
    // Free-form objects, such as the options of a method that is not known, have no field.
    case 'object':
    case 'null':
    case undefined:
      return undefined;
  }
}

/** The values of a union of constants, e.g. 18, 34 or 50. */
function constants(schema: JsonSchema): readonly unknown[] | undefined {
  const values = schema.anyOf?.map((choice) => choice.const);
  return values?.every((value) => value !== undefined) ? values : undefined;
}

function withoutNull(schema: JsonSchema): { inner: JsonSchema; nullable: boolean } {
  const rest = schema.anyOf?.filter(({ type }) => type !== 'null');
  if (!rest || rest.length === schema.anyOf?.length) return { inner: schema, nullable: false };
  return { inner: rest.length === 1 ? rest[0] : { anyOf: rest }, nullable: true };
}

function limitsOf(schema: JsonSchema): Limits {
  return {
    integer: schema.type === 'integer',
    low: schema.minimum ?? schema.exclusiveMinimum ?? -Infinity,
    high: schema.maximum ?? schema.exclusiveMaximum ?? Infinity,
    words: range(schema).trim().replace(/^of /, ''),
  };
}

/** At its own field an issue need not name it: "batchSize is 0; it must be ..." is "Must be ...". */
export function shortened({ message, hint }: DraftIssue): string {
  const must = /^\S+ is .*; it m(ust be .*)$/s.exec(message)?.[1];
  const text = must ? `M${must}` : message;
  return hint ? `${text.replace(/\.$/, '')}. ${hint}` : text;
}

/** The fields that hold a value, groups and variants taken apart; a variant's choice comes first. */
export const leavesOf = (fields: readonly Field[]): LeafField[] =>
  fields.flatMap((each) => {
    if (each.kind === 'group') return leavesOf(each.fields);
    return each.kind === 'variant' ? [each.choice, ...leavesOf(each.fields)] : [each];
  });
