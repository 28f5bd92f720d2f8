/** Notices a collapse: embeddings of different images becoming the same, while the loss may keep improving. */

/** Below this spread (1 healthy, 0 collapsed) a step counts as collapsed; above twice of it as recovered. */
const THRESHOLD = 0.1;
/** Steps in a row that it takes to change one's mind: one odd batch is no collapse. */
const PATIENCE = 20;

export interface CollapseState {
  readonly collapsed: boolean;
  /** Steps in a row that contradicted `collapsed`. */
  readonly against: number;
}

export const noCollapse: CollapseState = { collapsed: false, against: 0 };

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
  const contradicts = state.collapsed ? spread > 2 * THRESHOLD : spread < THRESHOLD;
  const against = contradicts ? state.against + 1 : 0;
  if (against < PATIENCE) return { state: { ...state, against }, event: null };
  const collapsed = !state.collapsed;
  return {
    state: { collapsed, against: 0 },
    event: { kind: collapsed ? 'collapse' : 'collapse-ended', message: messageOf(collapsed, spread, advice) },
  };
}

function messageOf(collapsed: boolean, spread: number, advice: string): string {
  const share = `${(100 * spread).toFixed(spread < 0.1 ? 1 : 0)} %`;
  return collapsed
    ? `The embeddings are collapsing: for ${PATIENCE} steps different images have had nearly the same one ` +
        `(spread ${share} of a healthy one). The loss does not show this. Try ${advice}; k-NN accuracy tells ` +
        'whether it helps.'
    : `The embeddings have spread again (${share} of a healthy spread).`;
}
