/** `selvedge embed`: a folder through an encoder, into an embedding set of the library or into a file. */
import { existsSync } from 'node:fs';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { UserError } from '../../../shared/errors';
import {
  setRecipeSchema,
  type EncoderChoice,
  type SetRecipe,
  type SetRecipeInput,
} from '../../../shared/explorer/sets';
import { describeSet } from '../../embedding/describe-set';
import { addEncoder } from '../../embedding/encoders';
import { findSet } from '../../embedding/find-set';
import { embedSet, exportSet, removeSet, takeUpSet } from '../../embedding/sets';
import { embed } from '../../encoder-jobs';
import { findRun } from '../../find-run';
import type { Host } from '../../host';
import { absolute } from '../../questions';
import { datasetId } from '../../store/catalogue';
import type { Context } from '../context';
import { integer } from '../format';
import { watchJob } from '../job-view';

interface EmbedOptions {
  data: string;
  out?: string;
  checkpoint: string;
  feature?: string;
  whiten?: string;
  keep?: number;
  precision?: SetRecipe['precision'];
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
  (['feature', 'whiten', 'precision'] as const).every((name) => options[name] === undefined);

const isEncoderFile = (reference: string): boolean =>
  existsSync(reference) || /\.(onnx|safetensors)$/i.test(reference);

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
    context.print(`Wrote ${out}.`);
  });
}

function makeSet(context: Context, reference: string, options: EmbedOptions): Promise<void> {
  const format = options.out === undefined ? null : formatOf(options.out);
  return context.withHost('own', async (host) => {
    const encoder = await encoderOf(context, host, reference, options.checkpoint);
    const path = absolute(options.data);
    if (path !== 'sample') {
      if (!existsSync(path))
        throw new UserError(`There is no folder or file at ${path}.`, 'Check the spelling.', 'usage');
      host.store.catalogue.addDataset(path);
    }
    const { id } = takeUpSet(host, recipeOf(host, encoder, datasetId(path), options));
    const answer = await watchJob(context, (hooks) => embedSet(host, id, hooks)).catch((error: unknown) => {
      // A set that never had a row says nothing that the message does not.
      if (host.store.sets.get(id).count === 0) removeSet(host, id);
      throw error;
    });
    const set = describeSet(host, host.store.sets.get(id));
    context.emit({ type: 'set', ...set, stopped: answer.stopped });
    context.print(
      `${set.name}: ${integer(answer.count)} images (${integer(answer.added)} new, ${integer(answer.changed)} changed, ${integer(answer.removed)} gone)${
        answer.rate === null ? '' : `, ${integer(answer.rate)} images/s`
      }.`,
    );
    for (const warning of set.warnings) context.note(warning);
    if (answer.stopped) {
      context.note(`Stopped. Go on: ${context.commandLine(`sets update ${id}`)}`);
      context.exitCode = 1;
      return;
    }
    context.print(`Set ${id}.`);
    if (format) {
      const out = options.out!;
      const report = await watchJob(context, (hooks) => exportSet(host, id, { out, format, ...hooks }));
      context.emit({ type: 'exported', set: id, out, format, ...report });
      context.print(`Wrote ${out}.`);
    }
  });
}

async function encoderOf(
  context: Context,
  host: Host,
  reference: string,
  checkpoint: string,
): Promise<EncoderChoice> {
  if (reference === 'pixels') return { kind: 'pixels', side: 16 };
  if (isEncoderFile(reference)) {
    const { id, warnings } = await watchJob(context, (hooks) => addEncoder(host, reference, hooks));
    for (const warning of warnings) context.note(warning);
    return { kind: 'imported', encoder: id };
  }
  const { id } = findRun(host.store.runs.list(), reference);
  if (!/^(last|best|\d+)$/.test(checkpoint))
    throw new UserError(
      `--checkpoint is ${checkpoint}; it must be last, best, or a step.`,
      undefined,
      'usage',
    );
  return { kind: 'run', run: id, checkpoint };
}

function recipeOf(host: Host, encoder: EncoderChoice, dataset: string, options: EmbedOptions): SetRecipe {
  const { feature, precision, whiten, keep } = options;
  const fittedOn = whiten === undefined ? null : findSet(host.store.sets.list(), whiten);
  const recipe: SetRecipeInput = {
    encoder,
    dataset,
    ...(feature !== undefined && { feature }),
    ...(precision !== undefined && { precision }),
    whitening: fittedOn && { fittedOn: fittedOn.id, size: keep ?? Math.max(1, fittedOn.size >> 1) },
  };
  return setRecipeSchema.parse(recipe);
}

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
