/** `selvedge embed <run>`: the embedding of every image of a folder, as a file. */
import type { Command } from 'commander';
import { UserError } from '../../../shared/errors';
import { embed } from '../../encoder-jobs';
import { findRun } from '../../find-run';
import type { Context } from '../context';
import { watchJob } from '../job-view';

export function addEmbed(program: Command, context: Context): void {
  program
    .command('embed')
    .description('embed every image of a folder')
    .argument('<run>', 'id, the beginning of an id, name, or "last"')
    .requiredOption('--data <folder>', 'images: a folder or archive')
    .requiredOption('--out <file>', 'what to write: .parquet (with paths) or .npy')
    .option('--checkpoint <which>', 'last, best, or a step', 'last')
    .action((reference: string, options: { data: string; out: string; checkpoint: string }) => {
      const format = formatOf(options.out);
      return context.withHostToRecord(async (host) => {
        const { id } = findRun(host.store.runs.list(), reference);
        const choice = { run: id, checkpoint: options.checkpoint };
        const report = await watchJob(context, (hooks) =>
          embed(host, choice, { data: options.data, out: options.out, format, ...hooks }),
        );
        context.emit({ type: 'embedded', run: id, out: options.out, format, ...report });
        context.print(`Wrote ${options.out}.`);
      });
    });
}

function formatOf(file: string): 'parquet' | 'npy' {
  if (file.endsWith('.parquet')) return 'parquet';
  if (file.endsWith('.npy')) return 'npy';
  throw new UserError(`--out is ${file}; it must end with .parquet or .npy.`, undefined, 'usage');
}
