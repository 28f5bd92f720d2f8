/** What thresholds of copies mean, as sentences. */
import { BACKGROUND_SENTENCE } from './background';
import { FALSE_ALARMS, LEAST_IMAGES, thresholdsOf, type BestScores, type Thresholds } from './calibrate';

export interface Explained {
  readonly normalized: BestScores | null;
  readonly sampled: number;
  readonly background: number;
  readonly synthetic: {
    readonly images: number;
    readonly blocks: readonly { readonly name: string; readonly found: Thresholds }[];
  } | null;
  readonly reason: string | null;
}

const percent = (share: number): string => `${Math.round(100 * share)} %`;

export function explainCalibration({
  normalized,
  sampled,
  background,
  synthetic,
  reason,
}: Explained): string[] {
  const told = [
    'A normalized score is the cosine less the mean background of both images.',
    BACKGROUND_SENTENCE,
  ];
  if (!normalized)
    return [
      ...told,
      sampled < LEAST_IMAGES
        ? `There are no thresholds: ${sampled} images say too little about how near unrelated ones come (at least ${LEAST_IMAGES} are needed).`
        : 'There are no thresholds: this encoder gives half of the images the same score, as a collapsed one does.',
    ];
  const thresholds = thresholdsOf(normalized);
  told.push(
    `Thresholds come from the nearest neighbours of ${sampled} images of this set, by a Gumbel distribution that leaves out the ${normalized.outliers} that stand out as copies.`,
    `"Copy" begins at ${thresholds.copy.toFixed(3)}: of images without a copy here one in ${1 / FALSE_ALARMS.copy} would reach it. "Likely" begins at ${thresholds.likely.toFixed(3)}: one in ${1 / FALSE_ALARMS.likely} would.`,
  );
  if (1 - background < thresholds.copy)
    told.push(
      `Even identical images score only about ${(1 - background).toFixed(3)} here: this encoder does not tell copies from neighbours.`,
    );
  if (synthetic)
    told.push(
      `Of synthetic copies of ${synthetic.images} images, made to see what is found: ` +
        synthetic.blocks
          .map(
            ({ name, found }) =>
              `${name} ${percent(found.copy)} "copy", ${percent(found.likely)} at least "likely"`,
          )
          .join('; ') +
        '.',
    );
  else if (reason) told.push(`No synthetic copies were tried: ${reason}`);
  else
    told.push(
      'What share of real copies is found is not known: look for copies in the whole set to try synthetic ones.',
    );
  return told;
}
