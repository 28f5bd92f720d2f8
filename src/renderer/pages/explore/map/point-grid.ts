/** Finds points by their place: the map cut into cells, each with its rows. */
import type { MapPoints } from '../../../../shared/explorer/map';

/** Cells along each axis. */
const CELLS = 128;

/** An upright rectangle, in map coordinates. */
export interface Box {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
}

export class PointGrid {
  /** Rows, cell after cell, ascending inside of each. */
  private readonly rows: Uint32Array;
  private readonly starts = new Uint32Array(CELLS * CELLS + 1);

  constructor(private readonly points: Pick<MapPoints, 'x' | 'y'>) {
    const { x, y } = points;
    const cells = Uint32Array.from(x, (_, row) => cellOf(y[row]) * CELLS + cellOf(x[row]));
    for (const cell of cells) this.starts[cell + 1]++;
    for (let cell = 0; cell < CELLS * CELLS; cell++) this.starts[cell + 1] += this.starts[cell];
    const next = this.starts.slice();
    this.rows = new Uint32Array(x.length);
    cells.forEach((cell, row) => (this.rows[next[cell]++] = row));
  }

  /** Calls back for each row whose point is inside. */
  eachIn({ left, right, bottom, top }: Box, tell: (row: number) => void): void {
    const { x, y } = this.points;
    for (let cellY = cellOf(bottom); cellY <= cellOf(top); cellY++)
      for (let cellX = cellOf(left); cellX <= cellOf(right); cellX++) {
        const cell = cellY * CELLS + cellX;
        for (let at = this.starts[cell]; at < this.starts[cell + 1]; at++) {
          const row = this.rows[at];
          if (x[row] >= left && x[row] <= right && y[row] >= bottom && y[row] <= top) tell(row);
        }
      }
  }

  /** Rows of the cells that the box lies in: at least as many as are inside. */
  countAround({ left, right, bottom, top }: Box): number {
    let count = 0;
    for (let cellY = cellOf(bottom); cellY <= cellOf(top); cellY++)
      count += this.starts[cellY * CELLS + cellOf(right) + 1] - this.starts[cellY * CELLS + cellOf(left)];
    return count;
  }

  /** The nearest point, at most `radius` away; null where there is none. All in map coordinates. */
  nearest(
    atX: number,
    atY: number,
    radius: number,
    takes: (row: number) => boolean = () => true,
  ): number | null {
    const { x, y } = this.points;
    let best: number | null = null;
    let least = radius ** 2;
    const box = { left: atX - radius, right: atX + radius, bottom: atY - radius, top: atY + radius };
    this.eachIn(box, (row) => {
      const distance = (x[row] - atX) ** 2 + (y[row] - atY) ** 2;
      if (distance > least || !takes(row)) return;
      [best, least] = [row, distance];
    });
    return best;
  }
}

const cellOf = (value: number): number =>
  Math.min(CELLS - 1, Math.max(0, Math.floor(((value + 1) / 2) * CELLS)));
