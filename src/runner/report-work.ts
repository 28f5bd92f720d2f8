/** Tells the host how far work on an embedding set is. */
import { breathe, type JobContext } from './job';
import { Throughput } from './throughput';

/**
 * @param doing as SetWork's. @param unit of what `done` counts.
 * @returns a function to call after each piece of work; it throws where the work was cancelled.
 */
export function reportWork(
  doing: string,
  unit: string,
  context: JobContext,
): (done: number, total: number) => Promise<void> {
  const speed = new Throughput();
  speed.restart(0);
  return async (done, total) => {
    speed.mark(done);
    const { rate } = speed;
    context.channel.work({ doing, done, total, rate, unit, secondsLeft: speed.secondsLeft(total) });
    await breathe(context);
  };
}
