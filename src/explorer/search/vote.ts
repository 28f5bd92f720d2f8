/** The class that a query's neighbours speak for: weighted k-NN vote, Wu et al. 2018 (arXiv 1805.01978), 3.4. */
import type { QueryAnswer, Result } from '../../shared/explorer/search';

/**
 * Each neighbour with a class votes with exp(score / temperature); the query itself does not.
 * @returns shares of the weights, most first and by name among equals; null where nobody votes.
 */
export function voteOf(
  results: readonly Pick<Result, 'label' | 'score' | 'isQuery'>[],
  temperature: number,
): QueryAnswer['vote'] {
  const voters = results.filter(({ label, isQuery }) => label !== null && !isQuery);
  if (voters.length === 0) return null;
  // Relative to the best, so that no temperature overflows.
  const best = Math.max(...voters.map(({ score }) => score));
  const byClass = new Map<string, { weight: number; count: number }>();
  let total = 0;
  for (const { label, score } of voters) {
    const weight = Math.exp((score - best) / temperature);
    const before = byClass.get(label!) ?? { weight: 0, count: 0 };
    byClass.set(label!, { weight: before.weight + weight, count: before.count + 1 });
    total += weight;
  }
  const classes = [...byClass].map(([label, { weight, count }]) => ({ label, share: weight / total, count }));
  classes.sort((a, b) => b.share - a.share || (a.label < b.label ? -1 : 1));
  return { voters: voters.length, classes };
}
