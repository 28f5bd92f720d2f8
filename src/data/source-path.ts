/** From what a configuration says to a path on this disk. */
import { join, resolve } from 'node:path';

/** The name that stands for the images that ship with Selvedge. */
export const SAMPLE = 'sample';

/** @param resourcesDirectory holds `sample/`. */
export const sourcePath = (path: string, resourcesDirectory: string): string =>
  path === SAMPLE ? join(resourcesDirectory, 'sample', 'cifar10-sample.tar.gz') : resolve(path);
