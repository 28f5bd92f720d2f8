/** Names for parts of a step, so that profiles and printed graphs speak of layers. */
let current = '';

/** Runs `f` with `name` appended to the current scope: scope('layer1', () => scope('0', f)) is "layer1.0". */
export function scope<T>(name: string, f: () => T): T {
  return inScope(current ? `${current}.${name}` : name, f);
}

/** Runs `f` in a scope that is given whole, whatever the current one. */
export function inScope<T>(whole: string, f: () => T): T {
  const outer = current;
  current = whole;
  try {
    return f();
  } finally {
    current = outer;
  }
}

export const currentScope = (): string => current;
