/** Files that come with the app, seen from the built main process in out/main/. */
import { fileURLToPath } from 'node:url';

const built = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export const pagesFolder = (): string => built('../renderer');
export const preloadScript = (): string => built('../preload/index.cjs');
export const runnerScript = (): string => built('../runner/index.js');

/** @param name under resources/. */
export const resource = (name: string): string => built(`../../resources/${name}`);

/** The guides, as files. */
export const docsFolder = (): string => built('../../docs');
