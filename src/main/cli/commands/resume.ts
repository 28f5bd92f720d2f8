/** `selvedge resume <run>`: continues exactly where the newest readable checkpoint left it. */
import type { Command } from 'commander';
import { findRun } from '../../find-run';
import { resumePoints, resumeRun } from '../../run-actions';
import type { Context } from '../context';
import { integer } from '../format';
import { configLines } from '../summary';
import { watchTraining } from '../training';

export function addResume(program: Command, context: Context): void {
  program
    .command('resume')
    .description('continue a run that was stopped, interrupted or failed')
    .argument('<run>', 'id, the beginning of an id, name, or "last"')
    .action(async (reference: string) => {
      context.exitCode = await context.withHost('own', (host) => {
        const run = host.store.runs.get(findRun(host.store.runs.list(), reference).id);
        const [newest] = resumePoints(host, run.id);
        return watchTraining(context, host, run, (hooks) => {
          const training = resumeRun(host, run.id, hooks);
          context.emit({
            type: 'run',
            id: run.id,
            name: run.name,
            fromStep: newest?.step ?? null,
            config: run.config,
          });
          context.print(
            `Run ${run.id}: ${newest ? `continuing from step ${integer(newest.step)}` : 'no checkpoint yet, starting from the beginning'}`,
          );
          for (const line of configLines(run.config)) context.print(`  ${line}`);
          return training;
        });
      });
    });
}
