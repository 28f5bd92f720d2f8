/** Counts images of a phase and tells the host how far it is. */
import type { ProgressUpdate } from './channel';
import type { JobContext } from './job';
import { Throughput } from './throughput';

/** @returns a function to call with the number of images just done. */
export function reportProgress(
  phase: ProgressUpdate['phase'],
  total: number,
  { channel }: JobContext,
  at: Pick<ProgressUpdate, 'epoch' | 'epochs'> = { epoch: null, epochs: null },
): (images: number) => void {
  const speed = new Throughput();
  let done = 0;
  speed.restart(0);
  const report = () =>
    channel.progress({ phase, done, total, rate: speed.rate, secondsLeft: speed.secondsLeft(total), ...at });
  report();
  return (images) => {
    speed.mark((done += images));
    report();
  };
}
