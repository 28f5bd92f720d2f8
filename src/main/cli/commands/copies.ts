/** `selvedge copies`: copies in an embedding set, and folders to measure copy detection on. */
import type { Command } from 'commander';
import type { Context } from '../context';
import { addCheck } from './copies-check';
import { addFind } from './copies-find';
import { addMake } from './copies-make';

export function addCopies(program: Command, context: Context): void {
  const copies = program
    .command('copies')
    .description('copies and near-duplicates among images; nothing is ever deleted');
  addFind(copies, context);
  addCheck(copies, context);
  addMake(copies, context);
}
