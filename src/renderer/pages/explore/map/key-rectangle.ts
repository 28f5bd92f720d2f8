/** A rectangle that the keyboard moves over the map: the lasso of those who draw none. */
import { rectangle } from './lasso';
import type { Place, Size } from './camera';

/** px of one press. */
const STEP = 16;
const LEAST = 16;

export interface KeyRectangle {
  /** Middle and halves, px. */
  readonly x: number;
  readonly y: number;
  readonly halfWidth: number;
  readonly halfHeight: number;
}

export const inTheMiddle = ({ width, height }: Size): KeyRectangle => ({
  x: width / 2,
  y: height / 2,
  halfWidth: width / 8,
  halfHeight: height / 8,
});

const WAYS: Readonly<Record<string, readonly [right: number, down: number]>> = {
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP],
};

/** Arrows move it; with Shift they make it wider, narrower, higher, lower. @returns null for another key. */
export function moved(before: KeyRectangle, key: string, shift: boolean, view: Size): KeyRectangle | null {
  if (!Object.hasOwn(WAYS, key)) return null;
  const [right, down] = WAYS[key];
  const clamp = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value));
  return shift
    ? {
        ...before,
        halfWidth: clamp(before.halfWidth + right / 2, LEAST / 2, view.width / 2),
        halfHeight: clamp(before.halfHeight - down / 2, LEAST / 2, view.height / 2),
      }
    : {
        ...before,
        x: clamp(before.x + right, 0, view.width),
        y: clamp(before.y + down, 0, view.height),
      };
}

/** In px of the screen. */
export const cornersOf = ({ x, y, halfWidth, halfHeight }: KeyRectangle): Place[] =>
  rectangle([x - halfWidth, y - halfHeight], [x + halfWidth, y + halfHeight]);
