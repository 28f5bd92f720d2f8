/** What self-distillation takes for a data set of a given size, as lightly-train does (its dino.py): small data need fewer prototypes, a sharper and a faster teacher. */

const SMALL = 20_000;
const IMAGENET = 1_281_167;

/** Prototypes, up to which number of images. */
const STEPS: readonly (readonly [images: number, prototypes: number])[] = [
  [20_000, 1024],
  [50_000, 2048],
  [100_000, 4096],
  [200_000, 16_384],
  [500_000, 32_768],
];

/** Number of prototypes, K. */
export const prototypesFor = (images: number): number =>
  STEPS.find(([most]) => images <= most)?.[1] ?? 65_536;

/** Teacher temperature after its warm-up: 0.02 to 0.07, in hundredths. */
export const teacherTemperatureFor = (images: number): number => rounded(0.02 + 0.05 * placeOf(images), 100);

/** Teacher temperature at the start, never above the one that it rises to: 0.02 to 0.04, in hundredths. */
export const warmupTemperatureFor = (temperature: number): number => {
  const place = Math.min(1, Math.max(0, (temperature - 0.02) / 0.05));
  return Math.min(temperature, rounded(0.02 + 0.02 * place, 100));
};

/** Momentum of the teacher at the start: 0.99 to 0.996, in thousandths. */
export const momentumFor = (images: number): number => rounded(0.99 + 0.006 * placeOf(images), 1000);

/** 0 for small data to 1 for ImageNet's size. */
const placeOf = (images: number): number => Math.min(1, Math.max(0, (images - SMALL) / (IMAGENET - SMALL)));

const rounded = (value: number, parts: number): number => Math.round(value * parts) / parts;
