/** What is said of a pair that may be copies. */
import type { CopyAnswer } from './copies';

export type Candidate = CopyAnswer['candidates'][number];

export const verdictWord: Readonly<Record<Candidate['verdict'], string>> = {
  copy: 'Copy',
  likely: 'Likely a copy',
  similar: 'Similar, no copy',
  no: 'No copy',
};

const SURENESS: Readonly<Record<Candidate['verdict'], number>> = { copy: 3, likely: 2, similar: 1, no: 0 };

/** The best candidate decides, by its verdict, then by the score that decides; the query's own row says nothing. */
export function bestOf(answer: Pick<CopyAnswer, 'candidates' | 'by'>): Candidate | null {
  const others = answer.candidates.filter(({ isQuery }) => !isQuery);
  const isBetter = (one: Candidate, other: Candidate): boolean =>
    SURENESS[one.verdict] - SURENESS[other.verdict] > 0 ||
    (one.verdict === other.verdict && decidingScore(answer, one) > decidingScore(answer, other));
  return others.reduce<Candidate | null>(
    (best, candidate) => (best && !isBetter(candidate, best) ? best : candidate),
    null,
  );
}

/** The number that the thresholds are of. */
export const decidingScore = ({ by }: Pick<CopyAnswer, 'by'>, { score, normalized }: Candidate): number =>
  by === 'cosine' ? score : normalized;

export const scoreWord: Readonly<Record<CopyAnswer['by'], string>> = {
  cosine: 'cosine',
  normalized: 'normalized score',
};

/** One sentence for the whole answer. */
export function verdictSentence(answer: CopyAnswer): string {
  switch (bestOf(answer)?.verdict) {
    case 'copy':
      return 'It is a copy of an image in this set.';
    case 'likely':
      return 'It is likely a copy of an image in this set.';
    case 'similar':
      return 'There are similar images, but no copy of it.';
    case 'no':
    case undefined:
      return 'There is no copy of it in this set.';
  }
}

const FEWEST_DECIMALS = 3;
const MOST_DECIMALS = 6;

/** Numbers that differ written so that they look different: thresholds near 1 need more than three decimals. */
export function toldApart(numbers: readonly number[]): string[] {
  const different = new Set(numbers).size;
  for (let decimals = FEWEST_DECIMALS; ; decimals++) {
    const texts = numbers.map((number) => number.toFixed(decimals));
    if (new Set(texts).size === different || decimals === MOST_DECIMALS) return texts;
  }
}
