/** `selvedge data add | list | check`: folders of images, checked before anything is trained on them. */
import { InvalidArgumentError, type Command } from 'commander';
import { addDataset, checkDataset, type DatasetReport } from '../../datasets';
import type { Context } from '../context';
import { integer, localTime, table } from '../format';
import { watchJob } from '../job-view';

/** Unreadable files that are shown to a person; --json has them all. */
const SHOWN = 20;

export function addData(program: Command, context: Context): void {
  const data = program.command('data').description('check folders of images, and remember them');
  const size = ['--image-size <px>', 'side of the square images they are decoded to', imageSize, 32] as const;
  data
    .command('check')
    .description('decode every image once: counts, classes, unreadable files')
    .argument('<folder>', 'folder or archive of images')
    .option(...size)
    .action((folder: string, options: { imageSize: number }) =>
      context.withHost('read', async (host) => {
        show(
          context,
          folder,
          await watchJob(context, (hooks) => checkDataset(host, folder, options.imageSize, hooks)),
        );
      }),
    );
  data
    .command('add')
    .description('check a folder and add it to the library')
    .argument('<folder>', 'folder or archive of images')
    .option(...size)
    .action((folder: string, options: { imageSize: number }) =>
      context.withHost('own', async (host) => {
        show(
          context,
          folder,
          await watchJob(context, (hooks) => addDataset(host, folder, options.imageSize, hooks)),
        );
        context.print('Added to the library.');
      }),
    );
  data
    .command('list')
    .description('list the folders of the library')
    .action(() =>
      context.withHost('read', ({ store }) => {
        const found = store.catalogue.datasets();
        for (const dataset of found) context.emit({ type: 'dataset', ...dataset });
        const lines = found.map(({ path, checkedAt }) => [
          checkedAt === null ? 'not yet' : localTime(checkedAt),
          path,
        ]);
        context.print(found.length ? table(['checked', 'folder'], lines) : 'No folders yet.');
      }),
    );
}

function show(context: Context, folder: string, report: DatasetReport): void {
  context.emit({ type: 'data', path: folder, ...report });
  const { images, classes, skipped, notes } = report;
  context.print(
    `${folder}: ${integer(images)} images, ${classes ? `${classes.length} classes` : 'no classes'}`,
  );
  for (const { name, count } of classes ?? []) context.print(`  ${name.padEnd(20)} ${integer(count)}`);
  for (const note of notes) context.print(`  ${note}`);
  if (skipped.length) context.print(`${integer(skipped.length)} files cannot be used:`);
  for (const { path, reason } of skipped.slice(0, SHOWN)) context.print(`  ${path}: ${reason}`);
  if (skipped.length > SHOWN)
    context.print(`  ... and ${integer(skipped.length - SHOWN)} more (--json lists them all)`);
}

function imageSize(text: string): number {
  const pixels = Number(text);
  if (Number.isInteger(pixels) && pixels >= 8 && pixels <= 512) return pixels;
  throw new InvalidArgumentError('It must be a whole number from 8 to 512.');
}
