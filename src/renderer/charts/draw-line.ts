/** Curves to paths on a canvas, with no more strokes than there are columns of pixels to see them in. */
import { lowerBound } from './nearest';

/** What a Path2D has. */
export interface Pen {
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
}

/** From values to pixels. */
export type Project = (value: number) => number;

export interface Drawn {
  readonly x: Float64Array;
  readonly from: number;
  readonly to: number;
}

/** The indices in view, with one more on either side so that lines run out of the picture. */
export function visiblePart(x: Float64Array, min: number, max: number): { from: number; to: number } {
  const from = Math.max(0, lowerBound(x, min) - 1);
  let to = lowerBound(x, max);
  while (to < x.length && x[to] === max) to++;
  return { from, to: Math.min(x.length, to + 1) };
}

/**
 * A line through all points; NaN, infinities and what `toY` cannot place are gaps. Of the points in one column of
 * pixels only the first, least, greatest and last are drawn, which looks the same.
 */
export function drawLine(
  pen: Pen,
  { x, from, to }: Drawn,
  y: Float64Array,
  toX: Project,
  toY: Project,
): void {
  let drawing = false;
  let column = NaN;
  let [columnX, low, high, last] = [0, 0, 0, 0];
  const flush = () => {
    if (low !== high) {
      // The nearer end first, so that the line leaves towards where it goes on.
      if (last - low < high - last) {
        pen.lineTo(columnX, high);
        pen.lineTo(columnX, low);
      } else {
        pen.lineTo(columnX, low);
        pen.lineTo(columnX, high);
      }
    }
    pen.lineTo(columnX, last);
  };
  for (let index = from; index < to; index++) {
    const py = toY(y[index]);
    if (!Number.isFinite(py)) {
      if (drawing) flush();
      drawing = false;
      column = NaN;
      continue;
    }
    const px = toX(x[index]);
    if (Math.round(px) === column) {
      if (py < low) low = py;
      if (py > high) high = py;
      last = py;
      continue;
    }
    if (drawing) flush();
    else pen.moveTo(px, py);
    drawing = true;
    column = Math.round(px);
    columnX = px;
    low = high = last = py;
  }
  if (drawing) flush();
}

/** The area between `min` and `max`, one closed shape for each stretch without gaps. */
export function drawBand(
  pen: Pen & { closePath(): void },
  { x, from, to }: Drawn,
  min: Float64Array,
  max: Float64Array,
  toX: Project,
  toY: Project,
): void {
  let begin = from;
  while (begin < to) {
    if (!placed(min, max, begin, toY)) {
      begin++;
      continue;
    }
    let end = begin + 1;
    while (end < to && placed(min, max, end, toY)) end++;
    const upper: [number, number][] = [];
    const lower: [number, number][] = [];
    let column = NaN;
    for (let index = begin; index < end; index++) {
      const px = toX(x[index]);
      const [top, bottom] = [toY(max[index]), toY(min[index])];
      if (Math.round(px) === column) {
        const [above, below] = [upper.at(-1)!, lower.at(-1)!];
        above[1] = Math.min(above[1], top);
        below[1] = Math.max(below[1], bottom);
      } else {
        upper.push([px, top]);
        lower.push([px, bottom]);
        column = Math.round(px);
      }
    }
    pen.moveTo(...upper[0]);
    for (const point of upper) pen.lineTo(...point);
    for (const point of lower.reverse()) pen.lineTo(...point);
    pen.closePath();
    begin = end;
  }
}

const placed = (min: Float64Array, max: Float64Array, index: number, toY: Project) =>
  Number.isFinite(toY(max[index])) && Number.isFinite(toY(min[index]));

/** Indices of points that no line shows: alone between two gaps, or all where they are sparse. */
export function dots({ x, from, to }: Drawn, y: Float64Array, toX: Project, spacing: number): number[] {
  if (to <= from) return [];
  const width = Math.abs(toX(x[to - 1]) - toX(x[from]));
  const sparse = to - from === 1 || width / (to - from - 1) >= spacing;
  const out: number[] = [];
  for (let index = from; index < to; index++) {
    if (!Number.isFinite(y[index])) continue;
    const alone = !Number.isFinite(y[index - 1] ?? NaN) && !Number.isFinite(y[index + 1] ?? NaN);
    if (sparse || alone) out.push(index);
  }
  return out;
}

/**
 * Heights for labels at the end of lines: those nearest to a higher-ranked one are left out.
 * @param wanted heights, the most important first.
 * @returns true for those that are shown.
 */
export function roomFor(wanted: readonly number[], height: number): boolean[] {
  const taken: number[] = [];
  return wanted.map((at) => {
    if (taken.some((other) => Math.abs(other - at) < height)) return false;
    taken.push(at);
    return true;
  });
}

/**
 * Where the middles of labels go that belong to horizontal lines: above the line, or under it where another line
 * is near above; null where there is room for neither.
 * @param lines heights on screen, from the top down.
 */
export function labelHeights(
  lines: readonly number[],
  height: number,
  { top, height: whole }: { top: number; height: number },
): (number | null)[] {
  let taken = top;
  return lines.map((line, index) => {
    const above = line - height;
    const below = line + height;
    const next = lines[index + 1] ?? Infinity;
    if (above >= taken) {
      taken = line;
      return line - height / 2;
    }
    if (below <= Math.min(next, top + whole)) {
      taken = below;
      return line + height / 2;
    }
    taken = Math.max(taken, line);
    return null;
  });
}
