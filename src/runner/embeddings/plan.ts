/** What has to be done to bring an embedding set up to date with its folder. Pure. */
import { ImageSet, type Contents } from '../../data';
import type { SetImage } from '../../shared/explorer/sets';

export interface Listed {
  readonly contents: Contents;
  /** Of each image, see ImageStream. */
  readonly stamps: readonly string[];
}

export interface Plan {
  /** Rows that stay, in their order, with the position of their image in the listing. */
  readonly kept: readonly { readonly row: number; readonly position: number }[];
  /** Positions of images without a row that is still good. */
  readonly wanted: readonly number[];
  /** Rows whose image has changed since. */
  readonly changed: number;
  /** Rows whose image is gone. */
  readonly removed: number;
}

export function planUpdate(rows: readonly SetImage[], { contents, stamps }: Listed): Plan {
  const positions = new Map(contents.names.map((name, position) => [name, position]));
  const kept: { row: number; position: number }[] = [];
  const done = new Set<number>();
  let changed = 0;
  let removed = 0;
  rows.forEach(({ name, stamp }, row) => {
    const position = positions.get(name);
    if (position === undefined) removed++;
    else if (stamps[position] !== stamp) changed++;
    else if (!done.has(position)) {
      kept.push({ row, position });
      done.add(position);
    }
  });
  const wanted = [...contents.names.keys()].filter((position) => !done.has(position));
  return { kept, wanted, changed, removed };
}

/**
 * What is told of each image.
 * @param split as training would split it: over the images that can be read.
 * @param unreadable positions that have turned out so.
 * @returns a function of the position.
 */
export function describeImages(
  { contents, stamps }: Listed,
  split: { heldOut: number; seed: number },
  unreadable: ReadonlySet<number>,
): (position: number) => SetImage {
  const { names, labels, classes, trainCount } = contents;
  const readable = [...names.keys()].filter((position) => !unreadable.has(position));
  const set = new ImageSet(
    {
      ...contents,
      names: readable.map((position) => names[position]),
      labels: labels && readable.map((position) => labels[position]),
      trainCount: trainCount === null ? null : readable.filter((position) => position < trainCount).length,
    },
    split,
  );
  const splits = new Map<number, SetImage['split']>();
  for (const index of set.train) splits.set(readable[index], 'train');
  for (const index of set.evaluation) splits.set(readable[index], 'evaluation');
  return (position) => {
    const label = labels?.[position] ?? -1;
    return {
      name: names[position],
      label: label < 0 ? null : classes![label],
      split: splits.get(position) ?? 'left out',
      stamp: stamps[position],
    };
  };
}
