/**
 * How pixels become what an encoder takes: (pixel / 255 - mean) / std, for red, green and blue. A network sees something
 * else than it was trained on where this is another one than in training.
 */
import * as z from 'zod';
import { nearest, UserError } from '../errors';

const meanValue = z.number().refine((value) => value >= 0 && value <= 1, {
  error: ({ input }) => outside('mean', input, 'from 0 to 1'),
});
const stdValue = z.number().refine((value) => value > 0 && value <= 1, {
  error: ({ input }) => outside('standard deviation', input, 'above 0 and at most 1'),
});

/** Means in [0, 1] and standard deviations in (0, 1], of red, green and blue as numbers from 0 to 1. */
export const normalizationSchema = z.strictObject({
  mean: z.tuple([meanValue, meanValue, meanValue]),
  std: z.tuple([stdValue, stdValue, stdValue]),
});
export type Normalization = z.infer<typeof normalizationSchema>;

const even = (mean: number, std: number): Normalization => ({
  mean: [mean, mean, mean],
  std: [std, std, std],
});

/** Those that published encoders were trained with, by name. */
export const NORMALIZATIONS = {
  /** Mean and deviation of ImageNet's training images: torchvision, most of timm, DINO, DINOv2. */
  imagenet: { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
  /** Of CLIP's training images (Radford et al. 2021), OpenCLIP's too. */
  clip: { mean: [0.48145466, 0.4578275, 0.40821073], std: [0.26862954, 0.26130258, 0.27577711] },
  /** [-1, 1]: timm's ViTs of augreg, MobileNets and Inceptions of TensorFlow. */
  symmetric: even(0.5, 0.5),
  /** [0, 1]: the model normalizes pixels itself, or was trained without. */
  unit: even(0, 1),
  /** [0, 255]: the model begins with a division of its own. */
  bytes: even(0, 1 / 255),
} satisfies Readonly<Record<string, Normalization>>;
export type NormalizationName = keyof typeof NORMALIZATIONS;

/** Assumed where a file says nothing: what most published encoders of images want. */
export const ASSUMED_NORMALIZATION: Normalization = NORMALIZATIONS.imagenet;

export const normalizationNames = Object.keys(NORMALIZATIONS) as NormalizationName[];

export const sameNormalization = (a: Normalization, b: Normalization): boolean =>
  [...a.mean, ...a.std].join() === [...b.mean, ...b.std].join();

/** What `parseNormalization` takes: a name where it has one, else "mean/std". */
export function normalizationText(normalization: Normalization): string {
  const name = normalizationNames.find((known) => sameNormalization(NORMALIZATIONS[known], normalization));
  return name ?? `${valuesText(normalization.mean)}/${valuesText(normalization.std)}`;
}

const valuesText = (values: readonly number[]): string =>
  new Set(values).size === 1 ? String(values[0]) : values.join(',');

/**
 * @param text a name of NORMALIZATIONS, or "mean/std", each one number or three with commas: "0.5/0.25",
 *   "0.485,0.456,0.406/0.229,0.224,0.225".
 * @throws UserError (usage) naming the value that is wrong and what was expected.
 */
export function parseNormalization(text: string): Normalization {
  const wanted = text.trim();
  const name = normalizationNames.find((known) => known === wanted.toLowerCase());
  if (name) return NORMALIZATIONS[name];
  const [mean, std, ...rest] = wanted.split('/');
  if (std === undefined || rest.length > 0) {
    const meant = nearest(wanted, normalizationNames);
    throw refusal(
      `"${text}" is no normalization.`,
      `${meant && !/\d/.test(wanted) ? `Did you mean ${meant}? ` : ''}${EXPECTED}`,
    );
  }
  const parsed = normalizationSchema.safeParse({ mean: triple(mean, 'mean'), std: triple(std, 'deviation') });
  if (parsed.success) return parsed.data;
  throw refusal(`${parsed.error.issues[0].message}.`, EXPECTED);
}

/** One number counts for all three channels. */
function triple(text: string, what: string): number[] {
  const values = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  if (values.some((value) => !Number.isFinite(value)) || (values.length !== 1 && values.length !== 3))
    throw refusal(`The ${what} "${text}" is not one number, or three with commas between them.`, EXPECTED);
  return values.length === 1 ? [values[0], values[0], values[0]] : values;
}

const EXPECTED = `Expected is one of ${normalizationNames.join(', ')}, or mean/std of red, green and blue as numbers from 0 to 1, such as 0.485,0.456,0.406/0.229,0.224,0.225.`;

const refusal = (message: string, hint: string): UserError => new UserError(message, hint, 'usage');

function outside(what: string, value: unknown, range: string): string {
  const isOfBytes = typeof value === 'number' && value > 1 && value <= 255;
  const told = `The ${what} ${String(value)} is not ${range}`;
  return isOfBytes
    ? `${told}: for pixels from 0 to 255 divide it by 255, which gives ${Number((value / 255).toPrecision(4))}`
    : told;
}
