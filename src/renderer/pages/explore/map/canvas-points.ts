/** Draws points on a plain canvas, where there is no WebGL2: the same marks, slower with many points. */
import { LOOK_BYTES, STATES, type Rgb } from './look';
import { toScreen, type Size } from './camera';
import { pointSize, type Places, type PointRenderer } from './point-renderer';

export function canvasPoints(canvas: HTMLCanvasElement, { x, y }: Places): PointRenderer | null {
  const context = canvas.getContext('2d');
  if (!context) return null;
  let looks: Uint8Array | undefined;
  let order: Uint32Array = new Uint32Array();
  let ring = '';
  return {
    kind: 'canvas',
    setLooks(next, [red, green, blue]: Rgb) {
      looks = next;
      ring = `rgb(${red} ${green} ${blue})`;
      order = Uint32Array.from(x, (_, row) => row).sort(
        (a, b) => stateOf(next, a) - stateOf(next, b) || a - b,
      );
    },
    draw({ camera, width, height, ratio }) {
      if (!looks) return;
      const view: Size = { width, height };
      const size = pointSize(x.length, camera, view);
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, width, height);
      for (const row of order) {
        const [left, top] = toScreen(camera, view, [x[row], y[row]]);
        if (left < -size || top < -size || left > width + size || top > height + size) continue;
        const at = row * LOOK_BYTES;
        const state = looks[at + 4];
        const larger = state === STATES.query ? 2.6 : state === STATES.selected ? 1.7 : 1;
        context.globalAlpha = state === STATES.dimmed ? 0.2 : state === STATES.plain ? 0.85 : 1;
        context.fillStyle = `rgb(${looks[at]} ${looks[at + 1]} ${looks[at + 2]})`;
        tracePath(context, looks[at + 3], left, top, (size * larger) / 2);
        context.fill();
        if (state !== STATES.selected) continue;
        context.strokeStyle = ring;
        context.lineWidth = 1.5;
        context.stroke();
      }
    },
    dispose: () => context.clearRect(0, 0, canvas.width, canvas.height),
  };
}

const stateOf = (looks: Uint8Array, row: number): number => looks[row * LOOK_BYTES + 4];

/** Corners of SHAPES in groups.ts but for the circle, in the square [-1, 1], y downwards. */
const CORNERS: readonly (readonly (readonly [number, number])[])[] = [
  [],
  [
    [-0.78, -0.78],
    [0.78, -0.78],
    [0.78, 0.78],
    [-0.78, 0.78],
  ],
  [
    [0, -0.9],
    [0.9, 0.7],
    [-0.9, 0.7],
  ],
  [
    [0, -1],
    [1, 0],
    [0, 1],
    [-1, 0],
  ],
  plus(0),
  plus(Math.PI / 4),
];

function plus(turn: number): [number, number][] {
  const outline = [
    [-0.3, -0.9],
    [0.3, -0.9],
    [0.3, -0.3],
    [0.9, -0.3],
    [0.9, 0.3],
    [0.3, 0.3],
    [0.3, 0.9],
    [-0.3, 0.9],
    [-0.3, 0.3],
    [-0.9, 0.3],
    [-0.9, -0.3],
    [-0.3, -0.3],
  ];
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  return outline.map(([x, y]) => [x * cos - y * sin, x * sin + y * cos]);
}

function tracePath(
  context: CanvasRenderingContext2D,
  shape: number,
  left: number,
  top: number,
  radius: number,
): void {
  context.beginPath();
  const corners = CORNERS[shape];
  if (corners.length === 0) context.arc(left, top, radius * 0.88, 0, 2 * Math.PI);
  else for (const [x, y] of corners) context.lineTo(left + x * radius, top + y * radius);
  context.closePath();
}
