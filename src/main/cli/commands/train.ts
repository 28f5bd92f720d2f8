/** `selvedge train [preset | config.json]`: from a folder of images to a trained run. */
import { existsSync, readFileSync } from 'node:fs';
import { Option, type Command } from 'commander';
import { messageOf, UserError } from '../../../shared/errors';
import type { ConfigSource } from '../../../shared/protocol';
import { runConfigSchema, type RunConfig } from '../../../shared/run-config';
import { runFolder } from '../../library';
import { absolute, profile, resolveConfig } from '../../questions';
import type { Host } from '../../host';
import { createRun, trainRun } from '../../run-actions';
import type { Context } from '../context';
import { pair } from '../pair';
import { configLines } from '../summary';
import { watchTraining } from '../training';

interface TrainOptions {
  data?: string;
  labelled?: string;
  set: [string, string][];
  device?: string;
  maxSteps?: string;
  seed?: string;
  name?: string;
  from?: string;
  checkpoint?: string;
  freezeEncoder?: boolean;
  profile?: boolean;
}

export function addTrain(program: Command, context: Context): void {
  program
    .command('train')
    .description('train an encoder on a folder of images')
    .argument('[preset]', 'a preset (see: selvedge presets) or a config.json', 'quick')
    .option(
      '--data <folder>',
      'images: a folder or archive, or "sample" for the ones that ship with Selvedge',
    )
    .option('--labelled <folder>', 'separate labelled images for evaluation')
    .option(
      '--set <key=value>',
      'change one setting, e.g. optimizer.momentum=0.95; may be repeated',
      pair,
      [],
    )
    .addOption(new Option('--device <device>', 'where to train').choices(DEVICES))
    .option('--max-steps <n>', 'end after this many steps')
    .option('--seed <n>', 'seed of every random choice')
    .option('--name <name>', 'a name for the run')
    .option('--from <run | file>', 'start from the weights of a run or a safetensors file')
    .option('--checkpoint <which>', 'with --from: last, best (by k-NN accuracy), or a step')
    .option('--freeze-encoder', 'with --from: train the head only')
    .option('--profile', 'train nothing: measure some steps and print where their time goes')
    .action(async (preset: string, options: TrainOptions) => {
      context.exitCode = await train(context, preset, options);
    });
}

const DEVICES = runConfigSchema.shape.device.unwrap().options;

function train(context: Context, preset: string, options: TrainOptions): Promise<number> {
  if (options.freezeEncoder && options.from === undefined) {
    throw new UserError('--freeze-encoder needs --from: there are no weights to freeze.', undefined, 'usage');
  }
  if (options.checkpoint !== undefined && options.from === undefined) {
    throw new UserError('--checkpoint needs --from: which run is it of?', undefined, 'usage');
  }
  const source = sourceOf(preset, options);
  return context.withHost('own', async (host) => {
    const { config, warnings, parent } = await resolveConfig(
      host,
      source,
      options.from === undefined
        ? undefined
        : {
            reference: options.from,
            checkpoint: options.checkpoint,
            freezeEncoder: options.freezeEncoder ?? false,
          },
    );
    if (options.profile) return printProfile(context, host, config);
    const run = createRun(host, config, { name: options.name, parent: parent ?? undefined });
    const folder = runFolder(host.library.folder, run.id);
    context.emit({ type: 'run', id: run.id, name: run.name, parent, folder, config, warnings });
    context.print(`Run ${run.id}${options.name ? ` (${options.name})` : ''}`);
    for (const line of configLines(config)) context.print(`  ${line}`);
    for (const warning of warnings) context.note(`Note: ${warning}`);
    context.print(`Ctrl-C stops it with a checkpoint; ${context.commandLine(`resume ${run.id}`)} goes on.`);
    return watchTraining(context, host, run, (hooks) => trainRun(host, run, hooks));
  });
}

/** Steps that a profile measures, after two that warm up. */
const PROFILED_STEPS = 5;

async function printProfile(context: Context, host: Host, config: RunConfig): Promise<number> {
  const result = await profile(host, config, PROFILED_STEPS);
  context.emit({ type: 'profile', ...result });
  context.print(result.profile);
  return 0;
}

function sourceOf(preset: string, options: TrainOptions): ConfigSource {
  const flags: [string, unknown][] = [
    ['data.path', options.data && absolute(options.data)],
    ['data.labelled', options.labelled && absolute(options.labelled)],
    ['device', options.device],
    ['maxSteps', wholeNumber('--max-steps', options.maxSteps)],
    ['seed', wholeNumber('--seed', options.seed)],
  ];
  const overrides: [string, string][] = [];
  for (const [key, value] of flags) if (value !== undefined) overrides.push([key, JSON.stringify(value)]);
  overrides.push(...options.set);
  const isFile = preset.endsWith('.json') || existsSync(preset);
  return isFile ? { config: readConfig(preset), overrides } : { preset, overrides };
}

function readConfig(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UserError(
      `The configuration ${file} cannot be read: ${messageOf(error)}.`,
      'Give a preset (selvedge presets lists them) or the path of a config.json.',
      'usage',
    );
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError(
      `The configuration ${file} is not JSON: ${messageOf(error)}.`,
      'selvedge presets <id> prints one that is.',
      'usage',
    );
  }
}

function wholeNumber(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  throw new UserError(`${flag} is "${text}"; it must be a whole number.`, undefined, 'usage');
}
