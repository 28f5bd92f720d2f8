/** Colours of the theme as bytes: the browser itself turns OKLCH and custom properties into them. */
import type { Rgb } from './look';

/** Reads them anew; a change of theme makes them stale. @param element in the theme. */
export function colorReader(element: HTMLElement): (color: string) => Rgb {
  const style = getComputedStyle(element);
  const context = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  const known = new Map<string, Rgb>();
  return (color) => {
    const before = known.get(color);
    if (before) return before;
    const property = /^var\((--[\w-]+)\)$/.exec(color)?.[1];
    const value = property ? style.getPropertyValue(property).trim() : color;
    const rgb = context ? pixel(context, value) : GREY;
    known.set(color, rgb);
    return rgb;
  };
}

const GREY: Rgb = [128, 128, 128];

function pixel(context: OffscreenCanvasRenderingContext2D, color: string): Rgb {
  context.clearRect(0, 0, 1, 1);
  context.fillStyle = color;
  context.fillRect(0, 0, 1, 1);
  const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
  return [red, green, blue];
}
