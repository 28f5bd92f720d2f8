/** An image of a folder by its path inside, without walking the folder. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, UserError } from '../shared/errors';
import { ItemReader } from './decode-worker';
import { isImageName } from './formats';
import { checkEntryName } from './limits';
import type { OriginalFile } from './originals';
import { sourcePath } from './source-path';

/**
 * @param path of a data set, as openDataset's. @param name inside of it, with forward slashes.
 * @returns null where `path` is no folder with such a file: then it may still be in an archive.
 * @throws UserError where the name leads outside, or the file cannot be read.
 */
export function readNamedFile(path: string, name: string, resourcesDirectory: string): OriginalFile | null {
  const root = sourcePath(path, resourcesDirectory);
  checkEntryName(root, name);
  if (!isImageName(name) || !statSync(root, { throwIfNoEntry: false })?.isDirectory()) return null;
  const file = join(root, name);
  const stats = statSync(file, { throwIfNoEntry: false });
  if (!stats?.isFile()) return null;
  const reader = new ItemReader();
  try {
    const content = reader.read({ name, file, offset: 0, length: stats.size, zip: null, encoding: 'image' });
    return { content, changedAt: stats.mtimeMs };
  } catch (error) {
    throw new UserError(`${file} cannot be read: ${messageOf(error)}.`, 'Check its permissions.');
  } finally {
    reader.close();
  }
}
