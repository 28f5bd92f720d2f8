/** Tells that files changed: by size, time and place on the disk. */
import { statSync } from 'node:fs';

export const stampOf = (files: readonly string[]): string =>
  files
    .map((file) => statSync(file, { throwIfNoEntry: false }))
    .map((stats) => (stats ? `${stats.size} ${stats.mtimeMs} ${stats.ino}` : 'none'))
    .join();
