/** Which row of a set is meant: rows are numbered anew when a set is updated, names stay. */
import { UserError } from '../../shared/errors';
import type { ImageSource } from '../../shared/explorer/requests';
import type { OpenSet } from './open-sets';

/**
 * @returns the row of the image named `name`: the very `row` where that is still of it, or where no name is given.
 * @throws UserError where the set has no such row or image.
 */
export function rowOf(
  { images, source }: Pick<OpenSet, 'images' | 'source'>,
  { row, name }: Pick<Extract<ImageSource, { kind: 'row' }>, 'row' | 'name'>,
): number {
  const there = images.at(row);
  if (name === undefined) {
    if (there) return row;
    throw new UserError(
      `There is no row ${row} in "${source.name}": it has ${images.length}.`,
      'The set was embedded again: search anew.',
      'usage',
    );
  }
  if (there?.name === name) return row;
  const now = images.findIndex((image) => image.name === name);
  if (now >= 0) return now;
  throw new UserError(
    `${name} is not in "${source.name}" any more.`,
    'The set was updated since it was found: search with another image.',
    'usage',
  );
}
