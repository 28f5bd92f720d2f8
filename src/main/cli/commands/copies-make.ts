/** `selvedge copies make`: a folder to measure copy detection on. */
import { resolve } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import { makeCopies, type CopiesToMake } from '../../embedding/copies';
import { absolute } from '../../questions';
import type { Context } from '../context';
import { integer } from '../format';
import { watchJob } from '../job-view';
import { seedNumber, wholeNumber } from '../whole-number';

const BLOCKS = ['jpeg', 'crop', 'strong'] as const;

interface MakeOptions {
  data: string;
  out: string;
  seed: number;
  count?: number;
  blocks: CopiesToMake['blocks'];
}

export function addMake(copies: Command, context: Context): void {
  copies
    .command('make')
    .description('write originals and synthetic copies of them in the manner of Copydays, with a manifest')
    .requiredOption('--data <folder>', 'originals: a folder or archive')
    .requiredOption('--out <folder>', 'a new or empty folder')
    .option('--count <n>', 'originals, drawn by the seed; all where left out', wholeNumber)
    .option('--seed <n>', 'the same seed makes the same copies', seedNumber, 0)
    .option('--blocks <list>', 'which distortions', blocks, [...BLOCKS])
    .action(({ data, out, seed, count, blocks: wanted }: MakeOptions) =>
      context.withHost('read', async (host) => {
        const job = {
          dataPath: absolute(data),
          out: resolve(out),
          seed,
          count: count ?? null,
          blocks: wanted,
        };
        const made = await watchJob(context, (hooks) => makeCopies(host, job, hooks));
        context.emit({ type: 'copies-made', ...made });
        context.print(
          `Wrote ${integer(made.originals)} originals and ${integer(made.copies)} synthetic copies to ${made.path}.`,
        );
        for (const { path, reason } of made.skipped) context.note(`${path}: ${reason}`);
        context.print(`Measure: ${context.commandLine(`eval copies <run> --data ${made.path}`)}`);
      }),
    );
}

function blocks(text: string): CopiesToMake['blocks'] {
  return text.split(',').map((name) => {
    const known = BLOCKS.find((block) => block === name);
    if (!known) throw new InvalidArgumentError(`There is no "${name}"; there are ${BLOCKS.join(', ')}.`);
    return known;
  });
}
