/** `selvedge eval retrieval|copies <encoder or set>`: how well an embedding set answers queries. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { readRevisited } from '../../../data/revisited';
import { messageOf, UserError } from '../../../shared/errors';
import {
  retrievalProtocolSchema,
  type RetrievalProtocolInput,
  type RetrievalReport,
  type RetrievalRow,
} from '../../../shared/explorer/retrieval';
import type { Normalization } from '../../../shared/explorer/normalization';
import type { EmbeddingSet } from '../../../shared/explorer/sets';
import { describeSet } from '../../embedding/describe-set';
import { findSet } from '../../embedding/find-set';
import { measureSet, type MeasureOptions } from '../../embedding/measures';
import type { Host } from '../../host';
import type { Context } from '../context';
import { DISTRACTORS_OPTION, distractorSet, distractorsOf, requireComparable } from '../distractors';
import { embedFolder } from '../embed-folder';
import { integer, percent, table } from '../format';
import { watchJob } from '../job-view';
import { NORMALIZATION_OPTION } from '../normalization-option';
import { seedNumber, wholeNumber, wholeNumbers } from '../whole-number';

interface Common {
  data?: string;
  checkpoint: string;
  feature?: string;
  normalization?: Normalization;
  distractors?: string;
}

interface RetrievalOptions extends Common {
  groundTruth?: string;
  knn?: number[];
  maxQueries: number;
  seed: number;
}

export function addSetEval(evaluate: Command, context: Context): void {
  const measure = (name: string, description: string, data: string) =>
    evaluate
      .command(name)
      .description(description)
      .argument(
        '<encoder or set>',
        'with --data a run, an encoder file or "pixels"; without it an embedding set (id or "last")',
      )
      .option('--data <folder>', data)
      .option('--checkpoint <which>', 'of a run: last, best, or a step', 'last')
      .option('--feature <name>', 'which vector: embedding, cls, cls+gem, or a layer')
      .option(...NORMALIZATION_OPTION)
      .option(...DISTRACTORS_OPTION);

  measure(
    'retrieval',
    'mAP, mP@k and recall@k of an embedding set, by class or by a ground truth',
    'images to embed',
  )
    .option(
      '--ground-truth <file>',
      'a CSV (query,result,relation), or JSON from `eval ground-truth convert`',
    )
    .option(
      '--knn <list>',
      'weighted k-NN classification with these numbers of neighbours instead',
      wholeNumbers,
    )
    .option('--max-queries <n>', 'of retrieval by class, drawn by the seed', wholeNumber, 2000)
    .option('--seed <n>', 'of the draw', seedNumber, 0)
    .action((reference: string, options: RetrievalOptions) => retrieval(context, reference, options));
  measure(
    'copies',
    'whether distorted copies are found, beside raw pixels and a perceptual hash',
    'a folder that `copies make` made',
  ).action((reference: string, options: Common) => copies(context, reference, options));

  evaluate
    .command('ground-truth')
    .description('ground truth files of retrieval')
    .command('convert')
    .description('convert the published one of revisited Oxford or Paris')
    .argument('<file.pkl>', 'gnd_roxford5k.pkl or gnd_rparis6k.pkl')
    .requiredOption('--out <file.json>', 'what to write')
    .action((file: string, { out }: { out: string }) => convert(context, file, out));
}

function retrieval(context: Context, reference: string, options: RetrievalOptions): Promise<void> {
  const { groundTruth, knn, maxQueries, seed } = options;
  if (groundTruth !== undefined && knn !== undefined)
    throw new UserError('--ground-truth and --knn are two protocols.', 'Give one of them.', 'usage');
  if (options.distractors !== undefined && knn !== undefined)
    throw new UserError(
      '--distractors are wrong answers of retrieval; in k-NN classification nothing is right or wrong but the vote.',
      'Leave one of --distractors and --knn out.',
      'usage',
    );
  const protocolWith = (distractors: string | null): RetrievalProtocolInput => {
    if (groundTruth) return { kind: 'ground-truth', file: groundTruth, distractors };
    return knn ? { kind: 'knn', k: knn } : { kind: 'classes', maxQueries, seed, distractors };
  };
  return context.withHost('own', async (host) => {
    const others = distractorsOf(host, options.distractors);
    const set = await setOf(context, host, reference, options);
    if (!set) return;
    requireComparable(others, set);
    const distractors = others && (await distractorSet(context, host, others, set));
    if (others && distractors === null) return;
    const report = await measured(context, host, set, protocolWith(distractors));
    context.print(`${set.name}:`);
    context.print(knn ? accuracies(report) : retrievalTable(report));
    tellNotes(context, report);
  });
}

function copies(context: Context, reference: string, options: Common): Promise<void> {
  return context.withHost('own', async (host) => {
    const others = distractorsOf(host, options.distractors);
    const set = await setOf(context, host, reference, options);
    if (!set) return;
    requireComparable(others, set);
    const pixels = await embedFolder(context, host, 'pixels', { data: set.dataPath, checkpoint: 'last' });
    if (!pixels) return;
    const methods: [name: string, report: RetrievalReport][] = [];
    for (const method of pixels.id === set.id ? [set] : [set, pixels]) {
      const distractors = others && (await distractorSet(context, host, others, method));
      if (others && distractors === null) return;
      const protocol = { kind: 'copy-blocks', distractors } as const;
      methods.push([method.encoderName, await measured(context, host, method, protocol)]);
    }
    const hashed = await measured(context, host, set, methods[0][1].protocol, { vectors: 'perceptual hash' });
    methods.push(['Perceptual hash', hashed]);
    context.print(copiesTable(methods));
    tellNotes(context, methods[0][1]);
  });
}

/** @returns null where embedding was stopped. */
async function setOf(
  context: Context,
  host: Host,
  reference: string,
  { data, checkpoint, feature, normalization }: Common,
): Promise<EmbeddingSet | null> {
  if (data === undefined) {
    if (normalization)
      throw new UserError(
        '--normalization is for images that are embedded now, with --data.',
        'Leave it out: a set has the one that it was made with.',
        'usage',
      );
    return describeSet(host, findSet(host.store.sets.list(), reference));
  }
  return embedFolder(context, host, reference, {
    data,
    checkpoint,
    ...(feature !== undefined && { feature }),
    ...(normalization && { normalization }),
  });
}

async function measured(
  context: Context,
  host: Host,
  set: EmbeddingSet,
  protocol: RetrievalProtocolInput,
  options: Pick<MeasureOptions, 'vectors'> = {},
): Promise<RetrievalReport> {
  const report = await watchJob(context, (hooks) =>
    measureSet(host, set.id, retrievalProtocolSchema.parse(protocol), { ...options, ...hooks }),
  );
  context.emit({ type: 'measured', set: set.id, vectors: options.vectors ?? 'embeddings', ...report });
  return report;
}

function convert(context: Context, file: string, out: string): void {
  let content: Buffer;
  try {
    content = readFileSync(file);
  } catch (error) {
    throw new UserError(`${file} cannot be read: ${messageOf(error)}.`, 'Check the path.', 'usage');
  }
  const truth = readRevisited(content, file);
  try {
    writeFileSync(out, `${JSON.stringify(truth)}\n`, { flag: 'wx' });
  } catch (error) {
    throw new UserError(`${out} cannot be written: ${messageOf(error)}.`, 'Choose another file.', 'usage');
  }
  const counts = { queries: truth.queries.length, images: truth.images?.length ?? 0 };
  context.emit({ type: 'ground-truth', out, ...counts });
  context.print(`Wrote ${out}: ${integer(counts.queries)} queries, ${integer(counts.images)} images.`);
}

const share = (value: number | null | undefined): string =>
  value === null || value === undefined ? '' : percent(value);

function retrievalTable({ rows }: RetrievalReport): string {
  return table(
    ['what', 'queries', 'left out', 'mAP', 'mP@1', 'mP@5', 'mP@10', 'recall@1', 'recall@5', 'recall@10'],
    rows.map((row) => [
      row.name,
      integer(row.queries),
      integer(row.leftOut),
      share(row.map),
      ...['1', '5', '10'].map((k) => share(row.precisionAt[k])),
      ...['1', '5', '10'].map((k) => share(row.recallAt[k])),
    ]),
  );
}

const accuracies = ({ rows: [row] }: RetrievalReport): string =>
  Object.entries(row.accuracyAt)
    .map(([k, value]) => `  k = ${k.padEnd(4)} ${percent(value)}`)
    .join('\n');

/** mAP of each method by block; of all blocks together also the micro-AP and the recall at 90 % precision. */
function copiesTable(methods: readonly [name: string, report: RetrievalReport][]): string {
  const names = methods[0][1].rows.map(({ name }) => name);
  const rowOf = (report: RetrievalReport, name: string): RetrievalRow | undefined =>
    report.rows.find((row) => row.name === name);
  const lines = names.map((name) => [
    name,
    ...methods.map(([, report]) => share(rowOf(report, name)?.map)),
    ...methods.map(([, report]) => share(rowOf(report, name)?.microAp)),
    ...methods.map(([, report]) => share(rowOf(report, name)?.recallAtPrecision90?.recall ?? 0)),
  ]);
  const head = ['mAP', 'micro-AP', 'R@P90'].flatMap((what) => methods.map(([name]) => `${what} ${name}`));
  return table(['block', ...head], lines);
}

function tellNotes(context: Context, { notes }: RetrievalReport): void {
  for (const note of notes) context.note(note);
}
