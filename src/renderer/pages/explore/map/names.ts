/** Rows of a set and the names of their images: names stay what they are when rows are numbered anew. */
import type { SetImage } from '../../../../shared/explorer/sets';

type Images = readonly Pick<SetImage, 'name'>[];

/** @param images of the set, by row. @returns the rows whose images have these names. */
export function rowsNamed(images: Images, names: ReadonlySet<string>): Set<number> {
  const rows = new Set<number>();
  if (names.size > 0) images.forEach(({ name }, row) => names.has(name) && rows.add(row));
  return rows;
}

/** Rows that the set does not have are left out. */
export const namesOf = (images: Images, rows: readonly number[]): Set<string> =>
  new Set(rows.flatMap((row) => images[row]?.name ?? []));
