/** Puts a canvas into a place and finds something that can draw on it. */
import { canvasPoints } from './canvas-points';
import type { Places, PointRenderer } from './point-renderer';
import { webglPoints } from './webgl-points';

export interface OpenRenderer {
  readonly canvas: HTMLCanvasElement;
  readonly renderer: PointRenderer;
}

/**
 * WebGL2, else a plain canvas.
 * @param onRestored what was drawn is gone and has to be drawn again.
 * @returns null where the browser has neither.
 */
export function openRenderer(into: HTMLElement, places: Places, onRestored: () => void): OpenRenderer | null {
  // A canvas keeps the first kind of context that it was asked for.
  for (const kind of ['webgl', 'canvas'] as const) {
    const canvas = document.createElement('canvas');
    const renderer =
      kind === 'webgl' ? webglPoints(canvas, places, onRestored) : canvasPoints(canvas, places);
    if (!renderer) continue;
    into.replaceChildren(canvas);
    return { canvas, renderer };
  }
  into.replaceChildren();
  return null;
}
