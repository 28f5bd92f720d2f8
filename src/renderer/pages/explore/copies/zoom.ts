/** One zoom for two pictures: the same share of each is shown, whatever their sizes. */

export interface Zoom {
  /** 1 shows all. */
  readonly scale: number;
  /** Of the picture's point that stands in the middle, in shares of its width and height. */
  readonly x: number;
  readonly y: number;
}

export const WHOLE: Zoom = { scale: 1, x: 0.5, y: 0.5 };
const MOST = 32;

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/** Nothing beside the picture is ever shown. */
function within({ scale, x, y }: Zoom): Zoom {
  const half = 0.5 / scale;
  return { scale, x: clamp(x, half, 1 - half), y: clamp(y, half, 1 - half) };
}

/** @param at the point that stays where it is, in shares of the view. */
export function zoomedAt(zoom: Zoom, factor: number, at: { x: number; y: number }): Zoom {
  const scale = clamp(zoom.scale * factor, 1, MOST);
  const [dx, dy] = [at.x - 0.5, at.y - 0.5];
  return within({
    scale,
    x: zoom.x + dx / zoom.scale - dx / scale,
    y: zoom.y + dy / zoom.scale - dy / scale,
  });
}

/** @param dx, dy how far the picture is moved, in shares of the view. */
export const moved = (zoom: Zoom, dx: number, dy: number): Zoom =>
  within({ ...zoom, x: zoom.x - dx / zoom.scale, y: zoom.y - dy / zoom.scale });

/** For a picture that fills its view where the zoom is 1. */
export const transformOf = ({ scale, x, y }: Zoom): string =>
  `scale(${scale}) translate(${(0.5 - x) * 100}%, ${(0.5 - y) * 100}%)`;
