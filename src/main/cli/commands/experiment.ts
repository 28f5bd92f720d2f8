/** `selvedge experiment`: several runs that build on each other, from start to finish, and their comparison. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import type { Experiment } from '../../../shared/experiment';
import { experimentCommand } from '../../../shared/experiment-command';
import { reportHtml, reportRows } from '../../experiment-report';
import {
  checkStages,
  comparedCurves,
  createStage,
  findExperiment,
  recordExperiment,
  runOfStage,
  type ExperimentOptions,
} from '../../experiments';
import type { Host } from '../../host';
import { absolute, describe } from '../../questions';
import { resumeRun, trainRun } from '../../run-actions';
import type { Context } from '../context';
import { percent, table } from '../format';
import { pair } from '../pair';
import { watchTraining } from '../training';

interface RunOptions {
  data: string;
  labelled?: string;
  name?: string;
  set: [string, string][];
  out?: string;
}

export function addExperiment(program: Command, context: Context): void {
  const experiment = program.command('experiment').description('several runs that build on each other');
  experiment
    .command('list', { isDefault: true })
    .description('list the experiments and their stages')
    .action(async () => {
      const { experiments } = await describe(context);
      for (const one of experiments) {
        context.emit({ type: 'experiment', ...one });
        context.print(`${one.id}\n  ${one.title}. ${one.summary}`);
        for (const { id, title, preset } of one.stages)
          context.print(`    ${id.padEnd(12)} ${title} (${preset})`);
      }
      context.print(`\nRun one: ${context.commandLine('experiment run <experiment> --data <folder>')}`);
    });
  experiment
    .command('run')
    .description('train all stages, those that are done excepted, and compare them')
    .argument('<experiment>', 'see: selvedge experiment list')
    .requiredOption('--data <folder>', 'images: a folder or archive, or "sample"')
    .option(
      '--labelled <folder>',
      'labelled images apart from --data: what needs labels is trained on them, the rest evaluated',
    )
    .option('--name <name>', "before the name of each stage's run; the experiment's id where left out")
    .option(
      '--set <key=value>',
      'a setting of all stages, or of one: pretrain.epochs=4; may be repeated',
      pair,
      [],
    )
    .option('--out <file.html>', 'where the comparison is written; in the library where left out')
    .action(async (id: string, options: RunOptions) => {
      context.exitCode = await run(context, id, options);
    });
}

async function run(context: Context, id: string, options: RunOptions): Promise<0 | 1> {
  const { experiments } = await describe(context);
  const experiment = findExperiment(experiments, id);
  return context.withHost('own', async (host) => {
    await checkStages(host, experiment, options);
    recordExperiment(host, experiment, options);
    return runExperiment(context, host, experiment, options);
  });
}

/**
 * Trains the stages that are not done, and compares them.
 * @returns the exit code: 0 where it ended as asked (done, or stopped by the first Ctrl-C), else 1.
 */
export async function runExperiment(
  context: Context,
  host: Host,
  experiment: Experiment,
  options: ExperimentOptions & { out?: string | undefined },
): Promise<0 | 1> {
  for (const [place, stage] of experiment.stages.entries()) {
    context.print(`\nStage ${place + 1} of ${experiment.stages.length}: ${stage.title}`);
    const before = runOfStage(host, experiment, stage, options.name);
    if (before?.status === 'done') {
      context.print(`Done already: ${before.id}`);
      continue;
    }
    const { run, warnings } = before
      ? { run: before, warnings: [] }
      : await createStage(host, experiment, stage, options);
    context.emit({
      type: 'stage',
      stage: stage.id,
      run: run.id,
      name: run.name,
      config: run.config,
      warnings,
    });
    for (const warning of warnings) context.note(`Note: ${warning}`);
    await watchTraining(context, host, run, (hooks) =>
      before ? resumeRun(host, run.id, hooks) : trainRun(host, run, hooks),
    );
    const { status } = host.store.runs.get(run.id);
    if (status !== 'done') {
      context.note('The same command goes on from here.');
      return status === 'stopped' ? 0 : 1;
    }
  }
  report(context, host, experiment, options);
  return 0;
}

function report(
  context: Context,
  host: Host,
  experiment: Experiment,
  options: ExperimentOptions & { out?: string | undefined },
): void {
  const curves = comparedCurves(host, experiment, options.name);
  const name = options.name ?? experiment.id;
  const out = resolve(options.out ?? join(host.library.folder, 'reports', `${name}.html`));
  mkdirSync(dirname(out), { recursive: true });
  const again = options.given
    ? null
    : experimentCommand({
        experiment: experiment.id,
        name: options.name ?? null,
        data: absolute(options.data),
        labelled: options.labelled === undefined ? null : absolute(options.labelled),
        settings: options.set.map((setting) => setting.join('=')),
      });
  writeFileSync(out, reportHtml(experiment, curves, again));
  const rows = reportRows(curves);
  context.emit({
    type: 'comparison',
    experiment: experiment.id,
    metric: experiment.comparison.metric,
    rows,
    out,
  });
  context.print(`\n${experiment.comparison.title}`);
  context.print(
    table(
      ['stage', 'first epoch', 'best', 'last', 'epochs'],
      rows.map(({ title, first, best, last, epochs }) => [
        title,
        ...[first, best, last].map(percent),
        String(Number(epochs.toFixed(2))),
      ]),
    ),
  );
  if (experiment.published) context.print(`Published: ${experiment.published}.`);
  context.print(`The curves: ${out}`);
}
