/** `selvedge sets list | update | export | remove`: embeddings that the library keeps. */
import type { Command } from 'commander';
import { describeSet } from '../../embedding/describe-set';
import { findSet } from '../../embedding/find-set';
import { embedSet, exportSet, removeSet } from '../../embedding/sets';
import type { Context } from '../context';
import { bytes, integer, table } from '../format';
import { watchJob } from '../job-view';
import { formatOf, wrote } from './embed';

const SET = ['<set>', 'id, the beginning of an id, or "last"'] as const;

export function addSets(program: Command, context: Context): void {
  const sets = program.command('sets').description('embedding sets: what `embed` made, to be searched');
  sets
    .command('list')
    .description('list them, newest first')
    .action(() => context.withHost('read', (host) => list(context, host)));
  sets
    .command('update')
    .description('embed new and changed images, take out those that are gone')
    .argument(...SET)
    .action((reference: string) =>
      context.withHost('own', async (host) => {
        const { id } = findSet(host.store.sets.list(), reference);
        const answer = await watchJob(context, (hooks) => embedSet(host, id, hooks));
        const { added, changed, removed, count, stopped } = answer;
        context.emit({ type: 'set', ...describeSet(host, host.store.sets.get(id)), stopped });
        context.print(
          `${integer(count)} images: ${integer(added)} new, ${integer(changed)} changed, ${integer(removed)} gone.`,
        );
        if (stopped) context.exitCode = 1;
      }),
    );
  sets
    .command('export')
    .description('write the rows of a set, of unit length, for other programs')
    .argument(...SET)
    .requiredOption('--out <file>', '.parquet (with paths), .npy, or .zip (TensorBoard projector)')
    .action((reference: string, { out }: { out: string }) => {
      const format = formatOf(out);
      return context.withHost('read', async (host) => {
        const { id } = findSet(host.store.sets.list(), reference);
        const report = await watchJob(context, (hooks) => exportSet(host, id, { out, format, ...hooks }));
        context.emit({ type: 'exported', set: id, out, format, ...report });
        context.print(wrote(out, report.names));
      });
    });
  sets
    .command('remove')
    .description('forget a set and delete its vectors; images and encoder stay')
    .argument(...SET)
    .action((reference: string) =>
      context.withHost('own', (host) => {
        const set = findSet(host.store.sets.list(), reference);
        const { name } = describeSet(host, set);
        removeSet(host, set.id);
        context.emit({ type: 'set-removed', set: set.id });
        context.print(`Removed ${name}.`);
      }),
    );
}

function list(context: Context, host: Parameters<typeof describeSet>[0]): void {
  const found = host.store.sets.list().map((set) => describeSet(host, set));
  for (const set of found) context.emit({ type: 'set', ...set });
  const lines = found.map((set) => [
    set.id,
    set.failure === null ? set.state : 'failed',
    integer(set.count),
    set.size ? String(set.size) : '',
    bytes(set.bytes),
    set.name,
  ]);
  context.print(
    found.length
      ? table(['set', 'state', 'images', 'length', 'disk', 'what'], lines)
      : 'No embedding sets yet. selvedge embed makes one.',
  );
  for (const set of found) for (const warning of set.warnings) context.note(`${set.id}: ${warning}`);
}
