/** `selvedge runs list | show | delete`. */
import type { Command } from 'commander';
import { addRunsDelete } from './runs-delete';
import { addRunsList } from './runs-list';
import { addRunsShow } from './runs-show';
import type { Context } from '../context';

export function addRuns(program: Command, context: Context): void {
  const runs = program.command('runs').description('list, show or delete runs');
  addRunsList(runs, context);
  addRunsShow(runs, context);
  addRunsDelete(runs, context);
}
