/** Which images are shown in place of their points: one for each cell of a grid that lies still while one pans. */
import { toMap, toScreen, type Camera, type Place, type Size } from './camera';
import type { Places } from './point-renderer';
import type { PointGrid } from './point-grid';

/** Pictures are about so large, px; a cell of the grid is between this and twice as wide. */
export const PICTURE = 56;
/** Nearer than so many points in view, pictures come by themselves. */
const FEW = 400;
/** Never more pictures than these. */
const MOST = 120;
/** Points in view of which pictures are chosen: a glance must not take longer than a frame. */
const LOOKED_AT = 20_000;

export interface Shown {
  readonly row: number;
  /** Of the middle, px. */
  readonly at: Place;
}

/**
 * @param always also where many points are in view.
 * @returns at most MOST, by row.
 */
export function picturesIn(
  { x, y }: Places,
  grid: PointGrid,
  camera: Camera,
  view: Size,
  always: boolean,
): Shown[] {
  const [left, top] = toMap(camera, view, [0, 0]);
  const [right, bottom] = toMap(camera, view, [view.width, view.height]);
  // The grid's cells halve as one zooms in by two, and lie where they lay before.
  const cell = 2 ** Math.ceil(Math.log2(PICTURE / camera.scale));
  const first = new Map<string, number>();
  let seen = 0;
  grid.eachIn({ left, right, bottom, top }, (row) => {
    if (++seen > LOOKED_AT) return;
    const key = `${Math.floor(x[row] / cell)} ${Math.floor(y[row] / cell)}`;
    const before = first.get(key);
    if (before === undefined || row < before) first.set(key, row);
  });
  if (!always && seen > FEW) return [];
  return [...first.values()]
    .sort((a, b) => a - b)
    .slice(0, MOST)
    .map((row) => ({ row, at: toScreen(camera, view, [x[row], y[row]]) }));
}
