/** Types of what Vite and Svelte import, and of what Electron's preload brings. */
/// <reference types="svelte" />
/// <reference types="vite/client" />
import type { Bridge } from '../shared/bridge';

declare global {
  interface Window {
    /** Absent in a browser. */
    readonly selvedge?: Bridge;
  }
}
