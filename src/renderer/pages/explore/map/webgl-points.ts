/** Draws points with WebGL2: all of them in one to three calls a frame, without a library that would compile JavaScript. */
import { LOOK_BYTES, STATES, type Rgb } from './look';
import { pointSize, type Places, type PointRenderer, type View } from './point-renderer';
import { FRAGMENT, VERTEX } from './shaders';

/**
 * @param onLost the graphics card took back what it lent; `onRestored`: draw again.
 * @returns null where there is no WebGL2.
 */
export function webglPoints(
  canvas: HTMLCanvasElement,
  places: Places,
  onRestored: () => void,
): PointRenderer | null {
  const gl = canvas.getContext('webgl2', { antialias: false, depth: false, premultipliedAlpha: true });
  if (!gl) return null;
  let resources = upload(gl, places);
  if (!resources) return null;
  let shown: { looks: Uint8Array; ring: Rgb; passes: number[] } | undefined;
  const putLooks = () => {
    if (!shown || !resources) return;
    gl.bindBuffer(gl.ARRAY_BUFFER, resources.looks);
    gl.bufferData(gl.ARRAY_BUFFER, shown.looks, gl.DYNAMIC_DRAW);
  };
  const onLost = (event: Event) => {
    // Without this it would never be given back.
    event.preventDefault();
    resources = null;
  };
  const onGivenBack = () => {
    resources = upload(gl, places);
    putLooks();
    onRestored();
  };
  canvas.addEventListener('webglcontextlost', onLost);
  canvas.addEventListener('webglcontextrestored', onGivenBack);

  return {
    kind: 'webgl',
    setLooks(looks, ring) {
      shown = { looks, ring, passes: passesOf(looks) };
      putLooks();
    },
    draw(view) {
      if (!resources || !shown) return;
      drawPasses(gl, resources, places.x.length, shown, view);
    },
    dispose() {
      canvas.removeEventListener('webglcontextlost', onLost);
      canvas.removeEventListener('webglcontextrestored', onGivenBack);
      gl.getExtension('WEBGL_lose_context')?.loseContext();
    },
  };
}

interface Resources {
  readonly program: WebGLProgram;
  readonly looks: WebGLBuffer;
  readonly uniform: (name: string) => WebGLUniformLocation | null;
}

function upload(gl: WebGL2RenderingContext, { x, y }: Places): Resources | null {
  const program = link(gl);
  if (!program) return null;
  const places = new Float32Array(x.length * 2);
  x.forEach((value, row) => {
    places[row * 2] = value;
    places[row * 2 + 1] = y[row];
  });
  gl.bindVertexArray(gl.createVertexArray());
  gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
  gl.bufferData(gl.ARRAY_BUFFER, places, gl.STATIC_DRAW);
  gl.enableVertexAttribArray(0);
  gl.vertexAttribPointer(0, 2, gl.FLOAT, false, 0, 0);
  const looks = gl.createBuffer();
  gl.bindBuffer(gl.ARRAY_BUFFER, looks);
  gl.enableVertexAttribArray(1);
  gl.vertexAttribPointer(1, 4, gl.UNSIGNED_BYTE, true, LOOK_BYTES, 0);
  gl.enableVertexAttribArray(2);
  gl.vertexAttribPointer(2, 1, gl.UNSIGNED_BYTE, false, LOOK_BYTES, 4);
  const known = new Map<string, WebGLUniformLocation | null>();
  const uniform = (name: string) => {
    if (!known.has(name)) known.set(name, gl.getUniformLocation(program, name));
    return known.get(name) ?? null;
  };
  return { program, looks, uniform };
}

/** Null where the driver refuses the programs: the plain canvas takes over. */
function link(gl: WebGL2RenderingContext): WebGLProgram | null {
  const program = gl.createProgram();
  for (const [type, source] of [
    [gl.VERTEX_SHADER, VERTEX],
    [gl.FRAGMENT_SHADER, FRAGMENT],
  ] as const) {
    const shader = gl.createShader(type);
    if (!shader) return null;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (gl.getProgramParameter(program, gl.LINK_STATUS)) return program;
  if (!gl.isContextLost()) console.warn('The map is drawn without WebGL2:', gl.getProgramInfoLog(program));
  return null;
}

/** Each pass looks at all points: those without a point of theirs are left out. See VERTEX. */
function passesOf(looks: Uint8Array): number[] {
  const passes = new Set<number>();
  for (let at = 4; at < looks.length; at += LOOK_BYTES) passes.add(Math.min(looks[at], STATES.selected));
  return [...passes].sort();
}

function drawPasses(
  gl: WebGL2RenderingContext,
  { program, uniform }: Resources,
  count: number,
  { ring, passes }: { ring: Rgb; passes: readonly number[] },
  view: View,
): void {
  const { camera, width, height, ratio } = view;
  gl.viewport(0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight);
  gl.clearColor(0, 0, 0, 0);
  gl.clear(gl.COLOR_BUFFER_BIT);
  gl.enable(gl.BLEND);
  gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  gl.useProgram(program);
  gl.uniform2f(uniform('middle'), camera.x, camera.y);
  gl.uniform2f(uniform('scale'), (2 * camera.scale) / width, (2 * camera.scale) / height);
  gl.uniform1f(uniform('size'), pointSize(count, camera, view) * ratio);
  gl.uniform3f(uniform('ring'), ring[0] / 255, ring[1] / 255, ring[2] / 255);
  for (const pass of passes) {
    gl.uniform1f(uniform('pass'), pass);
    gl.drawArrays(gl.POINTS, 0, count);
  }
}
