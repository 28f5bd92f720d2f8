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
/** Points in view of which pictures are chosen, about: a glance must not take longer than a frame. */
const LOOKED_AT = 20_000;

export interface Shown {
  readonly row: number;
  /** Of the middle, px. */
  readonly at: Place;
}

/**
 * @param always also where many points are in view.
 * @returns at most MOST, spread over the view.
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
  const place = (value: number): number => Math.floor(value / cell);
  const [firstX, firstY] = [place(left), place(bottom)];
  const columns = place(right) - firstX + 1;
  const box = { left, right, bottom, top };
  // Halves of them by their rows, not by where one begins to look: others would come with each step aside.
  const halvings = Math.max(0, Math.ceil(Math.log2(grid.countAround(box) / LOOKED_AT)));
  const sampled = 2 ** (32 - halvings);
  const NONE = -1;
  // Of each cell the first row.
  const first = new Int32Array(columns * (place(top) - firstY + 1)).fill(NONE);
  let seen = 0;
  grid.eachIn(box, (row) => {
    seen++;
    if (scrambled(row) >= sampled) return;
    const at = (place(y[row]) - firstY) * columns + place(x[row]) - firstX;
    if (first[at] === NONE || row < first[at]) first[at] = row;
  });
  if (!always && seen > FEW) return [];
  return [...first]
    .filter((row) => row !== NONE)
    .sort((a, b) => scrambled(a) - scrambled(b))
    .slice(0, MOST)
    .map((row) => ({ row, at: toScreen(camera, view, [x[row], y[row]]) }));
}

/** Rows in an order that has nothing to do with theirs: those of a class often stand together, in the list and here. */
const scrambled = (row: number): number => Math.imul(row + 1, 0x9e3779b1) >>> 0;
