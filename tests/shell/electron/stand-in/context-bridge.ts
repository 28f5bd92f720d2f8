/** What passes between the preload's world and the page's: plain values are copied, functions are wrapped, files pass. */

export function acrossBridge(value: unknown): unknown {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return value;
  if (value instanceof Blob) return value;
  if (value instanceof Error) return new Error(value.message);
  if (value instanceof Promise) {
    return value.then(acrossBridge, (error: unknown) => {
      throw acrossBridge(error) as Error;
    });
  }
  if (typeof value === 'function') {
    const call = value as (...args: unknown[]) => unknown;
    return (...args: unknown[]) => acrossBridge(call(...args.map(acrossBridge)));
  }
  if (Array.isArray(value)) return Object.freeze(value.map(acrossBridge));
  if (Object.getPrototypeOf(value) !== Object.prototype) {
    throw new TypeError(`An object could not be cloned: ${Object.prototype.toString.call(value)}`);
  }
  return Object.freeze(
    Object.fromEntries(Object.entries(value).map(([key, member]) => [key, acrossBridge(member)])),
  );
}
