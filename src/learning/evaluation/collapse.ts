/** Notices a collapse: embeddings of different images becoming the same, while the loss may keep improving. */

/** A spread (1 healthy, 0 collapsed) below this, for so many steps in a row: one odd batch is no collapse. */
const SUDDEN = { below: 0.1, steps: 20 };
/**
 * A spread that is below this in the mean of the last hundreds of steps, each weighing `memory` of the one after: a few
 * directions remain. Healthy runs of every method that is watched spread by a third and more, while in those that learnt
 * nothing the embeddings of different images had a mean cosine above 0.94. The mean begins at 1: a network may begin with
 * a low spread, and gets some 300 steps to leave it.
 */
const SLOW = { below: 0.25, memory: 0.99 };
/** Above this, for so many steps in a row, they have recovered. */
const RECOVERED = { above: 0.3, steps: 20 };

export interface CollapseState {
  readonly collapsed: boolean;
  /** Steps in a row that contradicted `collapsed`. */
  readonly against: number;
  /** Mean of the spread over the last steps; stands still while collapsed. */
  readonly mean: number;
}

export const noCollapse: CollapseState = { collapsed: false, against: 0, mean: 1 };

export interface CollapseEvent {
  readonly kind: 'collapse' | 'collapse-ended';
  readonly message: string;
}

/** What to try, whatever the method. */
const GENERAL_ADVICE =
  'a lower learning rate with a few epochs of warm-up, a larger batch, or stronger augmentation';

/**
 * The state after one more step, and what there is to say about it.
 * @param spread standard deviation of L2-normalized embeddings times sqrt(d), see StepReport.embeddingSpread.
 * @param advice the method's own; null where its loss would show a collapse, see MethodModel.collapseAdvice.
 */
export function observeSpread(
  state: CollapseState,
  spread: number,
  advice: string | null = GENERAL_ADVICE,
): { state: CollapseState; event: CollapseEvent | null } {
  if (advice === null) return { state, event: null };
  if (state.collapsed) {
    const against = oneMore(state.against, spread > RECOVERED.above);
    return against < RECOVERED.steps
      ? { state: { ...state, against }, event: null }
      : { state: noCollapse, event: { kind: 'collapse-ended', message: recovered(spread) } };
  }
  const against = oneMore(state.against, spread < SUDDEN.below);
  const mean = Number.isNaN(spread) ? state.mean : SLOW.memory * state.mean + (1 - SLOW.memory) * spread;
  if (against < SUDDEN.steps && mean >= SLOW.below)
    return { state: { collapsed: false, against, mean }, event: null };
  const message =
    against < SUDDEN.steps ? warning('hundreds of', mean, advice) : warning(`${against}`, spread, advice);
  return { state: { ...noCollapse, collapsed: true }, event: { kind: 'collapse', message } };
}

const oneMore = (before: number, goesOn: boolean): number => (goesOn ? before + 1 : 0);

const shareOf = (spread: number): string => `${(100 * spread).toFixed(spread < 0.1 ? 1 : 0)} %`;

const warning = (steps: string, spread: number, advice: string): string =>
  `The embeddings are collapsing: for ${steps} steps different images have had nearly the same one ` +
  `(spread ${shareOf(spread)} of a healthy one). The loss does not show this. Try ${advice}; k-NN accuracy tells ` +
  'whether it helps.';

const recovered = (spread: number): string =>
  `The embeddings have spread again (${shareOf(spread)} of a healthy spread).`;
