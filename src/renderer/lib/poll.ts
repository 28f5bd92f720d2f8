/** Repeats a question, one at a time, until told to stop. */

/**
 * Asks now, and again `interval` milliseconds after each answer; not while the page is hidden.
 * @returns stops it; an answer still under way is dropped.
 */
export function poll<T>(
  ask: () => Promise<T>,
  interval: number,
  onAnswer: (answer: T) => void,
  onError: (error: unknown) => void,
): () => void {
  let stopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const turn = async (): Promise<void> => {
    try {
      const answer = globalThis.document?.hidden ? undefined : await ask();
      if (!stopped && answer !== undefined) onAnswer(answer);
    } catch (error) {
      if (!stopped) onError(error);
    }
    if (!stopped) timer = setTimeout(() => void turn(), interval);
  };
  void turn();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
