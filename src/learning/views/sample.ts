/** Draws the parameters of views: from (seed, epoch, image, view) alone, whatever else is in the batch. */
import { random, type Random } from '../../shared/random';
import { NO_BLUR, VIEW_PARAMETERS, VIEW_PARAMETER_COUNT, type ViewParameter } from './parameters';
import type { ViewRecipe } from './recipe';

export interface ViewPlace {
  readonly seed: number;
  /** Whatever counts how often the same image was seen: the epoch, or the step. */
  readonly epoch: number;
  /** Index in the data set of each image of the batch. */
  readonly images: ArrayLike<number>;
  /** Which of the method's views this is. */
  readonly view: number;
}

/**
 * @param imageSize side of the images that come in, px.
 * @returns [batch, VIEW_PARAMETER_COUNT], row after row, the batch being `place.images`.
 */
export function sampleViews(recipe: ViewRecipe, imageSize: number, place: ViewPlace): Float32Array {
  const rows = new Float32Array(place.images.length * VIEW_PARAMETER_COUNT);
  for (let i = 0; i < place.images.length; i++) {
    const source = random(place.seed, 'views', place.epoch, place.images[i], place.view);
    const drawn = sampleView(recipe, imageSize, source);
    for (let k = 0; k < VIEW_PARAMETER_COUNT; k++)
      rows[i * VIEW_PARAMETER_COUNT + k] = drawn[VIEW_PARAMETERS[k]];
  }
  return rows;
}

/** The parameters of one view of one image. Ranges are torchvision's. */
export function sampleView(
  recipe: ViewRecipe,
  imageSize: number,
  source: Random,
): Record<ViewParameter, number> {
  const box = sampleBox(recipe.crop, imageSize, source);
  const shift = () => (recipe.padCrop ? source.integer(2 * recipe.padCrop + 1) - recipe.padCrop : 0);
  const once = (probability: number) => (probability > 0 && source.chance(probability) ? 1 : 0);
  const corner = () => (recipe.squareMask ? source.integer(recipe.size - recipe.squareMask + 1) : 0);
  return {
    ...box,
    shiftY: shift(),
    shiftX: shift(),
    flip: once(recipe.flip),
    ...sampleJitter(recipe.jitter, source),
    grayscale: once(recipe.grayscale),
    blur: sampleBlur(recipe.blur, source),
    solarize: once(recipe.solarize),
    maskTop: corner(),
    maskLeft: corner(),
  };
}

/** torchvision's RandomResizedCrop.get_params: ten tries, then the largest centred box of an allowed shape. */
function sampleBox(
  crop: ViewRecipe['crop'],
  size: number,
  source: Random,
): Pick<Record<ViewParameter, number>, 'top' | 'left' | 'height' | 'width'> {
  if (!crop) return { top: 0, left: 0, height: size, width: size };
  const [smallest, largest] = crop.ratio;
  for (let attempt = 0; attempt < 10; attempt++) {
    const area = size * size * source.between(...crop.scale);
    const ratio = Math.exp(source.between(Math.log(smallest), Math.log(largest)));
    const width = Math.round(Math.sqrt(area * ratio));
    const height = Math.round(Math.sqrt(area / ratio));
    if (width > 0 && width <= size && height > 0 && height <= size)
      return {
        top: source.integer(size - height + 1),
        left: source.integer(size - width + 1),
        height,
        width,
      };
  }
  const height = smallest > 1 ? Math.max(1, Math.round(size / smallest)) : size;
  const width = largest < 1 ? Math.max(1, Math.round(size * largest)) : size;
  return { top: (size - height) >> 1, left: (size - width) >> 1, height, width };
}

/** Factors uniform in [max(0, 1 - x), 1 + x], turn of the hue uniform in [-x, x]. */
function sampleJitter(
  jitter: ViewRecipe['jitter'],
  source: Random,
): Pick<Record<ViewParameter, number>, 'brightness' | 'contrast' | 'saturation' | 'hue'> {
  if (!jitter || !source.chance(jitter.probability))
    return { brightness: 1, contrast: 1, saturation: 1, hue: 0 };
  const factor = (x: number) => source.between(Math.max(0, 1 - x), 1 + x);
  return {
    brightness: factor(jitter.brightness),
    contrast: factor(jitter.contrast),
    saturation: factor(jitter.saturation),
    hue: source.between(-jitter.hue, jitter.hue),
  };
}

function sampleBlur(blur: ViewRecipe['blur'], source: Random): number {
  if (!blur || !source.chance(blur.probability)) return NO_BLUR;
  const sigma = source.between(...blur.sigma);
  return 1 / (2 * sigma * sigma);
}
