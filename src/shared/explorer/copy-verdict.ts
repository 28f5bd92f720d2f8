/** What is said of a pair that may be copies. */
import type { CopyAnswer } from './copies';

export type Candidate = CopyAnswer['candidates'][number];

export const verdictWord: Readonly<Record<Candidate['verdict'], string>> = {
  copy: 'Copy',
  likely: 'Likely a copy',
  similar: 'Similar, no copy',
  no: 'No copy',
};

/** The best candidate decides; the query's own row says nothing. */
export function bestOf({ candidates }: CopyAnswer): Candidate | null {
  const others = candidates.filter(({ isQuery }) => !isQuery);
  return others.reduce<Candidate | null>(
    (best, candidate) => (best && best.normalized >= candidate.normalized ? best : candidate),
    null,
  );
}

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
