/** Long work in pieces: it tells how far it is, and hears that it should end. */

/** Called between pieces of blocking work. It lets messages through, and may throw to end the work. */
export type OnPart = (done: number, total: number) => void | Promise<void>;

/** For [0, count) in pieces: `work` is called with each piece's first and one past its last number. */
export async function inParts(
  count: number,
  size: number,
  onPart: OnPart | undefined,
  work: (from: number, to: number) => void,
): Promise<void> {
  for (let from = 0; from < count; from += size) {
    const to = Math.min(count, from + size);
    work(from, to);
    await onPart?.(to, count);
  }
}
