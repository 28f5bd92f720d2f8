/** Configurations as flat settings, and what differs between several. */
import { isObject } from '../../../shared/json-schema';

/** By dotted path: "optimizer.momentum". Lists and empty objects are values of their own. */
export type Settings = ReadonlyMap<string, unknown>;

export function flatten(config: Readonly<Record<string, unknown>>): Settings {
  const settings = new Map<string, unknown>();
  const walk = (value: unknown, path: string): void => {
    if (isObject(value) && Object.keys(value).length > 0) {
      for (const [key, member] of Object.entries(value)) walk(member, path ? `${path}.${key}` : key);
    } else settings.set(path, value);
  };
  walk(config, '');
  return settings;
}

export interface SettingRow {
  path: string;
  /** One for each run, in their order; undefined where a run has no such setting. */
  values: unknown[];
  differs: boolean;
}

/** Settings that any run has, in the order in which configurations hold them. */
export function settingRows(all: readonly Settings[]): SettingRow[] {
  const paths = new Set(all.flatMap((settings) => [...settings.keys()]));
  return [...paths].map((path) => {
    const values = all.map((settings) => settings.get(path));
    const texts = new Set(values.map((value) => JSON.stringify(value)));
    return { path, values, differs: texts.size > 1 };
  });
}

/** Paths that hold a number in every run that has them, and in two at least: what a scatter can lay out along x. */
export function numericPaths(all: readonly Settings[]): string[] {
  return settingRows(all)
    .filter(({ values }) => {
      const known = values.filter((value) => value !== undefined && value !== null);
      return known.length >= Math.min(2, all.length) && known.every((value) => typeof value === 'number');
    })
    .map(({ path }) => path);
}
