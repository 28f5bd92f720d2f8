/** Where the files that ship with Selvedge are: two folders above this one, in src/ and in out/ alike. */
import { resolve } from 'node:path';

export const resourcesDirectory = resolve(import.meta.dirname, '../../resources');
