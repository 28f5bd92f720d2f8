/** `selvedge search <set> --image <file>`: the images of an embedding set that are most like one or several others. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import { querySchema } from '../../../shared/explorer/search';
import { describeSet } from '../../embedding/describe-set';
import { findSet } from '../../embedding/find-set';
import { searchByFiles } from '../../search/ask';
import type { Context } from '../context';
import { integer, percent, table } from '../format';

interface Options {
  image: string[];
  unlike: string[];
  k: number;
  class: string[];
  folder: string[];
  split: (typeof SPLITS)[number][];
  method: (typeof METHODS)[number];
  temperature: number;
}

const SPLITS = ['train', 'evaluation', 'left out'] as const;
const METHODS = ['auto', 'exact', 'approximate'] as const;

const each = (value: string, before: string[] = []): string[] => [...before, value];

export function addSearch(program: Command, context: Context): void {
  program
    .command('search')
    .description('find the images of embedding sets that are most like an image, or several')
    .argument('<set...>', 'ids, beginnings of ids, or "last"; several of one encoder are searched together')
    .requiredOption('--image <file>', 'the image to search with; several, each named so, by their mean', each)
    .option('--unlike <file>', 'an image to turn away from; may be repeated', each, [])
    .option('-k, --k <n>', 'how many to find', neighbours, 20)
    .option('--class <name>', 'only of this class; may be repeated', each, [])
    .option(
      '--folder <path>',
      'only in this folder of the data, "train/cat", and below; may be repeated',
      each,
      [],
    )
    .addOption(new Option('--split <part...>', 'only these parts of the data').choices(SPLITS).default([]))
    .addOption(new Option('--method <how>', 'how to search').choices(METHODS).default('auto'))
    .option('--temperature <t>', 'votes weigh exp(cosine / t)', temperature, 0.07)
    .action((references: string[], options: Options) =>
      context.withHost('read', async (host) => {
        const stored = host.store.sets.list();
        const sets = references.map((reference) => findSet(stored, reference));
        const { image: like, unlike, k, method } = options;
        const answer = await context.interruptible((signal) =>
          searchByFiles(
            host,
            {
              sets: sets.map(({ id }) => id),
              like,
              unlike,
              k,
              method,
              temperature: options.temperature,
              filters: { classes: options.class, folders: options.folder, splits: options.split },
            },
            signal,
          ),
        );
        const { results, vote, unindexed: _, ...rest } = answer;
        for (const result of results) context.emit({ type: 'result', ...result });
        context.emit({ type: 'searched', like, unlike, vote, ...rest });
        const names = new Map(sets.map((set) => [set.id, describeSet(host, set).dataPath]));
        const lines = results.map(({ rank, score, label, name, set }) => [
          String(rank),
          score.toFixed(4),
          label ?? '',
          sets.length > 1 ? `${names.get(set)}: ${name}` : name,
        ]);
        if (lines.length > 0) context.print(table(['', 'cosine', 'class', 'image'], lines));
        if (vote) {
          const [{ label, share }] = vote.classes;
          context.print(`${vote.voters} neighbours vote for ${label}: ${percent(share)} of the weight.`);
        }
        context.print(
          `${integer(rest.searched)} vectors searched ${rest.method === 'exact' ? 'exactly' : 'approximately'} in ${rest.milliseconds.search.toFixed(1)} ms.`,
        );
        for (const warning of rest.warnings) context.note(warning);
      }),
    );
}

function neighbours(text: string): number {
  const parsed = querySchema.shape.k.safeParse(Number(text));
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError('It must be a whole number from 1 to 1000.');
}

function temperature(text: string): number {
  const parsed = querySchema.shape.temperature.safeParse(Number(text));
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError('It must be a number above 0, at most 10.');
}
