/**
 * By which score a set's pairs are called copies. Normalizing helps good encoders (SSCD on DISC21: micro-AP .614 to
 * .724) and ruins weak ones (docs/results.md: 59 to 22 %), so a set's own trial with synthetic copies decides.
 */
import type { DecidingScore, ScoreFits, Thresholds } from './calibrate';

/** How well each score told synthetic copies from what is near them. */
export interface Trial {
  /** Over all synthetic copies in one list: 1 where every original scores above every other image. */
  readonly microAp: Readonly<Record<DecidingScore, number>>;
  readonly blocks: readonly {
    readonly name: string;
    /** Shares that would be called a copy, and at least likely one. */
    readonly found: Readonly<Record<DecidingScore, Thresholds>>;
  }[];
}

/** Micro-AP that differs by less than this is the same. */
const STEP = 0.001;

/** @param trial null where none was made: then the cosine, which is the score that cannot be ruined. */
export function chooseScore(fits: ScoreFits, trial: Trial | null): DecidingScore {
  if (!trial || !fits.normalized) return 'cosine';
  if (!fits.cosine) return 'normalized';
  const gain = trial.microAp.normalized - trial.microAp.cosine;
  if (Math.abs(gain) >= STEP) return gain > 0 ? 'normalized' : 'cosine';
  const likely = (by: DecidingScore) => trial.blocks.reduce((sum, { found }) => sum + found[by].likely, 0);
  return likely('normalized') > likely('cosine') ? 'normalized' : 'cosine';
}
