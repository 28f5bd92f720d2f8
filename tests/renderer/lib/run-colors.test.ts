/** src/renderer/lib/run-colors.ts and the run colours of src/renderer/tokens.css */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { runColor } from '../../../src/renderer/lib/run-colors';

type Triple = readonly [number, number, number];

const css = readFileSync('src/renderer/tokens.css', 'utf8');
const [light, dark] = css.split("[data-theme='dark']");

function token(block: string, name: string): Triple {
  const found = new RegExp(`--${name}: oklch\\(([\\d.]+) ([\\d.]+) ([\\d.]+)\\)`).exec(block);
  if (!found) throw new Error(`--${name} is missing`);
  return [Number(found[1]), Number(found[2]), Number(found[3])];
}

/** OKLCH to linear sRGB, with the chroma lowered until it is inside: as browsers map it, nearly. */
function linear([l, c, h]: Triple): Triple {
  for (let chroma = c; ; chroma -= 0.002) {
    const [a, b] = [chroma * Math.cos((h * Math.PI) / 180), chroma * Math.sin((h * Math.PI) / 180)];
    const [x, y, z] = [
      (l + 0.3963377774 * a + 0.2158037573 * b) ** 3,
      (l - 0.1055613458 * a - 0.0638541728 * b) ** 3,
      (l - 0.0894841775 * a - 1.291485548 * b) ** 3,
    ];
    const rgb: Triple = [
      4.0767416621 * x - 3.3077115913 * y + 0.2309699292 * z,
      -1.2684380046 * x + 2.6097574011 * y - 0.3413193965 * z,
      -0.0041960863 * x - 0.7034186147 * y + 1.707614701 * z,
    ];
    if (chroma <= 0 || rgb.every((part) => part >= 0 && part <= 1)) return rgb;
  }
}

function oklab(rgb: Triple): Triple {
  const [r, g, b] = rgb.map((part) => Math.max(0, part));
  const [l, m, s] = [
    Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b),
    Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b),
    Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b),
  ];
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/** Machado, Oliveira, Fernandes 2009, severity 1, on linear sRGB. */
const eyes: Record<string, readonly Triple[]> = {
  'most eyes': [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const luminance = ([r, g, b]: Triple) => 0.2126 * r + 0.7152 * g + 0.0722 * b;
const colors = (block: string) =>
  Array.from({ length: 10 }, (_, index) => linear(token(block, `run-${index}`)));

describe.each([
  ['light', light],
  ['dark', dark],
])('the ten colours, %s', (_name, block) => {
  test.each(Object.entries(eyes))('are apart for %s', (_eye, matrix) => {
    const seen = colors(block).map((rgb) =>
      oklab(
        matrix.map((line) =>
          line.reduce((sum, weight, index) => sum + weight * rgb[index], 0),
        ) as unknown as Triple,
      ),
    );
    let least = Infinity;
    seen.forEach((a, index) => {
      for (const b of seen.slice(0, index))
        least = Math.min(least, Math.hypot(...a.map((part, axis) => part - b[axis])));
    });
    // Two neighbours in a scale of ten equal steps from black to white are 0.1 apart.
    expect(least).toBeGreaterThan(0.045);
  });

  test('stand out from the page', () => {
    const page = luminance(linear(token(block, 'page')));
    for (const rgb of colors(block)) {
      const [high, low] = [luminance(rgb), page].sort((a, b) => b - a);
      expect((high + 0.05) / (low + 0.05)).toBeGreaterThan(3);
    }
  });
});

describe('a run', () => {
  test('keeps its colour, and gets a dash where colours begin again', () => {
    expect(runColor(3)).toEqual({ css: 'var(--run-3)', dash: [] });
    expect(runColor(13).css).toBe('var(--run-3)');
    expect(runColor(13).dash).not.toEqual([]);
  });

  test('sixty runs look all different', () => {
    const looks = new Set(Array.from({ length: 60 }, (_, color) => JSON.stringify(runColor(color))));
    expect(looks.size).toBe(60);
  });
});
