/** A photograph of a flat picture: its four corners moved, by a projective map with bilinear interpolation. */

export interface Picture {
  /** [height, width, 3], sRGB 0-255. */
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
}

export type Corners = readonly [x: number, y: number][];

/**
 * @param corners where top left, top right, bottom right and bottom left come from, in shares of the picture; outside
 *   of it is `background`.
 */
export function warp({ pixels, width, height }: Picture, corners: Corners, background: number): Picture {
  const map = homography(corners);
  const out = new Uint8Array(pixels.length).fill(background);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [u, v] = [(x + 0.5) / width, (y + 0.5) / height];
      const w = map[6] * u + map[7] * v + 1;
      const fromX = ((map[0] * u + map[1] * v + map[2]) / w) * width - 0.5;
      const fromY = ((map[3] * u + map[4] * v + map[5]) / w) * height - 0.5;
      const [x0, y0] = [Math.floor(fromX), Math.floor(fromY)];
      if (x0 < 0 || y0 < 0 || x0 + 1 >= width || y0 + 1 >= height) continue;
      const [dx, dy] = [fromX - x0, fromY - y0];
      const at = (y0 * width + x0) * 3;
      const below = at + width * 3;
      const to = (y * width + x) * 3;
      for (let c = 0; c < 3; c++) {
        const top = pixels[at + c] * (1 - dx) + pixels[at + 3 + c] * dx;
        const bottom = pixels[below + c] * (1 - dx) + pixels[below + 3 + c] * dx;
        out[to + c] = Math.round(top * (1 - dy) + bottom * dy);
      }
    }
  return { pixels: out, width, height };
}

/** The map of the unit square's corners to `corners` (Heckbert 1989, section 2.2.3): a, b, c, d, e, f, g, h. */
function homography([[x0, y0], [x1, y1], [x2, y2], [x3, y3]]: Corners): number[] {
  const [dx1, dx2, dx3] = [x1 - x2, x3 - x2, x0 - x1 + x2 - x3];
  const [dy1, dy2, dy3] = [y1 - y2, y3 - y2, y0 - y1 + y2 - y3];
  const determinant = dx1 * dy2 - dx2 * dy1;
  const g = (dx3 * dy2 - dx2 * dy3) / determinant;
  const h = (dx1 * dy3 - dx3 * dy1) / determinant;
  return [x1 - x0 + g * x1, x3 - x0 + h * x3, x0, y1 - y0 + g * y1, y3 - y0 + h * y3, y0, g, h];
}
