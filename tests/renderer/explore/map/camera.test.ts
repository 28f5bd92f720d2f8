import { describe, expect, it } from 'vitest';
import {
  around,
  panned,
  resized,
  toMap,
  toScreen,
  whole,
  zoomed,
  type Place,
} from '../../../../src/renderer/pages/explore/map/camera';
import { cornersOf, inTheMiddle, moved } from '../../../../src/renderer/pages/explore/map/key-rectangle';

const view = { width: 800, height: 600 };
const camera = { x: 0.2, y: -0.1, scale: 400 };
const near = (place: Place, [x, y]: Place) => {
  expect(place[0]).toBeCloseTo(x, 9);
  expect(place[1]).toBeCloseTo(y, 9);
};

describe('camera', () => {
  it('puts the middle into the middle, and up is up', () => {
    near(toScreen(camera, view, [0.2, -0.1]), [400, 300]);
    near(toScreen(camera, view, [0.3, 0]), [440, 260]);
    near(toMap(camera, view, toScreen(camera, view, [0.7, 0.3])), [0.7, 0.3]);
  });

  it('shows the whole map with room around', () => {
    for (const corner of [
      [-1, -1],
      [1, 1],
    ] as const) {
      const [left, top] = toScreen(whole(view), view, corner);
      expect(left).toBeGreaterThan(0);
      expect(left).toBeLessThan(800);
      expect(top).toBeGreaterThanOrEqual(24);
      expect(top).toBeLessThanOrEqual(576);
    }
  });

  it('keeps under the pointer what is dragged', () => {
    const place = toMap(camera, view, [100, 200]);
    near(toScreen(panned(camera, view, 30, -20), view, place), [130, 180]);
  });

  it('keeps under the pointer what is zoomed at', () => {
    const place = toMap(camera, view, [100, 200]);
    near(toScreen(zoomed(camera, view, 3, [100, 200]), view, place), [100, 200]);
    expect(zoomed(camera, view, 3, [100, 200]).scale).toBe(1200);
  });

  it('zooms neither into nothing nor out of sight', () => {
    expect(zoomed(camera, view, 1e-9, [0, 0]).scale).toBeCloseTo(whole(view).scale / 2);
    expect(zoomed(camera, view, 1e9, [0, 0]).scale).toBeCloseTo(whole(view).scale * 2000);
  });

  it('does not leave the map', () => {
    const lost = panned(camera, view, -1e6, 1e6);
    expect(lost.x).toBeLessThan(1.6);
    expect(lost.y).toBeLessThan(1.6);
  });

  it('keeps as much in view when its size changes', () => {
    const after = { width: 400, height: 300 };
    expect(resized(whole(view), view, after)).toEqual(whole(after));
  });

  it('shows places with room around, also a single one, and all where there is none', () => {
    const shown = around(
      [
        [0.1, 0.1],
        [0.3, 0.2],
      ],
      view,
    );
    near([shown.x, shown.y], [0.2, 0.15]);
    for (const place of [
      [0.1, 0.1],
      [0.3, 0.2],
    ] as const) {
      const [left, top] = toScreen(shown, view, place);
      expect(left > 0 && left < 800 && top > 0 && top < 600).toBe(true);
    }
    expect(Number.isFinite(around([[0.5, 0.5]], view).scale)).toBe(true);
    expect(around([], view)).toEqual(whole(view));
  });
});

describe('the rectangle of the keyboard', () => {
  it('is moved and sized by arrows, and stays in view', () => {
    const first = inTheMiddle(view);
    expect(moved(first, 'ArrowLeft', false, view)).toMatchObject({ x: 384, y: 300 });
    expect(moved(first, 'ArrowUp', true, view)!.halfHeight).toBe(first.halfHeight + 8);
    let far = first;
    for (let i = 0; i < 100; i++) far = moved(far, 'ArrowRight', false, view)!;
    expect(far.x).toBe(800);
    for (let i = 0; i < 100; i++) far = moved(far, 'ArrowLeft', true, view)!;
    expect(far.halfWidth).toBe(8);
    expect(moved(first, 'x', false, view)).toBeNull();
  });

  it('has four corners', () => {
    expect(cornersOf({ x: 10, y: 20, halfWidth: 3, halfHeight: 4 })).toEqual([
      [7, 16],
      [13, 16],
      [13, 24],
      [7, 24],
    ]);
  });
});
