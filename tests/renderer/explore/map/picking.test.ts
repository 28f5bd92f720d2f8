import { describe, expect, it } from 'vitest';
import { whole } from '../../../../src/renderer/pages/explore/map/camera';
import {
  extended,
  isInside,
  joined,
  rectangle,
  rowsInside,
} from '../../../../src/renderer/pages/explore/map/lasso';
import { picturesIn } from '../../../../src/renderer/pages/explore/map/pictures';
import { PointGrid } from '../../../../src/renderer/pages/explore/map/point-grid';
import { random } from '../../../../src/shared/random';

function scattered(count: number) {
  const source = random(2, 'method');
  const draw = () => Float32Array.from({ length: count }, () => source.between(-1, 1));
  return { x: draw(), y: draw() };
}

describe('PointGrid', () => {
  const points = scattered(3000);
  const grid = new PointGrid(points);

  it('finds in a box what looking at every point finds', () => {
    const box = { left: -0.3, right: 0.41, bottom: 0.05, top: 0.9 };
    const found: number[] = [];
    grid.eachIn(box, (row) => found.push(row));
    const wanted = [...points.x.keys()].filter(
      (row) =>
        points.x[row] >= box.left &&
        points.x[row] <= box.right &&
        points.y[row] >= box.bottom &&
        points.y[row] <= box.top,
    );
    expect(grid.countAround(box)).toBeGreaterThanOrEqual(found.length);
    expect(grid.countAround({ left: -1, right: 1, bottom: -1, top: 1 })).toBe(3000);
    expect(found.sort((a, b) => a - b)).toEqual(wanted);
    expect(wanted.length).toBeGreaterThan(100);
  });

  it('finds the nearest point, and none where none is near enough', () => {
    const distance = (row: number) => Math.hypot(points.x[row] - 0.1, points.y[row] - 0.2);
    const nearest = [...points.x.keys()].reduce((a, b) => (distance(b) < distance(a) ? b : a));
    expect(grid.nearest(0.1, 0.2, 0.5)).toBe(nearest);
    expect(grid.nearest(0.1, 0.2, distance(nearest) / 2)).toBeNull();
    expect(grid.nearest(0.1, 0.2, 0.5, (row) => row !== nearest)).not.toBe(nearest);
  });

  it('has the corners of the map, too', () => {
    const corners = new PointGrid({ x: Float32Array.of(-1, 1), y: Float32Array.of(-1, 1) });
    expect(corners.nearest(1, 1, 0.01)).toBe(1);
    expect(corners.nearest(-1, -1, 0.01)).toBe(0);
  });
});

describe('lasso', () => {
  // A "U": the notch between its arms is outside.
  const u = [
    [0, 0],
    [3, 0],
    [3, 3],
    [2, 3],
    [2, 1],
    [1, 1],
    [1, 3],
    [0, 3],
  ] as const;

  it('knows inside from outside of a shape with a notch', () => {
    expect(isInside(u, 0.5, 2)).toBe(true);
    expect(isInside(u, 2.5, 2)).toBe(true);
    expect(isInside(u, 1.5, 0.5)).toBe(true);
    expect(isInside(u, 1.5, 2)).toBe(false);
    expect(isInside(u, 4, 1)).toBe(false);
  });

  it('takes the rows inside, ascending, and none by a line', () => {
    const points = scattered(500);
    const grid = new PointGrid(points);
    const rows = rowsInside(rectangle([-0.5, -0.5], [0.5, 0.5]), points, grid);
    const wanted = [...points.x.keys()].filter(
      (row) => Math.abs(points.x[row]) < 0.5 && Math.abs(points.y[row]) < 0.5,
    );
    expect(rows).toEqual(wanted);
    expect(
      rowsInside(
        [
          [-1, -1],
          [1, 1],
        ],
        points,
        grid,
      ),
    ).toEqual([]);
  });

  it('leaves out places that are too near to the last', () => {
    const line = extended(extended(extended([], [0, 0]), [1, 1]), [5, 0]);
    expect(line).toEqual([
      [0, 0],
      [5, 0],
    ]);
  });

  it('replaces, adds to and takes from what was selected', () => {
    const before = new Set([5, 1]);
    expect(joined(before, [7, 5], 'replace')).toEqual([7, 5]);
    expect(joined(before, [7, 5], 'add')).toEqual([1, 5, 7]);
    expect(joined(before, [7, 5], 'remove')).toEqual([1]);
  });
});

describe('picturesIn', () => {
  const points = scattered(5000);
  const grid = new PointGrid(points);
  const view = { width: 800, height: 600 };

  it('shows none where many points are in view, unless asked to', () => {
    expect(picturesIn(points, grid, whole(view), view, false)).toEqual([]);
    const asked = picturesIn(points, grid, whole(view), view, true);
    expect(asked.length).toBeGreaterThan(20);
    expect(asked.length).toBeLessThanOrEqual(120);
  });

  it.each([
    { width: 800, height: 600 },
    { width: 1600, height: 1000 },
  ])('covers the whole view of $width px where very many points are in it', (large) => {
    const many = scattered(100_000);
    // Sorted from below upwards, as images of a class often lie together.
    many.y.sort();
    const shown = picturesIn(many, new PointGrid(many), whole(large), large, true);
    expect(shown.length).toBeLessThanOrEqual(120);
    const side = Math.min(large.width, large.height);
    const [left, top] = [(large.width - side) / 2, (large.height - side) / 2];
    for (const [column, row] of [0, 1, 2].flatMap((one) => [0, 1, 2].map((other) => [one, other])))
      expect(
        shown.some(
          ({ at: [x, y] }) =>
            Math.floor(((x - left) / side) * 3) === column && Math.floor(((y - top) / side) * 3) === row,
        ),
      ).toBe(true);
  });

  it('shows some near by, and the same ones after a step aside', () => {
    const near = { x: 0.1, y: 0.1, scale: 3000 };
    const before = picturesIn(points, grid, near, view, false).map(({ row }) => row);
    const after = picturesIn(points, grid, { ...near, x: 0.103 }, view, false).map(({ row }) => row);
    expect(before.length).toBeGreaterThan(5);
    expect(after.filter((row) => before.includes(row)).length).toBeGreaterThan(before.length * 0.7);
  });
});
