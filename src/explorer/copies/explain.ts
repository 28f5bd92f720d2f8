/** What thresholds of copies mean, as sentences. */
import { BACKGROUND_SENTENCE } from './background';
import { FALSE_ALARMS, LEAST_IMAGES, scaleOf, type DecidingScore, type ScoreFits } from './calibrate';
import { chooseScore, type Trial } from './choose-score';

export interface Explained extends ScoreFits {
  readonly sampled: number;
  readonly background: number;
  readonly synthetic: (Trial & { readonly images: number; readonly unreadable: number }) | null;
  readonly reason: string | null;
}

const percent = (share: number): string => `${Math.round(100 * share)} %`;

export function explainCalibration(calibration: Explained): string[] {
  const { sampled, background, synthetic } = calibration;
  const by = chooseScore(calibration, synthetic);
  const { thresholds } = scaleOf(calibration, by);
  const told = [
    'A normalized score is the cosine less the mean background of both images.',
    BACKGROUND_SENTENCE,
  ];
  const fit = calibration[by];
  if (!fit || !thresholds)
    return [
      ...told,
      sampled < LEAST_IMAGES
        ? `There are no thresholds: ${sampled} images say too little about how near unrelated ones come (at least ${LEAST_IMAGES} are needed).`
        : 'There are no thresholds: this encoder gives half of the images the same score, as a collapsed one does.',
    ];
  told.push(
    choiceSentence(by, calibration),
    `Thresholds come from the nearest neighbours of ${sampled} images of this set, by a Gumbel distribution that leaves out the ${fit.outliers} that stand out as copies.`,
    `"Copy" begins at ${thresholds.copy.toFixed(3)}: of images without a copy here one in ${1 / FALSE_ALARMS.copy} would reach it. "Likely" begins at ${thresholds.likely.toFixed(3)}: one in ${1 / FALSE_ALARMS.likely} would.`,
  );
  if (by === 'normalized')
    told.push('A pair whose cosine alone is that rare is called a copy too, whatever its background.');
  if (by === 'normalized' && 1 - background < thresholds.copy)
    told.push(
      `Even identical images score only about ${(1 - background).toFixed(3)} here: this encoder does not tell copies from neighbours.`,
    );
  told.push(trialSentence(by, calibration));
  return told;
}

/** Which score decides, and why. */
function choiceSentence(by: DecidingScore, { synthetic, cosine, normalized }: Explained): string {
  const [chosen, other] =
    by === 'cosine' ? ['The cosine', 'the normalized score'] : ['The normalized score', 'the cosine'];
  if (!synthetic)
    return `${chosen} decides: which score tells copies better here was not tried, and normalizing can ruin a weak encoder.`;
  if (!cosine || !normalized) return `${chosen} decides: there are no thresholds of ${other}.`;
  const { microAp } = synthetic;
  const beside = by === 'cosine' ? microAp.normalized : microAp.cosine;
  return (
    `${chosen} decides: in a trial with synthetic copies of images of this set its micro-AP was ` +
    `${(100 * microAp[by]).toFixed(1)} %, and that of ${other} ${(100 * beside).toFixed(1)} %.`
  );
}

/** What share of copies would be found. */
function trialSentence(by: DecidingScore, { synthetic, reason }: Explained): string {
  if (!synthetic)
    return reason
      ? `No synthetic copies were tried: ${reason}`
      : 'What share of real copies is found is not known: look for copies in the whole set to try synthetic ones.';
  const { images, unreadable, blocks } = synthetic;
  const found = blocks.map(
    ({ name, found: { [by]: share } }) =>
      `${name} ${percent(share.copy)} "copy", ${percent(share.likely)} at least "likely"`,
  );
  const left = unreadable > 0 ? ` (${unreadable} more could not be read)` : '';
  return `Of synthetic copies of ${images} images${left}, made to see what is found: ${found.join('; ')}.`;
}
