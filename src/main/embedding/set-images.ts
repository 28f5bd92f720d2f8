/** What the rows of a set are of, read on the host. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../shared/errors';
import { IMAGES_FILE, setImageSchema, type SetImage } from '../../shared/explorer/sets';
import type { Host } from '../host';
import { setFolder } from '../library';

/** @throws UserError where the set is gone or its list is damaged. */
export function imagesOfSet(host: Host, set: string): SetImage[] {
  const file = join(setFolder(host.library.folder, host.store.sets.get(set).id), IMAGES_FILE);
  if (!existsSync(file)) return [];
  // What stands after the last newline was cut off.
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.map((line, at) => {
    try {
      return setImageSchema.parse(JSON.parse(line));
    } catch {
      throw new UserError(
        `Line ${at + 1} of ${file} is damaged.`,
        'Remove the set and embed the images again.',
      );
    }
  });
}
