/**
 * Distortions in the manner of Copydays (Douze et al. 2009): JPEG at nine qualities, crops that take 10 to 80 % of
 * the area away, and strong ones. The strong ones of Copydays were printed, scanned and painted by hand; these are
 * made by a program and only imitate that, each the same for the same seed.
 */
import sharp, { type Sharp } from 'sharp';
import { MAX_PIXELS } from '../../data';
import { random, type Random } from '../../shared/random';
import { warp, type Corners, type Picture } from './perspective';

/** Copydays' qualities and shares of the area, %. */
export const JPEG_QUALITIES = [75, 50, 30, 20, 15, 10, 8, 5, 3] as const;
export const CROPPED_SHARES = [10, 15, 20, 30, 40, 50, 60, 70, 80] as const;

/** Larger originals are scaled down to this side first, px: Copydays' are a sixteenth of the photographs' pixels. */
const LONGEST_SIDE = 1024;

/** A distorted image. */
export interface Distorted {
  /** "jpeg 75", "crop 10", "strong". */
  readonly block: string;
  /** JPEG. */
  readonly file: Buffer;
  /** For people. */
  readonly did: string;
}

/** As all distortions begin: upright, on white, sRGB, of bounded size. @throws Error where it cannot be read. */
export async function pictureOf(content: Buffer): Promise<Picture> {
  const { data, info } = await sharp(content, {
    limitInputPixels: MAX_PIXELS,
    autoOrient: true,
    failOn: 'error',
  })
    .resize(LONGEST_SIDE, LONGEST_SIDE, { fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return { pixels: data, width: info.width, height: info.height };
}

const open = ({ pixels, width, height }: Picture) => sharp(pixels, { raw: { width, height, channels: 3 } });

export async function compress(picture: Picture, quality: number): Promise<Distorted> {
  return {
    block: `jpeg ${quality}`,
    file: await open(picture).jpeg({ quality }).toBuffer(),
    did: `JPEG of quality ${quality}`,
  };
}

/** Keeps the centre. @param share of the area that is taken away, %. */
export async function crop(picture: Picture, share: number): Promise<Distorted> {
  const side = Math.sqrt(1 - share / 100);
  const width = Math.max(1, Math.round(picture.width * side));
  const height = Math.max(1, Math.round(picture.height * side));
  const left = Math.floor((picture.width - width) / 2);
  const top = Math.floor((picture.height - height) / 2);
  return {
    block: `crop ${share}`,
    file: await open(picture).extract({ left, top, width, height }).jpeg({ quality: 90 }).toBuffer(),
    did: `${share} % of the area cut off around the centre`,
  };
}

/** @param image number of the image, so that each is distorted in its own way. */
export async function distortStrongly(picture: Picture, seed: number, image: number): Promise<Distorted> {
  const draw = random(seed, 'copies', 3, image);
  const recipe = RECIPES[draw.integer(RECIPES.length)];
  const did: string[] = [];
  let current = picture;
  for (const name of recipe) {
    const step = await STEPS[name](current, draw);
    current = step.picture;
    did.push(step.did);
  }
  const quality = 30 + draw.integer(51);
  const file = await open(current).jpeg({ quality }).toBuffer();
  return { block: 'strong', file, did: [...did, `JPEG of quality ${quality}`].join(', ') };
}

interface Done {
  readonly picture: Picture;
  readonly did: string;
}
type Step = (picture: Picture, draw: Random) => Done | Promise<Done>;

const STEPS = {
  photograph: (picture, draw) => {
    const corner = (x: number, y: number): [number, number] => [
      x + draw.between(-0.12, 0.12),
      y + draw.between(-0.12, 0.12),
    ];
    const corners: Corners = [corner(0, 0), corner(1, 0), corner(1, 1), corner(0, 1)];
    return { picture: warp(picture, corners, draw.integer(256)), did: 'seen from aside' };
  },
  rotate: async (picture, draw) => {
    const angle = draw.between(4, 20) * (draw.chance(0.5) ? 1 : -1);
    const turned = open(picture).rotate(angle, { background: '#ffffff' });
    return { picture: await render(turned), did: `turned by ${angle.toFixed(0)} degrees` };
  },
  blur: async (picture, draw) => {
    const sigma = draw.between(0.008, 0.02) * Math.min(picture.width, picture.height);
    return { picture: await render(open(picture).blur(Math.max(0.3, sigma))), did: 'blurred' };
  },
  fade: async (picture, draw) => {
    const contrast = draw.between(0.4, 0.75);
    const tint = [draw.between(60, 100), draw.between(60, 100), draw.between(40, 80)];
    const faded = open(picture).linear([contrast, contrast, contrast], tint);
    return { picture: await render(faded), did: 'faded like a print' };
  },
  harden: async (picture, draw) => {
    const contrast = draw.between(1.5, 2.2);
    const offset = 128 * (1 - contrast) + draw.between(-30, 30);
    return { picture: await render(open(picture).linear(contrast, offset)), did: 'contrast raised' };
  },
  gray: ({ pixels, ...size }) => {
    const gray = new Uint8Array(pixels.length);
    for (let i = 0; i < pixels.length; i += 3)
      gray.fill(0.299 * pixels[i] + 0.587 * pixels[i + 1] + 0.114 * pixels[i + 2], i, i + 3);
    return { picture: { ...size, pixels: gray }, did: 'without colour' };
  },
  grain: (picture, draw) => {
    const strength = draw.between(10, 35);
    const pixels = picture.pixels.map((value) =>
      Math.max(0, Math.min(255, value + strength * draw.normal())),
    );
    return { picture: { ...picture, pixels }, did: 'grainy' };
  },
  paint: async (picture, draw) => {
    const strokes = Array.from({ length: 2 + draw.integer(5) }, () => stroke(picture, draw)).join('');
    return { picture: await overlay(picture, strokes), did: 'painted over' };
  },
  stamp: async (picture, draw) => {
    const { width, height } = picture;
    const [x, y] = [draw.between(0, 0.6) * width, draw.between(0, 0.6) * height];
    const [w, h] = [draw.between(0.25, 0.5) * width, draw.between(0.15, 0.4) * height];
    const box = `<rect x="${x}" y="${y}" width="${w}" height="${h}" fill="${colour(draw)}"/>`;
    const mark = `<circle cx="${x + w / 2}" cy="${y + h / 2}" r="${h / 3}" fill="${colour(draw)}"/>`;
    return { picture: await overlay(picture, box + mark), did: 'something laid over it' };
  },
  cut: async (picture, draw) => {
    const share = draw.between(0.5, 0.75);
    const [width, height] = [picture.width, picture.height].map((side) =>
      Math.max(1, Math.round(side * share)),
    );
    const left = draw.integer(picture.width - width + 1);
    const top = draw.integer(picture.height - height + 1);
    return {
      picture: await render(open(picture).extract({ left, top, width, height })),
      did: 'a part of it',
    };
  },
  frame: async (picture, draw) => {
    const edge = Math.max(1, Math.round(draw.between(0.08, 0.2) * Math.min(picture.width, picture.height)));
    const framed = open(picture).extend({
      top: edge,
      bottom: edge,
      left: edge,
      right: edge,
      background: colour(draw),
    });
    return { picture: await render(framed), did: 'framed' };
  },
} satisfies Record<string, Step>;

/** What belongs together: printed and photographed, scribbled on, edited. */
const RECIPES: readonly (readonly (keyof typeof STEPS)[])[] = [
  ['fade', 'photograph', 'blur', 'grain'],
  ['gray', 'photograph', 'grain'],
  ['fade', 'rotate', 'blur'],
  ['paint', 'photograph'],
  ['paint', 'harden'],
  ['stamp', 'cut'],
  ['stamp', 'blur', 'fade'],
  ['cut', 'frame', 'harden'],
  ['frame', 'photograph', 'fade', 'grain'],
  ['gray', 'paint', 'rotate'],
];

async function render(image: Sharp): Promise<Picture> {
  const { data, info } = await image
    .removeAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return { pixels: data, width: info.width, height: info.height };
}

function overlay(picture: Picture, shapes: string): Promise<Picture> {
  const { width, height } = picture;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${shapes}</svg>`;
  return render(open(picture).composite([{ input: Buffer.from(svg) }]));
}

function stroke({ width, height }: Picture, draw: Random): string {
  const points = Array.from(
    { length: 3 + draw.integer(4) },
    () => `${(draw.uniform() * width).toFixed(1)},${(draw.uniform() * height).toFixed(1)}`,
  );
  const thick = (draw.between(0.02, 0.07) * Math.min(width, height)).toFixed(1);
  return `<polyline points="${points.join(' ')}" fill="none" stroke="${colour(draw)}" stroke-width="${thick}"/>`;
}

const colour = (draw: Random): string =>
  `#${Array.from({ length: 3 }, () => draw.integer(256).toString(16).padStart(2, '0')).join('')}`;
