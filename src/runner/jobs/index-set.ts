/** Builds the approximate index of a large set, so that queries need not look at every vector. */
import { buildIndex } from '../../explorer/search/build-index';
import { breathe, type RunJob } from '../job';
import { Throughput } from '../throughput';

export const indexSet: RunJob<'index-set'> = async ({ folder, threads }, context) => {
  const throughput = new Throughput();
  let doing = '';
  return buildIndex(folder, {
    threads,
    async onProgress(now, done, total) {
      if (now !== doing) throughput.restart(done);
      doing = now;
      throughput.mark(done);
      context.channel.progress({
        phase: now === 'Building the index' ? 'indexing' : 'evaluating',
        done,
        total,
        rate: throughput.rate,
        secondsLeft: throughput.secondsLeft(total),
        epoch: null,
        epochs: null,
      });
      await breathe(context);
    },
  });
};
