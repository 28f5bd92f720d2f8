/** The two programs of the graphics card: where a point is and how large, and which of its pixels are of its shape. */

/** Pass 0 draws what is dimmed, 1 the plain, 2 what is selected: later ones lie above. */
export const VERTEX = `#version 300 es
precision highp float;
layout(location = 0) in vec2 place;
layout(location = 1) in vec4 look;
layout(location = 2) in float state;
uniform vec2 middle;
uniform vec2 scale;
uniform float size;
uniform float pass;
out vec3 color;
flat out int shape;
flat out int ringed;
flat out float alpha;
flat out float pixels;
void main() {
  float mine = min(state, 2.0);
  gl_Position = mine == pass ? vec4((place - middle) * scale, 0.0, 1.0) : vec4(2.0, 2.0, 2.0, 1.0);
  pixels = size * (state > 2.5 ? 2.6 : state > 1.5 ? 1.7 : 1.0);
  gl_PointSize = pixels;
  color = look.rgb;
  shape = int(look.a * 255.0 + 0.5);
  ringed = mine > 1.5 && state < 2.5 ? 1 : 0;
  alpha = state < 0.5 ? 0.2 : state < 1.5 ? 0.85 : 1.0;
}`;

/** Signed distances of SHAPES in groups.ts, in the square [-1, 1]; an edge of one pixel is smoothed. */
export const FRAGMENT = `#version 300 es
precision highp float;
in vec3 color;
flat in int shape;
flat in int ringed;
flat in float alpha;
flat in float pixels;
uniform vec3 ring;
out vec4 pixel;
float bar(vec2 p) { return max(abs(p.x) - 0.9, abs(p.y) - 0.3); }
float distanceTo(vec2 p) {
  if (shape == 1) return max(abs(p.x), abs(p.y)) - 0.78;
  if (shape == 2) return max(p.y - 0.7, (1.6 * abs(p.x) - 0.9 * (p.y + 0.9)) / 1.836);
  if (shape == 3) return (abs(p.x) + abs(p.y) - 1.0) * 0.7071;
  if (shape == 4) return min(bar(p), bar(p.yx));
  if (shape == 5) {
    vec2 q = vec2(p.x + p.y, p.x - p.y) * 0.7071;
    return min(bar(q), bar(q.yx));
  }
  return length(p) - 0.88;
}
void main() {
  float d = distanceTo(gl_PointCoord * 2.0 - 1.0);
  float edge = 2.0 / pixels;
  float inside = 1.0 - smoothstep(-edge, edge * 0.5, d);
  if (inside <= 0.0) discard;
  // The bars of crosses are only 0.3 deep: a wider ring would leave nothing of their colour.
  vec3 shown = ringed == 1 && d > -0.2 ? ring : color;
  pixel = vec4(shown, 1.0) * (inside * alpha);
}`;
