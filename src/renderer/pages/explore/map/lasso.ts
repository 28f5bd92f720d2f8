/** Which points a drawn line encloses. */
import type { MapPoints } from '../../../../shared/explorer/map';
import type { Place } from './camera';
import type { Box, PointGrid } from './point-grid';

/** Inside by the even-odd rule; the polygon closes itself. */
export function isInside(polygon: readonly Place[], x: number, y: number): boolean {
  let inside = false;
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    const [ax, ay] = polygon[i];
    const [bx, by] = polygon[j];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}

/** Rows inside of the polygon, ascending. @param polygon in map coordinates. */
export function rowsInside(
  polygon: readonly Place[],
  { x, y }: Pick<MapPoints, 'x' | 'y'>,
  grid: PointGrid,
): number[] {
  if (polygon.length < 3) return [];
  const rows: number[] = [];
  grid.eachIn(boxOf(polygon), (row) => {
    if (isInside(polygon, x[row], y[row])) rows.push(row);
  });
  return rows.sort((a, b) => a - b);
}

export function boxOf(places: readonly Place[]): Box {
  const xs = places.map(([x]) => x);
  const ys = places.map(([, y]) => y);
  return { left: Math.min(...xs), right: Math.max(...xs), bottom: Math.min(...ys), top: Math.max(...ys) };
}

/** Corners of the rectangle between two places. */
export const rectangle = ([ax, ay]: Place, [bx, by]: Place): Place[] => [
  [ax, ay],
  [bx, ay],
  [bx, by],
  [ax, by],
];

/** A line drawn by hand has far more places than it needs: those less than `least` px from the last are left out. */
export function extended(line: readonly Place[], place: Place, least = 3): readonly Place[] {
  const last = line.at(-1);
  return last && Math.hypot(place[0] - last[0], place[1] - last[1]) < least ? line : [...line, place];
}

/** How a new selection joins the one before. */
export type Joining = 'replace' | 'add' | 'remove';

export function joined(before: ReadonlySet<number>, rows: readonly number[], how: Joining): number[] {
  if (how === 'replace') return [...rows];
  if (how === 'add') return [...new Set([...before, ...rows])].sort((a, b) => a - b);
  const gone = new Set(rows);
  return [...before].filter((row) => !gone.has(row));
}
