/** What draws the points: the graphics card where there is WebGL2, else a plain canvas. */
import type { MapPoints } from '../../../../shared/explorer/map';
import type { Camera, Size } from './camera';
import type { Rgb } from './look';

export interface View extends Size {
  readonly camera: Camera;
  /** Device pixels a CSS pixel. */
  readonly ratio: number;
}

export interface PointRenderer {
  readonly kind: 'webgl' | 'canvas';
  /** @param looks see look.ts. @param ring around what is selected. */
  setLooks(looks: Uint8Array, ring: Rgb): void;
  draw(view: View): void;
  dispose(): void;
}

export type Places = Pick<MapPoints, 'x' | 'y'>;

/** Diameter of a point, CSS px: small where there are many and the whole map is in view, larger near by. */
export function pointSize(count: number, camera: Camera, view: Size): number {
  const usual = Math.min(9, Math.max(2.5, 500 / Math.sqrt(count)));
  const nearness = camera.scale / (Math.min(view.width, view.height) / 2 || 1);
  return Math.min(14, usual * Math.max(1, nearness) ** 0.35);
}
