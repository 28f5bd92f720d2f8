/** Views pixel by pixel, in plain loops over float64: what the tensor form is compared to. */
import type { ViewParameter } from '../../../src/learning/views/parameters';
import type { ViewRecipe } from '../../../src/learning/views/recipe';

export type ViewRow = Record<ViewParameter, number>;
type Rgb = [number, number, number];

/** The row that distorts nothing. */
export const untouched = (side: number): ViewRow => ({
  top: 0,
  left: 0,
  height: side,
  width: side,
  flip: 0,
  shiftY: 0,
  shiftX: 0,
  brightness: 1,
  contrast: 1,
  saturation: 1,
  hue: 0,
  grayscale: 0,
  blur: 1e4,
  solarize: 0,
  maskTop: 0,
  maskLeft: 0,
});

/** @param image [side, side, 3] in [0, 1]. @returns [size, size, 3]. */
export function referenceView(
  image: Float32Array,
  side: number,
  p: ViewRow,
  { size, squareMask }: ViewRecipe,
  mean: readonly number[],
  std: readonly number[],
): number[] {
  let view = resized(image, side, p, size);
  if (p.blur < 1e4) view = blurred(view, size, p.blur);
  view = view.map((pixel) => clamped(pixel, (v) => v * p.brightness));
  const average = view.reduce((sum, pixel) => sum + luma(pixel), 0) / view.length;
  view = view
    .map((pixel) => clamped(pixel, (v) => v * p.contrast + average * (1 - p.contrast)))
    .map((pixel) => clamped(pixel, (v) => v * p.saturation + luma(pixel) * (1 - p.saturation)))
    .map((pixel) => turned(pixel, p.hue))
    .map((pixel) => (p.grayscale ? clamped(pixel, () => luma(pixel)) : pixel))
    .map((pixel) => (p.solarize ? clamped(pixel, (v) => (v >= 0.5 ? 1 - v : v)) : pixel));
  return view.flatMap((pixel, i) => {
    const [y, x] = [Math.floor(i / size) - p.maskTop, (i % size) - p.maskLeft];
    const masked = y >= 0 && y < squareMask && x >= 0 && x < squareMask;
    return pixel.map((v, c) => (masked ? 0 : (v - mean[c]) / std[c]));
  });
}

const luma = ([r, g, b]: Rgb): number => 0.2989 * r + 0.587 * g + 0.114 * b;

const clamped = (pixel: Rgb, f: (v: number) => number): Rgb =>
  pixel.map((v) => Math.min(1, Math.max(0, f(v)))) as Rgb;

/** Antialiased bilinear crop, then shift with zeros, then mirror. */
function resized(image: Float32Array, side: number, p: ViewRow, size: number): Rgb[] {
  const weights = (output: number, start: number, length: number): [number, number][] => {
    const scale = length / size;
    const support = Math.max(1, scale);
    const centre = start + (output + 0.5) * scale;
    const found: [number, number][] = [];
    for (let j = start; j < start + length; j++) {
      const weight = 1 - Math.abs(j + 0.5 - centre) / support;
      if (weight > 0) found.push([j, weight]);
    }
    const total = found.reduce((sum, [, weight]) => sum + weight, 0);
    return found.map(([j, weight]) => [j, weight / total]);
  };
  const view: Rgb[] = [];
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++) {
      const y = i + p.shiftY;
      const x = (p.flip ? size - 1 - j : j) + p.shiftX;
      const pixel: Rgb = [0, 0, 0];
      if (y >= 0 && y < size && x >= 0 && x < size)
        for (const [row, rowWeight] of weights(y, p.top, p.height))
          for (const [column, columnWeight] of weights(x, p.left, p.width))
            for (let c = 0; c < 3; c++)
              pixel[c] += rowWeight * columnWeight * image[(row * side + column) * 3 + c];
      view.push(pixel);
    }
  return view;
}

function blurred(view: Rgb[], size: number, precision: number): Rgb[] {
  return view.map((_, at) => {
    const pixel: Rgb = [0, 0, 0];
    let total = 0;
    view.forEach((other, from) => {
      const dy = Math.floor(at / size) - Math.floor(from / size);
      const dx = (at % size) - (from % size);
      const weight = Math.exp(-(dx * dx + dy * dy) * precision);
      total += weight;
      for (let c = 0; c < 3; c++) pixel[c] += weight * other[c];
    });
    return pixel.map((v) => v / total) as Rgb;
  });
}

/** Through HSV and back. */
function turned([r, g, b]: Rgb, turn: number): Rgb {
  const value = Math.max(r, g, b);
  const chroma = value - Math.min(r, g, b);
  if (chroma === 0) return [r, g, b];
  let sector: number;
  if (value === r) sector = (g - b) / chroma;
  else if (value === g) sector = 2 + (b - r) / chroma;
  else sector = 4 + (r - g) / chroma;
  const channel = (n: number): number => {
    const k = (((n + sector + 6 * turn) % 6) + 6) % 6;
    return value - chroma * Math.max(0, Math.min(k, 4 - k, 1));
  };
  return [channel(5), channel(3), channel(1)];
}
