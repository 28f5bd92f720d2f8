/** src/renderer/charts/draw-line.ts */
import { expect, test } from 'vitest';
import {
  dots,
  drawBand,
  drawLine,
  labelHeights,
  roomFor,
  visiblePart,
} from '../../../src/renderer/charts/draw-line';

class Recorder {
  readonly strokes: string[] = [];
  moveTo(x: number, y: number) {
    this.strokes.push(`M${x} ${y}`);
  }
  lineTo(x: number, y: number) {
    this.strokes.push(`L${x} ${y}`);
  }
  closePath() {
    this.strokes.push('Z');
  }
}
const same = (value: number) => value;
const line = (x: number[], y: number[], toX = same, toY = same) => {
  const pen = new Recorder();
  drawLine(pen, { x: Float64Array.from(x), from: 0, to: x.length }, Float64Array.from(y), toX, toY);
  return pen.strokes;
};

test('a line through all points, broken at gaps', () => {
  expect(line([0, 1, 2, 3, 4], [5, 6, NaN, 7, 8])).toEqual([
    'M0 5', 'L0 5', 'L1 6', 'M3 7', 'L3 7', 'L4 8',
  ]); // prettier-ignore
});

test('what cannot be placed, as zero on a log scale, is a gap', () => {
  const strokes = line([0, 1, 2], [1, 0, 1], same, (value) => (value > 0 ? Math.log10(value) : NaN));
  expect(strokes.filter((stroke) => stroke.startsWith('M'))).toHaveLength(2);
});

test('a column of pixels gets its extremes and few strokes, however many points there are', () => {
  const n = 100_000;
  const x = Array.from({ length: n }, (_, index) => index);
  const y = x.map((at) => (at === 51_234 ? 999 : at % 7));
  const strokes = line(x, y, (at) => (at / n) * 400);
  expect(strokes.length).toBeLessThan(4 * 401);
  expect(strokes.some((stroke) => stroke.endsWith(' 999'))).toBe(true);
});

test('a band is one closed shape for each stretch', () => {
  const pen = new Recorder();
  const x = Float64Array.of(0, 1, 2, 3);
  drawBand(
    pen,
    { x, from: 0, to: 4 },
    Float64Array.of(1, 1, NaN, 1),
    Float64Array.of(2, 3, NaN, 2),
    same,
    same,
  );
  expect(pen.strokes).toEqual(['M0 2', 'L0 2', 'L1 3', 'L1 1', 'L0 1', 'Z', 'M3 2', 'L3 2', 'L3 1', 'Z']);
});

test('what is in view reaches one point beyond it on either side', () => {
  const x = Float64Array.of(0, 10, 20, 30, 40);
  expect(visiblePart(x, 12, 28)).toEqual({ from: 1, to: 4 });
  expect(visiblePart(x, -5, 100)).toEqual({ from: 0, to: 5 });
  expect(visiblePart(x, 10, 20)).toEqual({ from: 0, to: 4 });
});

test('points are drawn where they are sparse or alone', () => {
  const x = Float64Array.of(0, 1, 2, 3);
  const part = { x, from: 0, to: 4 };
  expect(dots(part, Float64Array.of(1, 1, NaN, 1), (at) => at * 50, 10)).toEqual([0, 1, 3]);
  expect(dots(part, Float64Array.of(1, 1, NaN, 1), same, 10)).toEqual([3]);
});

test('a label too near to a more important one is left out', () => {
  expect(roomFor([10, 15, 40, 31], 12)).toEqual([true, false, true, false]);
});

test('labels of horizontal lines stand above them, or under where another is near', () => {
  const box = { top: 0, height: 100 };
  expect(labelHeights([30, 80], 12, box)).toEqual([24, 74]);
  expect(labelHeights([50, 58], 12, box)).toEqual([44, 64]);
  expect(labelHeights([5], 12, box)).toEqual([11]);
  // Between two others there is room for neither.
  expect(labelHeights([50, 55, 60], 12, box)).toEqual([44, null, 66]);
  expect(labelHeights([3, 98], 12, box)).toEqual([9, 92]);
});
