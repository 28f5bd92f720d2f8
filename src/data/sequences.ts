/** Folders as sequences: the images of each in the order that people number them. */

export interface Sequence {
  /** The folder's path inside of the source; '' for the top. */
  readonly name: string;
  /** Numbers of its images in the data set, in natural order of their names: frame2 before frame10. */
  readonly frames: Uint32Array;
}

const natural = new Intl.Collator('en', { numeric: true });

/**
 * @param names of all images, paths with forward slashes. @param indices those that are looked at.
 * @returns by name.
 */
export function sequencesOf(names: readonly string[], indices: Uint32Array): Sequence[] {
  const folders = new Map<string, number[]>();
  for (const index of indices) {
    const folder = names[index].slice(0, Math.max(0, names[index].lastIndexOf('/')));
    const frames = folders.get(folder);
    if (frames) frames.push(index);
    else folders.set(folder, [index]);
  }
  const inOrder = (a: string, b: string) => natural.compare(a, b) || (a < b ? -1 : 1);
  return [...folders]
    .sort(([a], [b]) => inOrder(a, b))
    .map(([name, frames]) => ({
      name,
      frames: Uint32Array.from(frames.sort((a, b) => inOrder(names[a], names[b]))),
    }));
}
