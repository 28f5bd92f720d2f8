/** Light or dark: `data-theme` on the root element, from the settings or from the system. */
import { settings } from './settings.svelte';

const systemIsDark = matchMedia('(prefers-color-scheme: dark)');

class Theme {
  #system: 'light' | 'dark' = $state(systemIsDark.matches ? 'dark' : 'light');
  readonly current: 'light' | 'dark' = $derived(
    settings.current.theme === 'system' ? this.#system : settings.current.theme,
  );

  constructor() {
    systemIsDark.addEventListener('change', ({ matches }) => (this.#system = matches ? 'dark' : 'light'));
  }
}

/** Charts read it to draw anew when it changes. */
export const theme = new Theme();
