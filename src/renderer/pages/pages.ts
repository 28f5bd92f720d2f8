/** Which component shows which page. */
import type { Component } from 'svelte';
import type { PageName } from '../lib/routes';

/** Pages are found by their names as long as not all of them are there. */
const found = import.meta.glob<{ default: Component }>('./*/*Page.svelte', { eager: true });

const page = (path: string): Component | undefined => found[path]?.default;

export const pages: Readonly<Record<PageName, Component | undefined>> = {
  runs: page('./runs/RunsPage.svelte'),
  run: page('./run/RunPage.svelte'),
  new: page('./new-run/NewRunPage.svelte'),
  compare: page('./compare/ComparePage.svelte'),
  experiments: page('./experiments/ExperimentsPage.svelte'),
  explore: page('./explore/ExplorePage.svelte'),
  data: page('./data/DataPage.svelte'),
  settings: page('./settings/SettingsPage.svelte'),
  missing: undefined,
};
