/** Which part of the map is in view. Map coordinates lie in [-1, 1], y upwards; the screen's in CSS px, y downwards. */

export interface Camera {
  /** What is at the middle of the view, in map coordinates. */
  readonly x: number;
  readonly y: number;
  /** px for a length of 1 on the map. */
  readonly scale: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export type Place = readonly [x: number, y: number];

/** Empty px around the whole map. */
const MARGIN = 24;
/** How far one can zoom in, and out, against the whole map in view. */
const MOST = 2000;
const LEAST = 0.5;

/** The whole map in view. */
export const whole = (view: Size): Camera => ({ x: 0, y: 0, scale: wholeScale(view) });

const wholeScale = ({ width, height }: Size): number =>
  Math.max(1, (Math.min(width, height) - 2 * MARGIN) / 2);

export const toScreen = ({ x, y, scale }: Camera, { width, height }: Size, [atX, atY]: Place): Place => [
  width / 2 + (atX - x) * scale,
  height / 2 - (atY - y) * scale,
];

export const toMap = ({ x, y, scale }: Camera, { width, height }: Size, [left, top]: Place): Place => [
  x + (left - width / 2) / scale,
  y - (top - height / 2) / scale,
];

/** What was under the pointer stays under it. @param right, down px that the pointer moved. */
export const panned = (camera: Camera, view: Size, right: number, down: number): Camera =>
  bounded({ ...camera, x: camera.x - right / camera.scale, y: camera.y + down / camera.scale }, view);

/** Nearer by `factor`; what is at `place` of the screen stays there. */
export function zoomed(camera: Camera, view: Size, factor: number, place: Place): Camera {
  const least = wholeScale(view) * LEAST;
  const scale = Math.min(wholeScale(view) * MOST, Math.max(least, camera.scale * factor));
  const [x, y] = toMap(camera, view, place);
  const [left, top] = [place[0] - view.width / 2, place[1] - view.height / 2];
  return bounded({ x: x - left / scale, y: y + top / scale, scale }, view);
}

/** The view was given another size: the middle stays, and so does how much of the map is in view. */
export const resized = (camera: Camera, before: Size, after: Size): Camera => ({
  ...camera,
  scale: (camera.scale / wholeScale(before)) * wholeScale(after),
});

/** Shows these places, with some room around. */
export function around(places: readonly Place[], view: Size): Camera {
  if (places.length === 0) return whole(view);
  let [left, right, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const [x, y] of places) {
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [bottom, top] = [Math.min(bottom, y), Math.max(top, y)];
  }
  const room = (pixels: number) => Math.max(1, pixels - 4 * MARGIN);
  const scale = Math.min(
    room(view.width) / (right - left || 1e-9),
    room(view.height) / (top - bottom || 1e-9),
    wholeScale(view) * 8,
  );
  return { x: (left + right) / 2, y: (bottom + top) / 2, scale };
}

/** The middle of the view stays on the map: nobody is lost in the void. */
function bounded({ x, y, scale }: Camera, { width, height }: Size): Camera {
  const clamp = (value: number, pixels: number) => {
    const most = 1 + pixels / scale / 4;
    return Math.min(most, Math.max(-most, value));
  };
  return { x: clamp(x, width), y: clamp(y, height), scale };
}
