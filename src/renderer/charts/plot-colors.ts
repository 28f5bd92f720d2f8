/** Colours of the theme as a canvas can use them: custom properties are resolved against the page. */

export interface PlotColors {
  readonly axis: string;
  readonly grid: string;
  readonly page: string;
  /** Any CSS colour, resolved. */
  readonly resolve: (color: string) => string;
}

/** Reads them anew; a change of theme makes them stale. */
export function readColors(element: HTMLElement): PlotColors {
  const style = getComputedStyle(element);
  const probe = document.createElement('span');
  const known = new Map<string, string>();
  const resolve = (color: string) => {
    const before = known.get(color);
    if (before !== undefined) return before;
    if (!color.includes('var(')) return color;
    element.append(probe);
    probe.style.color = color;
    const resolved = getComputedStyle(probe).color;
    probe.remove();
    known.set(color, resolved);
    return resolved;
  };
  return {
    axis: style.getPropertyValue('--chart-axis').trim(),
    page: style.getPropertyValue('--page').trim(),
    grid: style.getPropertyValue('--chart-grid').trim(),
    resolve,
  };
}

/** Calls back when the theme may have changed: chosen in the settings, or by the system. */
export function onThemeChange(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  const system = matchMedia('(prefers-color-scheme: dark)');
  system.addEventListener('change', listener);
  return () => {
    observer.disconnect();
    system.removeEventListener('change', listener);
  };
}
