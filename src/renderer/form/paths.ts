/** Dotted paths into a configuration, e.g. "optimizer.momentum", and the comparison of the JSON values there. */
import { isObject } from '../../shared/json-schema';

export type Config = Record<string, unknown>;

/** @returns undefined where nothing stands at the path. */
export const valueAt = (config: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((value, key) => (value as Config | null | undefined)?.[key], config);

/** A copy with `value` at `path`; makes the objects on the way where there are none. */
export function withValue(config: Config, path: string, value: unknown): Config {
  const [key, ...rest] = path.split('.');
  if (rest.length === 0) return { ...config, [key]: value };
  const inner = config[key];
  return { ...config, [key]: withValue(isObject(inner) ? inner : {}, rest.join('.'), value) };
}

/** True of the path itself and of all beneath it. */
export const isWithin = (path: string, ancestor: string): boolean =>
  path === ancestor || path.startsWith(`${ancestor}.`);

/** "optimizer.kind" is "optimizer"; "method" is "". */
export const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('.')));

export const keyOf = (path: string): string => path.slice(path.lastIndexOf('.') + 1);

/** Of JSON values: the order of keys does not matter. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => sameValue(item, b[index]));
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && sameValue(a[key], b[key]));
}
