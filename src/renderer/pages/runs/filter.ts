/**
 * What is typed into the filter of the runs table:
 *
 *   resnet lr          both words, anywhere in the name, id, method, backbone, data, tags or notes
 *   "two words"        with the space
 *   status:running     also method: backbone: data: tag: name: notes: ; several with commas: status:failed,done
 *   knn>0.5  loss<=4   a metric's best value against a number; knn>50% is the same; last.loss, min.loss, max.loss
 *   step>1000          also epoch
 *   -tag:old           what begins with a minus must not be
 */
import type { RunRow } from '../../../shared/api/run-rows';
import { METRIC_STATS, statOf, type MetricStat } from './columns';

const FIELDS = ['status', 'method', 'backbone', 'data', 'tag', 'name', 'notes'] as const;
type FilterField = (typeof FIELDS)[number];
type Operator = '<' | '<=' | '>' | '>=' | '=';

type Test =
  | { kind: 'word'; word: string }
  | { kind: 'field'; field: FilterField; values: string[] }
  | { kind: 'metric'; metric: string; stat: MetricStat; operator: Operator; value: number };

export interface Filter {
  terms: { test: Test; negated: boolean }[];
  /** Sentences about what could not be understood; such parts do not filter. */
  problems: string[];
}

const COMPARISON = /^(?:(last|best|min|max)\.)?([\p{L}_][\p{L}\p{N}_./@-]*)(<=|>=|<|>|=)(.*)$/u;

export function parseFilter(text: string): Filter {
  const filter: Filter = { terms: [], problems: [] };
  for (const token of tokens(text)) {
    const negated = token.startsWith('-') && token.length > 1;
    const test = testOf(negated ? token.slice(1) : token);
    if (typeof test === 'string') filter.problems.push(test);
    else filter.terms.push({ test, negated });
  }
  return filter;
}

/** Splits at spaces outside of double quotes. The quotes are kept. */
const tokens = (text: string): string[] => text.match(/(?:"[^"]*"?|[^\s"])+/g) ?? [];

/** Splits at commas outside of double quotes. */
const valuesOf = (text: string): string[] => text.match(/(?:"[^"]*"?|[^,"])+/g) ?? [];

/** The filter for runs with `value` in a field, whatever characters it has. */
export const fieldFilter = (field: FilterField, value: string): string =>
  /[\s,]/.test(value) ? `${field}:"${value}"` : `${field}:${value}`;

const unquoted = (text: string): string => text.replaceAll('"', '').toLowerCase();

/** @returns a sentence where the token is a filter that cannot be one. */
function testOf(token: string): Test | string {
  const colon = token.indexOf(':');
  const field = colon > 0 && FIELDS.find((name) => name === token.slice(0, colon).toLowerCase());
  if (field) {
    const values = valuesOf(token.slice(colon + 1))
      .map(unquoted)
      .filter(Boolean);
    return values.length > 0
      ? { kind: 'field', field, values }
      : `“${token}” wants a value behind the colon.`;
  }
  const comparison = token.startsWith('"') ? null : COMPARISON.exec(token);
  if (comparison) {
    const [, stat, metric, operator, text] = comparison;
    const value = numberOf(text);
    if (value === undefined) return `“${token}” wants a number behind ${operator}.`;
    return {
      kind: 'metric',
      metric,
      stat: METRIC_STATS.find((name) => name === stat) ?? 'best',
      operator: operator as Operator,
      value,
    };
  }
  return { kind: 'word', word: unquoted(token) };
}

function numberOf(text: string): number | undefined {
  const isPercent = text.endsWith('%');
  const digits = isPercent ? text.slice(0, -1) : text;
  const value = digits.trim() === '' ? NaN : Number(digits);
  if (!Number.isFinite(value)) return undefined;
  return isPercent ? value / 100 : value;
}

/**
 * The metrics that the filter needs in the rows.
 * @param known names in any case; a name that is none of them is not asked for.
 */
export function metricsOfFilter(filter: Filter, known: readonly string[]): string[] {
  return filter.terms.flatMap(({ test }) => {
    if (test.kind !== 'metric') return [];
    const name = known.find((metric) => metric.toLowerCase() === test.metric.toLowerCase());
    return name ? [name] : [];
  });
}

export const matches = (filter: Filter, row: RunRow): boolean =>
  filter.terms.every(({ test, negated }) => passes(test, row) !== negated);

function passes(test: Test, row: RunRow): boolean {
  switch (test.kind) {
    case 'word':
      return textOf(row).includes(test.word);
    case 'field':
      return test.values.some((value) => hasField(row, test.field, value));
    case 'metric': {
      const value = measured(row, test.metric.toLowerCase(), test.stat);
      return value !== null && compare(value, test.operator, test.value);
    }
  }
}

/** Rows never change, so that their text is made once. */
const texts = new WeakMap<RunRow, string>();

function textOf(row: RunRow): string {
  let text = texts.get(row);
  if (text === undefined) {
    text = [row.name, row.id, row.method, row.backbone, row.data, ...row.tags, row.notes]
      .join('\n')
      .toLowerCase();
    texts.set(row, text);
  }
  return text;
}

function hasField(row: RunRow, field: FilterField, value: string): boolean {
  switch (field) {
    case 'status':
      return row.state.startsWith(value) || (value === 'collapsed' && row.collapsed);
    case 'tag':
      return row.tags.some((tag) => tag.toLowerCase() === value);
    case 'method':
    case 'backbone':
    case 'data':
    case 'name':
    case 'notes':
      return row[field].toLowerCase().includes(value);
  }
}

function measured(row: RunRow, metric: string, stat: MetricStat): number | null {
  if (metric === 'step') return row.step;
  if (metric === 'epoch') return row.epoch;
  const name = Object.keys(row.metrics).find((other) => other.toLowerCase() === metric);
  return name === undefined ? null : statOf(row.metrics[name], stat);
}

function compare(value: number, operator: Operator, limit: number): boolean {
  switch (operator) {
    case '<':
      return value < limit;
    case '<=':
      return value <= limit;
    case '>':
      return value > limit;
    case '>=':
      return value >= limit;
    case '=':
      return Math.abs(value - limit) <= 1e-9 * Math.max(1, Math.abs(limit));
  }
}
