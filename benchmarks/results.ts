/**
 * What every method reaches in a short run: `npm run results -- --data <images>` trains each on the same images for
 * the same number of epochs with a small network, measures it by its own proper measure beside the untrained network,
 * and writes the table of docs/results.md. Joint-embedding methods are measured by weighted k-NN; masked and pretext
 * ones by fine-tuning with few labels, against the same network from scratch. Methods that were measured are kept in
 * the library given by `--library`, so that the command can be stopped and called again.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { selvedge, writeResults } from './command-line';
import { writeTurnedSequences } from './turned-sequences';

const { values: options } = parseArgs({
  options: {
    data: { type: 'string' },
    library: { type: 'string' },
    images: { type: 'string', default: '5000' },
    epochs: { type: 'string', default: '6' },
    method: { type: 'string', multiple: true },
    write: { type: 'boolean', default: false },
  },
});
if (!options.data || !options.library)
  throw new Error(
    'Usage: npm run results -- --data <folder or archive with classes> --library <folder> [--write]',
  );
const { data, library } = options;

type Settings = Readonly<Record<string, unknown>>;

interface Row {
  readonly method: string;
  readonly preset: string;
  readonly measure: 'knn' | 'finetune' | 'accuracy' | 'reconstruction';
  readonly set?: Settings;
  /** Learns from that many sequences, images of the data that turn. */
  readonly turned?: number;
  /** The row whose run is the fixed network that is learnt from. */
  readonly teacher?: string;
}

const resnet: Settings = { 'backbone.width': 0.25 };
const vit: Settings = { 'backbone.depth': 6 };
/** Small batches take a rate of their own; the presets' are for long runs with large ones. */
const adam: Settings = { 'optimizer.kind': 'adamw', 'optimizer.weightDecay': 1e-4, learningRate: 2e-3 };
/** As the fine-tuning has. */
const fewLabels: Settings = { 'data.labelsPerClass': 100, 'data.subset': null };
/** Methods without negatives take longer to begin. */
const slow: Settings = { epochs: 16, 'options.views.cropScale': [0.2, 1] };
/** Masked prediction takes many more steps until a ViT has learnt anything, and no labels: all images, thousands of steps. */
const masked: Settings = {
  ...vit,
  ...adam,
  learningRate: 1e-3,
  batchSize: 64,
  'data.subset': null,
  epochs: 4,
  'options.views.cropScale': [0.4, 1],
  'options.views.flip': 0.5,
};
/** Covariances of 2048 values are noise in a batch of 128. */
const decorrelating: Settings = {
  learningRate: 1e-3,
  epochs: 12,
  'options.projector.hidden': 512,
  'options.projector.out': 512,
};
const heads: Settings = { 'options.projector.hidden': 512 };

/** Labelled images of a step of self-training, and of training with labels alone. */
const LABELLED = 50;
/** Learns labels, and names where it is given time to. */
const classifier: Settings = {
  ...resnet,
  ...fewLabels,
  'optimizer.kind': 'adamw',
  'optimizer.weightDecay': 0.05,
  learningRate: 1e-3,
  'schedule.warmupEpochs': 0.05,
  ema: 0.99,
  // Which brings more than names do: labels alone have it as well.
  'options.strong': { jitter: [0.4, 0.4, 0.4, 0.1], grayscale: 0.2, solarize: 0, mask: 0.4 },
};

const ROWS: readonly Row[] = [
  {
    method: 'simclr',
    preset: 'simclr-cifar10',
    measure: 'knn',
    set: { ...resnet, ...adam, ...heads, 'options.temperature': 0.2 },
  },
  {
    method: 'byol',
    preset: 'byol-cifar10',
    measure: 'knn',
    // Plain SGD and a target that follows at once.
    set: {
      ...resnet,
      ...slow,
      ...heads,
      batchSize: 64,
      learningRate: 0.06,
      'options.predictor.hidden': 512,
      'options.momentum': [0.97, 1],
    },
  },
  { method: 'moco-v3', preset: 'moco-v3-cifar10', measure: 'knn', set: { ...resnet, ...adam } },
  {
    method: 'simsiam',
    preset: 'simsiam-cifar10',
    measure: 'knn',
    set: {
      ...resnet,
      ...slow,
      'options.projector.hidden': 512,
      'options.projector.out': 512,
      'options.predictor.hidden': 128,
    },
  },
  {
    method: 'barlow-twins',
    preset: 'barlow-twins-cifar10',
    measure: 'knn',
    set: { ...resnet, ...adam, ...decorrelating },
  },
  {
    method: 'vicreg',
    preset: 'vicreg-cifar10',
    measure: 'knn',
    set: { ...resnet, ...adam, ...decorrelating },
  },
  {
    method: 'swav',
    preset: 'swav-cifar10',
    measure: 'knn',
    // Codes much sharper than predictions: else both become even within an epoch.
    set: {
      ...resnet,
      epochs: 12,
      'options.prototypes': 64,
      'options.freezeEpochs': 1,
      'options.epsilon': 0.025,
      'options.temperature': 0.2,
      'options.views.globalScale': [0.3, 1],
    },
  },
  { method: 'dino', preset: 'dino-cifar10', measure: 'knn', set: { ...resnet, ...adam } },
  {
    method: 'ibot',
    preset: 'ibot-cifar10',
    measure: 'knn',
    // Few patches and a small head: it compares every patch of both crops with every prototype. In so short a run
    // prototypes that are set free undo what was learnt, and without batch normalization little is.
    set: {
      ...vit,
      ...adam,
      'optimizer.weightDecayEnd': null,
      learningRate: 1e-3,
      batchSize: 64,
      'data.subset': null,
      epochs: 4,
      'schedule.warmupEpochs': 0.25,
      'backbone.patch': 6,
      'options.prototypes': 1024,
      'options.teacherTemperature': 0.04,
      'options.warmupTemperature': 0.04,
      'options.freezeEpochs': 4,
      'options.head.hidden': 512,
      'options.head.bottleneck': 64,
      'options.head.batchNorm': true,
      'options.views.locals': 2,
      'options.views.localSize': 12,
    },
  },
  { method: 'pirl', preset: 'pirl-cifar10', measure: 'knn', set: { ...resnet, ...adam } },
  {
    method: 'data2vec',
    preset: 'data2vec-cifar10',
    measure: 'finetune',
    // The upper half of the blocks, as the paper: lower ones tell places more than content.
    set: { ...masked, 'options.layers': 3 },
  },
  {
    method: 'mae',
    preset: 'mae-cifar10',
    measure: 'finetune',
    set: {
      ...masked,
      epochs: 6,
      'backbone.patch': 3,
      'options.decoder.depth': 1,
      'options.decoder.width': 96,
      'options.decoder.heads': 3,
    },
  },
  { method: 'vqvae', preset: 'vqvae-cifar10', measure: 'reconstruction' },
  {
    method: 'beit',
    preset: 'beit-cifar10',
    measure: 'finetune',
    teacher: 'vqvae',
    set: masked,
  },
  { method: 'rotation', preset: 'rotation-cifar10', measure: 'finetune', set: { ...resnet, ...adam } },
  {
    method: 'jigsaw',
    preset: 'jigsaw-cifar10',
    measure: 'finetune',
    set: { ...resnet, ...adam, epochs: 30 },
  },
  {
    method: 'colorization',
    preset: 'colorization-cifar10',
    measure: 'finetune',
    set: { ...resnet, ...adam },
  },
  {
    method: 'frame-order',
    preset: 'frame-order-small',
    measure: 'finetune',
    turned: 5000,
    // k-NN is measured on the images themselves: the sequences have no classes.
    set: {
      ...resnet,
      ...adam,
      batchSize: 64,
      epochs: 8,
      'data.subset': null,
      'options.stride': 1,
    },
  },
  {
    method: 'fixmatch',
    preset: 'fixmatch-cifar10',
    measure: 'accuracy',
    // Epochs are of all images, not of a few thousand: these are 1,500 steps.
    set: {
      ...resnet,
      ...adam,
      ...fewLabels,
      batchSize: 32,
      epochs: 4,
      ema: 0.99,
      'options.unlabelled': 4,
      'options.confidence': 0.8,
    },
  },
  {
    method: 'pseudo-labels',
    preset: 'pseudo-labels-cifar10',
    measure: 'accuracy',
    // 9,000 steps in six rounds, half of each batch for labels of its own.
    set: {
      ...classifier,
      batchSize: 2 * LABELLED,
      epochs: 18,
      'options.roundEpochs': 3,
      'options.sharePerRound': 0.15,
      'options.confidence': 0.8,
    },
  },
];

const small: Settings = {
  'data.imageSize': 24,
  'data.subset': Number(options.images),
  batchSize: 128,
  accumulate: 1,
  epochs: Number(options.epochs),
  'schedule.kind': 'cosine',
  'schedule.warmupEpochs': 0.5,
  'knn.everyEpochs': 0,
  'knn.maxBank': 10_000,
  'knn.maxQueries': 5000,
};
const ALL_IMAGES = 50_000;
/** 1,000 labels, the same network. */
const finetune: Settings = {
  'data.imageSize': 24,
  'data.labelsPerClass': 100,
  batchSize: 50,
  epochs: 20,
  'knn.everyEpochs': 0,
  'knn.maxBank': 1000,
};

interface Trained {
  readonly id: string;
  readonly seconds: number;
  readonly config: { readonly backbone: unknown; readonly data: { readonly subset: number | null } };
  readonly epochs: number;
  readonly steps: number;
  /** Last values, by metric. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Largest values, by metric. */
  readonly most: Readonly<Record<string, number>>;
  readonly untrained: number | null;
}

/** The run of this name, trained where it is not there yet. */
async function trained(
  name: string,
  preset: string,
  set: Settings,
  more: string[] = [],
  images = data,
): Promise<Trained> {
  const known = (await selvedge(library, 'runs', 'list')).find((line) => line.name === name);
  if (known?.status !== 'done') {
    if (known) await selvedge(library, 'runs', 'delete', String(known.id), '--yes');
    const settings = Object.entries(set).flatMap(([key, value]) => [
      '--set',
      `${key}=${JSON.stringify(value)}`,
    ]);
    await selvedge(
      library,
      'train',
      preset,
      '--data',
      images,
      '--device',
      'cpu',
      '--name',
      name,
      ...more,
      ...settings,
    );
  }
  const [run] = await selvedge(library, 'runs', 'show', name);
  const series = run.metrics as { name: string; last: number; max: number }[];
  const baseline = (run.evaluations as { kind: string; data: Record<string, number> }[]).find(
    ({ kind }) => kind === 'baseline',
  );
  return {
    id: String(run.id),
    seconds: (Number(run.endedAt) - Number(run.startedAt)) / 1000,
    config: run.config as Trained['config'],
    epochs: Number(run.epoch),
    steps: Number(run.step),
    metrics: Object.fromEntries(series.map(({ name: metric, last }) => [metric, last])),
    most: Object.fromEntries(series.map(({ name: metric, max }) => [metric, max])),
    untrained: baseline?.data.untrained ?? null,
  };
}

interface Result {
  readonly method: string;
  /** null: all there are. */
  readonly images: number | null;
  readonly measure: string;
  readonly before: number;
  readonly after: number;
  readonly knn: number;
  readonly epochs: number;
  readonly minutes: number;
}

/** The folder of images that turn, made where it is not there yet. */
async function turnedSequences(count: number): Promise<string> {
  const folder = join(library, 'turned-sequences');
  await writeTurnedSequences(data, count, folder, join(library, 'cache'));
  return folder;
}

async function measure({ method, preset, measure: how, set, teacher, turned }: Row): Promise<Result> {
  const learntFrom = teacher === undefined ? {} : { teacher: `results ${teacher}` };
  const settings = { ...small, ...set, ...learntFrom };
  const name = `results ${method}`;
  const run =
    turned === undefined
      ? await trained(name, preset, settings)
      : await trained(name, preset, settings, ['--labelled', data], await turnedSequences(turned));
  const base = {
    method,
    images: turned ?? run.config.data.subset,
    knn: run.metrics.knn,
    epochs: run.epochs,
    minutes: run.seconds / 60,
  };
  if (how === 'knn')
    return { ...base, measure: 'k-NN', before: run.untrained ?? NaN, after: run.metrics.knn };
  if (how === 'reconstruction') {
    const explained = (values: Readonly<Record<string, number>>) => 1 - values.reconstruction;
    return {
      ...base,
      measure: 'variance painted back',
      before: explained(run.most),
      after: explained(run.metrics),
    };
  }
  const { backbone } = run.config;
  const { kind, patch } = backbone as { kind: string; patch?: number };
  const network = patch === undefined ? kind : `${kind} of ${patch} px`;
  if (how === 'accuracy') {
    const steps = Math.round(run.steps / 100) * 100;
    const labelsAlone = await trained(`results labels alone, ${steps} steps`, 'pseudo-labels-cifar10', {
      ...small,
      ...classifier,
      batchSize: LABELLED,
      epochs: (steps * LABELLED) / ALL_IMAGES,
      // No round ends: nothing is named.
      'options.roundEpochs': 10_000,
    });
    return {
      ...base,
      measure: 'accuracy, 1,000 labels',
      before: labelsAlone.metrics.testAccuracy,
      after: run.metrics.testAccuracy,
    };
  }
  const scratch = await trained(`results ${network} scratch`, 'finetune', { backbone, ...finetune });
  const before = scratch.metrics.testAccuracy;
  const tuned = await trained(`results ${method} finetune`, 'finetune', finetune, ['--from', run.id]);
  return { ...base, measure: 'fine-tuned, 1,000 labels', before, after: tuned.metrics.testAccuracy };
}

const percent = (share: number) => (Number.isFinite(share) ? `${(100 * share).toFixed(1)} %` : '');

function table(results: readonly Result[]): string {
  const rows = results.map(({ method, images, measure: how, before, after, knn, epochs, minutes }) => [
    `[${method}](methods/${method}.md)`,
    how,
    percent(before),
    percent(after),
    percent(knn),
    images?.toLocaleString('en') ?? 'all',
    String(Number(epochs.toFixed(1))),
    minutes.toFixed(1),
  ]);
  const head = [
    'method',
    'measure',
    'untrained or from scratch',
    'trained',
    'k-NN',
    'images',
    'epochs',
    'minutes',
  ];
  const widths = head.map((_, i) => Math.max(3, ...[head, ...rows].map((row) => row[i].length)));
  const line = (row: readonly string[]) => `| ${row.map((cell, i) => cell.padEnd(widths[i])).join(' | ')} |`;
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line)].join(
    '\n',
  );
}

const chosen = ROWS.filter(({ method }) => !options.method || options.method.includes(method));
const results: Result[] = [];
for (const row of chosen) {
  try {
    const result = await measure(row);
    results.push(result);
    const { before, after, minutes } = result;
    console.log(
      `${row.method}: ${percent(before)} -> ${percent(after)} (${result.measure}), ${minutes.toFixed(1)} min`,
    );
  } catch (error) {
    console.error(`${row.method}: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
const processor = `${cpus()[0].model.trim()}, ${cpus().length} cores`;
const text =
  `Images at 24 px, batches of 32 to 128; on ${processor}. All images are 50,000; of the semi-supervised methods they ` +
  'are the ones without labels, besides the 1,000 with.' +
  `\n\n${table(results)}`;
console.log(`\n${text}`);
mkdirSync(library, { recursive: true });
writeFileSync(join(library, 'results.json'), JSON.stringify(results, null, 2));
if (options.write) writeResults('results', text);
