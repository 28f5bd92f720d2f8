/** What a menu holds. */
import type { Component } from 'svelte';

export type MenuItem =
  | {
      kind?: 'item';
      title: string;
      icon?: Component<{ size?: number | string }>;
      run: () => unknown;
      /** True, or why it cannot be done: shown under the title. */
      disabled?: boolean | string | undefined;
      danger?: boolean;
      /** As actions have them, to be shown. */
      keys?: string;
    }
  | { kind: 'separator' };
