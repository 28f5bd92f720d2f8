/** Which charts are shown and in which order: the user's choice, for all runs. */
import { CHART_GROUPS, groupOf, usualOrder, type ChartGroup } from './chart-specs';

export interface ChartLayout {
  /** Metrics the user has moved, with those that stood before them; others follow in the usual order. */
  readonly order: readonly string[];
  readonly hidden: readonly string[];
}

export const usualLayout: ChartLayout = { order: [], hidden: [] };

/** @param text as it was kept; anything else than a layout is the usual one. */
export function parseLayout(text: string | null): ChartLayout {
  try {
    const { order, hidden } = JSON.parse(text ?? '') as Record<string, unknown>;
    return isNames(order) && isNames(hidden) ? { order: [...new Set(order)], hidden } : usualLayout;
  } catch {
    return usualLayout;
  }
}

const isNames = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((name) => typeof name === 'string');

/** All metrics in their order, hidden ones too. */
export function ordered(names: readonly string[], { order }: ChartLayout): string[] {
  const usual = usualOrder(names);
  const kept = order.filter((name) => names.includes(name));
  return [...kept, ...usual.filter((name) => !kept.includes(name))];
}

export interface ShownGroup {
  readonly title: ChartGroup;
  readonly metrics: readonly string[];
}

/** What is shown, group by group; groups without charts are left out. */
export function shownGroups(names: readonly string[], layout: ChartLayout): ShownGroup[] {
  const shown = ordered(names, layout).filter((name) => !layout.hidden.includes(name));
  return CHART_GROUPS.map((title) => ({
    title,
    metrics: shown.filter((name) => groupOf(name) === title),
  })).filter(({ metrics }) => metrics.length > 0);
}

/** Puts a chart in the place of another of its group; the charts between move up. */
export function moved(
  names: readonly string[],
  layout: ChartLayout,
  metric: string,
  onto: string,
): ChartLayout {
  if (metric === onto || groupOf(metric) !== groupOf(onto)) return layout;
  const order = ordered(names, layout);
  const to = order.indexOf(onto);
  const rest = order.filter((name) => name !== metric);
  rest.splice(to, 0, metric);
  return { ...layout, order: rest };
}

/** Moves a chart by some places among the shown ones of its group; stops at the ends. */
export function movedBy(
  names: readonly string[],
  layout: ChartLayout,
  metric: string,
  places: number,
): ChartLayout {
  const group = shownGroups(names, layout).find(({ metrics }) => metrics.includes(metric));
  if (!group) return layout;
  const at = group.metrics.indexOf(metric);
  const to = Math.min(group.metrics.length - 1, Math.max(0, at + places));
  return moved(names, layout, metric, group.metrics[to]);
}

export function toggled(layout: ChartLayout, metric: string): ChartLayout {
  const { hidden } = layout;
  return {
    ...layout,
    hidden: hidden.includes(metric) ? hidden.filter((name) => name !== metric) : [...hidden, metric],
  };
}

const CHART_WIDTH = 330;
const MOST_COLUMNS = 4;

/** Charts beside each other in a pane of this width, px. */
export const columnsIn = (width: number): number =>
  Math.min(MOST_COLUMNS, Math.max(1, Math.floor(width / CHART_WIDTH)));

/** Columns that the first chart of a group takes, so that no row has a hole. */
export function leadSpan(charts: number, columns: number): number {
  const left = charts % columns;
  return left === 0 ? 1 : columns - left + 1;
}
