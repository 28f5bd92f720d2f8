/** `selvedge runs list`: every run of the library, newest first. */
import type { Command } from 'commander';
import type { Context } from '../context';
import { epochs, integer, localTime, percent, table } from '../format';
import { lastValue } from '../summary';

export function addRunsList(runs: Command, context: Context): void {
  runs
    .command('list', { isDefault: true })
    .description('list runs, newest first')
    .action(() =>
      context.withHost('read', ({ store }) => {
        const found = store.runs.list();
        const losses = store.metrics.summariesByRun('loss');
        const knns = store.metrics.summariesByRun('knn');
        for (const run of found) {
          const { childPid: _pid, childIdentity: _identity, ...line } = run;
          const [loss, knn] = [losses.get(run.id), knns.get(run.id)];
          context.emit({
            type: 'run',
            ...line,
            loss: loss ? { last: loss.last, best: loss.best } : null,
            knn: knn ? { last: knn.last, best: knn.best } : null,
          });
        }
        if (!found.length) {
          context.print(
            `No runs yet in ${context.libraryFolder}.\nStart one: ${context.commandLine('train quick')}`,
          );
          return;
        }
        const named = found.some((run) => run.name !== run.id);
        const lines = found.map((run) => [
          run.id,
          ...(named ? [run.name === run.id ? '' : run.name] : []),
          run.status,
          integer(run.step),
          epochs(run.epoch),
          lastValue('loss', losses.get(run.id)),
          lastValue('knn', knns.get(run.id)),
          percentOrNothing(knns.get(run.id)?.best),
          localTime(run.createdAt),
        ]);
        const header = [
          'run',
          ...(named ? ['name'] : []),
          'status',
          'step',
          'epoch',
          'loss',
          'k-NN',
          'best',
          'created',
        ];
        context.print(table(header, lines));
      }),
    );
}

const percentOrNothing = (value: number | null | undefined): string => (value == null ? '' : percent(value));
