/** Which rows of a set a query may find. */
import type { Filters } from '../../shared/explorer/search';
import type { SetImage } from '../../shared/explorer/sets';

/** @returns rows that pass all filters, ascending; null where there is nothing to filter by. */
export function filterRows(
  images: readonly SetImage[],
  { classes, folders, splits }: Filters,
): Uint32Array | null {
  if (classes.length + folders.length + splits.length === 0) return null;
  const wanted = new Set(classes);
  const parts = new Set(splits);
  // With its slash, "cat" takes neither "cats/1.png" nor "cat.jpg".
  const beginnings = folders.map((folder) => (folder.endsWith('/') ? folder : `${folder}/`));
  const rows: number[] = [];
  images.forEach(({ name, label, split }, row) => {
    if (wanted.size > 0 && (label === null || !wanted.has(label))) return;
    if (parts.size > 0 && !parts.has(split)) return;
    if (beginnings.length > 0 && !beginnings.some((folder) => name.startsWith(folder))) return;
    rows.push(row);
  });
  return Uint32Array.from(rows);
}
