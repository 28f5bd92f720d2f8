/** How well a few typed letters fit a title: the ranking of the palette. */

/**
 * All letters of `query` must stand in `text` in their order, whatever the case; words of the query may come in any order.
 * @returns undefined where they do not; else the higher the better: whole words, beginnings of words and runs of
 *   letters count, gaps and length cost.
 */
export function fuzzyScore(query: string, text: string): number | undefined {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const hay = text.toLowerCase();
  let sum = 0;
  for (const word of words) {
    const score = wordScore(word, hay);
    if (score === undefined) return undefined;
    sum += score;
  }
  return sum - hay.length / 100;
}

function wordScore(word: string, hay: string): number | undefined {
  const whole = hay.indexOf(word);
  if (whole >= 0) return word.length * 3 + (startsWord(hay, whole) ? 5 : 0);
  let score = 0;
  let at = -1;
  for (const letter of word) {
    const next = hay.indexOf(letter, at + 1);
    if (next < 0) return undefined;
    if (startsWord(hay, next)) score += 2;
    else if (next === at + 1) score += 1;
    else score -= Math.min(2, (next - at) / 8);
    at = next;
  }
  return score;
}

const startsWord = (text: string, at: number): boolean => at === 0 || /[^\p{L}\p{N}]/u.test(text[at - 1]);

/**
 * What fits the query, best first; of what fits equally and with no query at all, the recently used come first.
 * @param recent ids, the latest first.
 */
export function rank<T extends { id: string; title: string }>(
  query: string,
  items: readonly T[],
  recent: readonly string[],
): T[] {
  const place = (id: string) => {
    const index = recent.indexOf(id);
    return index < 0 ? recent.length : index;
  };
  return items
    .flatMap((item, index) => {
      const score = fuzzyScore(query, item.title);
      return score === undefined ? [] : [{ item, index, score: query.trim() ? score : 0 }];
    })
    .sort((a, b) => b.score - a.score || place(a.item.id) - place(b.item.id) || a.index - b.index)
    .map(({ item }) => item);
}
