/** `selvedge eval knn|linear|few-shot|finetune <run>`: how good the encoder of a run is; of sets see eval-sets.ts. */
import { InvalidArgumentError, type Command } from 'commander';
import { protocolSchema, type EvaluationAnswer, type ProtocolInput } from '../../../shared/evaluation';
import { evaluateEncoder } from '../../encoder-jobs';
import { findRun } from '../../find-run';
import { planFineTuning } from '../../fine-tuning';
import type { Context } from '../context';
import { integer, percent } from '../format';
import { watchJob } from '../job-view';
import { pair } from '../pair';
import { wholeNumber, wholeNumbers } from '../whole-number';
import { addSetEval } from './eval-sets';
import { runExperiment } from './experiment';

interface Common {
  data?: string;
  feature: string;
  checkpoint: string;
}

export function addEval(program: Command, context: Context): void {
  const evaluate = program.command('eval').description('evaluate the encoder of a run');
  const measure = (name: string, description: string) =>
    evaluate
      .command(name)
      .description(description)
      .argument('<run>', 'id, the beginning of an id, name, or "last"')
      .option('--data <folder>', "labelled images; the run's own where left out")
      .option('--checkpoint <which>', 'last, best, or a step', 'last')
      .option(
        '--feature <name>',
        'which vector: embedding, cls, cls+gem, or a layer such as layer3 or blocks.9',
        'embedding',
      );

  addSetEval(evaluate, context);
  measure('knn', 'weighted k-nearest-neighbour accuracy')
    .option('--k <list>', 'numbers of neighbours, e.g. 10,20,200', wholeNumbers, [20])
    .option('--temperature <t>', "votes weigh exp(cosine / t); the run's own where left out", positive)
    .action((run: string, { k, temperature, ...common }: Common & { k: number[]; temperature?: number }) =>
      report(context, run, common, { kind: 'knn', k, temperature: temperature ?? null }),
    );
  measure('linear', 'accuracy of one linear map on frozen embeddings, after its final epoch')
    .option('--epochs <n>', 'passes over the training embeddings', wholeNumber, 100)
    .option('--batch-size <n>', 'embeddings a step', wholeNumber, 256)
    .option(
      '--learning-rate <list>',
      'for 256 embeddings a step; of several the best on a held-out tenth of the training images',
      positives,
      [0.1],
    )
    .action(
      (
        run: string,
        {
          epochs,
          batchSize,
          learningRate,
          ...common
        }: Common & Record<'epochs' | 'batchSize', number> & { learningRate: number[] },
      ) => report(context, run, common, { kind: 'linear', epochs, batchSize, learningRates: learningRate }),
    );
  measure('few-shot', 'accuracy of the nearest class mean of a few labelled images')
    .option('--shots <list>', 'labelled images of each class', wholeNumbers, [1, 5, 10])
    .option('--draws <n>', 'how often they are drawn anew', wholeNumber, 20)
    .action((run: string, { shots, draws, ...common }: Common & { shots: number[]; draws: number }) =>
      report(context, run, common, { kind: 'few-shot', shots, draws }),
    );
  measure('finetune', 'accuracy after training the whole network with labels, beside the same from scratch')
    .option('--labels <list>', 'shares of the labels of each class', shares, [0.01, 0.1, 1])
    .option('--epochs <n>', 'passes over the labelled images', wholeNumber, 30)
    .option('--no-baseline', 'leave out the same network from scratch')
    .option('--set <key=value>', 'a setting of all these runs; may be repeated', pair, [])
    .option('--out <file.html>', 'where the comparison is written; in the library where left out')
    .action(async (run: string, options: FineTuneOptions) => {
      context.exitCode = await fineTune(context, run, options);
    });
}

interface FineTuneOptions extends Common {
  labels: number[];
  epochs: number;
  baseline: boolean;
  set: [string, string][];
  out?: string;
}

function fineTune(
  context: Context,
  reference: string,
  { labels, epochs, baseline, data, checkpoint, set, out }: FineTuneOptions,
): Promise<0 | 1> {
  return context.withHost('own', async (host) => {
    const run = host.store.runs.get(findRun(host.store.runs.list(), reference).id);
    const { experiment, options } = await planFineTuning(
      host,
      run,
      { shares: labels, epochs, baseline },
      { data: data ?? run.config.data.labelled ?? run.config.data.path, set, checkpoint },
    );
    return runExperiment(context, host, experiment, { ...options, out });
  });
}

function report(
  context: Context,
  reference: string,
  { data, feature, checkpoint: which }: Common,
  asked: ProtocolInput,
): Promise<void> {
  return context.withHostToRecord(async (host) => {
    const { id } = findRun(host.store.runs.list(), reference);
    const choice = { run: id, checkpoint: which };
    const protocol = protocolSchema.parse({ ...asked, feature });
    const { checkpoint, kind, ...answer } = await watchJob(context, (hooks) =>
      evaluateEncoder(host, choice, { data, protocol, ...hooks }),
    );
    context.emit({ type: kind, run: id, feature, ...answer });
    const { bank, queries } = answer;
    context.print(
      `${id}, step ${integer(checkpoint.step)}${feature === 'embedding' ? '' : `, ${feature}`}: ` +
        `${integer(queries)} images against ${integer(bank)}`,
    );
    for (const line of linesOf({ kind, ...answer } as EvaluationAnswer)) context.print(`  ${line}`);
  });
}

function linesOf(answer: EvaluationAnswer): string[] {
  switch (answer.kind) {
    case 'knn':
      return Object.entries(answer.accuracy).map(([k, value]) => `k = ${k.padEnd(4)} ${percent(value)}`);
    case 'linear': {
      const { accuracy, bankAccuracy, epochs, learningRate, grid } = answer;
      const tried = (grid ?? []).map(
        (one) => `learning rate ${one.learningRate}: ${percent(one.heldOutAccuracy)} of the held-out tenth`,
      );
      return [
        ...tried,
        `linear ${percent(accuracy)}, ${percent(bankAccuracy)} of the images it was trained on`,
        `${epochs} epochs, learning rate ${learningRate}${grid ? ', chosen on the held-out tenth' : ''}`,
      ];
    }
    case 'few-shot':
      return answer.shots.map(
        ({ shots, accuracy, interval }) =>
          `${String(shots).padStart(3)} a class  ${percent(accuracy)} +- ${percent(interval)}`,
      );
    default:
      return answer satisfies never;
  }
}

function positive(text: string): number {
  const n = Number(text);
  if (!(n > 0 && Number.isFinite(n))) throw new InvalidArgumentError('It must be a number above 0.');
  return n;
}

const shares = (text: string): number[] =>
  text.split(',').map((part) => {
    const share = positive(part);
    if (share > 1) throw new InvalidArgumentError('Each share must be at most 1.');
    return share;
  });
const positives = (text: string): number[] => text.split(',').map(positive);
