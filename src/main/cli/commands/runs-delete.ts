/** `selvedge runs delete <run>`: removes a run and its files, after asking. */
import type { Command } from 'commander';
import { UserError } from '../../../shared/errors';
import { findRun } from '../../find-run';
import { deleteRun } from '../../run-actions';
import type { Context } from '../context';
import { integer } from '../format';

export function addRunsDelete(runs: Command, context: Context): void {
  runs
    .command('delete')
    .description('delete a run with its metrics and checkpoints')
    .argument('<run>', 'id, the beginning of an id, name, or "last"')
    .option('--yes', 'do not ask')
    .action((reference: string, options: { yes?: boolean }) =>
      context.withHost('own', async (host) => {
        const run = findRun(host.store.runs.list(), reference);
        if (
          !options.yes &&
          !(await confirmed(context, `Delete ${run.id} (${run.status}, step ${integer(run.step)})`))
        ) {
          context.exitCode = 1;
          context.print('Nothing was deleted.');
          return;
        }
        deleteRun(host, run.id);
        context.emit({ type: 'deleted', run: run.id });
        context.print(`Deleted ${run.id}.`);
      }),
    );
}

async function confirmed(context: Context, question: string): Promise<boolean> {
  const { ask } = context.terminal;
  if (!ask || context.json) {
    throw new UserError(
      'There is nobody to ask whether to delete the run.',
      'Add --yes to delete it.',
      'usage',
    );
  }
  return /^y(es)?$/i.test((await ask(`${question} with its metrics and checkpoints? [y/N] `)).trim());
}
