/** `selvedge eval knn <run>`: how good the encoder's neighbours are. */
import { InvalidArgumentError, type Command } from 'commander';
import { evaluateKnn } from '../../encoder-jobs';
import { findRun } from '../../find-run';
import type { Context } from '../context';
import { integer, percent } from '../format';
import { watchJob } from '../job-view';

export function addEval(program: Command, context: Context): void {
  const evaluate = program.command('eval').description('evaluate the encoder of a run');
  evaluate
    .command('knn')
    .description('weighted k-nearest-neighbour accuracy')
    .argument('<run>', 'id, the beginning of an id, name, or "last"')
    .option('--data <folder>', "labelled images; the run's own where left out")
    .option('--k <list>', 'numbers of neighbours, e.g. 10,20,200', neighbourCounts, [20])
    .option('--checkpoint <which>', 'last, best, or a step', 'last')
    .action((reference: string, options: { data?: string; k: number[]; checkpoint: string }) =>
      context.withHostToRecord(async (host) => {
        const { id } = findRun(host.store.runs.list(), reference);
        const choice = { run: id, checkpoint: options.checkpoint };
        const { accuracy, bank, queries, checkpoint, ...rest } = await watchJob(context, (hooks) =>
          evaluateKnn(host, choice, { data: options.data, k: options.k, ...hooks }),
        );
        context.emit({ type: 'knn', run: id, step: checkpoint.step, accuracy, bank, queries, ...rest });
        context.print(
          `${id}, step ${integer(checkpoint.step)}: ${integer(queries)} images against ${integer(bank)}`,
        );
        for (const [k, value] of Object.entries(accuracy))
          context.print(`  k = ${k.padEnd(4)} ${percent(value)}`);
      }),
    );
}

function neighbourCounts(text: string): number[] {
  return text.split(',').map((part) => {
    const k = Number(part);
    if (!Number.isInteger(k) || k < 1)
      throw new InvalidArgumentError('Each k must be a whole number of at least 1.');
    return k;
  });
}
