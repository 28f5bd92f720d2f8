/** `selvedge embed`: a folder through an encoder, into an embedding set of the library or into a file. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import { UserError } from '../../../shared/errors';
import { exportSet } from '../../embedding/sets';
import { embed } from '../../encoder-jobs';
import { findRun } from '../../find-run';
import type { Context } from '../context';
import { embedFolder, isEncoderFile, type EmbedFolderOptions } from '../embed-folder';
import { watchJob } from '../job-view';
import { NORMALIZATION_OPTION } from '../normalization-option';

interface EmbedOptions extends EmbedFolderOptions {
  out?: string;
}

export function addEmbed(program: Command, context: Context): void {
  program
    .command('embed')
    .description('embed every image of a folder, into a set that can be searched or into a file')
    .argument(
      '<encoder>',
      'a run (id, the beginning of an id, name, or "last"), an encoder file, or "pixels"',
    )
    .requiredOption('--data <folder>', 'images: a folder or archive')
    .option('--out <file>', 'write a file: .parquet (with paths), .npy, or .zip (TensorBoard projector)')
    .option('--checkpoint <which>', 'of a run: last, best, or a step', 'last')
    .option(
      '--feature <name>',
      'which vector: embedding, cls, cls+gem, or a layer such as layer3 or blocks.9',
    )
    .option(...NORMALIZATION_OPTION)
    .option('--whiten <set>', 'PCA-whitening fitted on this set of the same encoder and feature')
    .option('--keep <n>', 'components that whitening keeps (default: half)', positive)
    .addOption(new Option('--precision <type>', 'on disk').choices(['float32', 'float16']))
    .action((reference: string, options: EmbedOptions) =>
      isFileAlone(reference, options)
        ? writeFile(context, reference, options)
        : makeSet(context, reference, options),
    );
}

/** A run's embeddings as the encoder puts them out, not of unit length: no set is made. */
const isFileAlone = (reference: string, options: EmbedOptions): boolean =>
  options.out !== undefined &&
  /\.(parquet|npy)$/.test(options.out) &&
  reference !== 'pixels' &&
  !isEncoderFile(reference) &&
  (['feature', 'normalization', 'whiten', 'precision'] as const).every((name) => options[name] === undefined);

function writeFile(context: Context, reference: string, options: EmbedOptions): Promise<void> {
  const { data, checkpoint } = options;
  const out = options.out!;
  const format = out.endsWith('.npy') ? 'npy' : 'parquet';
  return context.withHostToRecord(async (host) => {
    const { id } = findRun(host.store.runs.list(), reference);
    const report = await watchJob(context, (hooks) =>
      embed(host, { run: id, checkpoint }, { data, out, format, ...hooks }),
    );
    context.emit({ type: 'embedded', run: id, out, format, ...report });
    context.print(wrote(out, report.names));
  });
}

function makeSet(context: Context, reference: string, options: EmbedOptions): Promise<void> {
  const format = options.out === undefined ? null : formatOf(options.out);
  return context.withHost('own', async (host) => {
    const set = await embedFolder(context, host, reference, options);
    if (!set) return;
    const { id } = set;
    context.print(`Set ${id}.`);
    if (format) {
      const out = options.out!;
      const report = await watchJob(context, (hooks) => exportSet(host, id, { out, format, ...hooks }));
      context.emit({ type: 'exported', set: id, out, format, ...report });
      context.print(wrote(out, report.names));
    }
  });
}

/** What an export wrote, as a sentence. @param names the file beside it, as the export answered it. */
export const wrote = (out: string, names: unknown): string =>
  typeof names === 'string' ? `Wrote ${out}, and ${names}, which names its rows.` : `Wrote ${out}.`;

export function formatOf(file: string): 'parquet' | 'npy' | 'tsv' {
  if (file.endsWith('.parquet')) return 'parquet';
  if (file.endsWith('.npy')) return 'npy';
  if (file.endsWith('.zip')) return 'tsv';
  throw new UserError(
    `--out is ${file}; it must end with .parquet, .npy or .zip (for TensorBoard's projector).`,
    undefined,
    'usage',
  );
}

function positive(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('It must be a whole number above 0.');
}
