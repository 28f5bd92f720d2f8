/**
 * Whether distorted copies of images are found: `npm run results:copies -- --data <images> --library <folder>` makes
 * copies of some of them, embeds these, and compares an encoder with raw pixels and with a perceptual hash. The encoder
 * is that of `--run`, else a small SimCLR is trained on the images first. What was made is kept in the library's folder.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { RetrievalReport, RetrievalRow } from '../src/shared/explorer/retrieval';
import { selvedge, writeResults } from './command-line';

const { values: options } = parseArgs({
  options: {
    data: { type: 'string' },
    library: { type: 'string' },
    run: { type: 'string' },
    count: { type: 'string', default: '200' },
    epochs: { type: 'string', default: '60' },
    seed: { type: 'string', default: '0' },
    write: { type: 'boolean', default: false },
  },
});
if (!options.data || !options.library)
  throw new Error('Usage: npm run results:copies -- --data <folder or archive> --library <folder> [--write]');
const { data, library, count, epochs, seed } = options;

const NAME = 'results copies';
const SETTINGS: Readonly<Record<string, unknown>> = {
  'data.imageSize': 32,
  'backbone.width': 0.5,
  'optimizer.kind': 'adamw',
  'optimizer.weightDecay': 1e-4,
  learningRate: 2e-3,
  'options.temperature': 0.2,
  batchSize: 128,
  accumulate: 1,
  epochs: Number(epochs),
  'schedule.kind': 'cosine',
  'schedule.warmupEpochs': 2,
  'knn.everyEpochs': 0,
};

/** The run to measure, trained where none was named and none is there yet. */
async function encoder(): Promise<{ run: string; about: string }> {
  if (options.run) return { run: options.run, about: `the encoder of the run "${options.run}"` };
  const known = (await selvedge(library, 'runs', 'list')).find((line) => line.name === NAME);
  if (known?.status !== 'done') {
    if (known) await selvedge(library, 'runs', 'delete', String(known.id), '--yes');
    const set = Object.entries(SETTINGS).flatMap(([key, value]) => [
      '--set',
      `${key}=${JSON.stringify(value)}`,
    ]);
    const args = ['train', 'simclr-cifar10', '--data', data, '--device', 'cpu', '--name', NAME];
    await selvedge(library, ...args, ...set);
  }
  return {
    run: NAME,
    about: `SimCLR (half of ResNet-18's width, 32 px), ${epochs} epochs on the images themselves`,
  };
}

interface Method {
  readonly name: string;
  readonly report: RetrievalReport;
}

const percent = (share: number | null | undefined) =>
  share === null || share === undefined ? 'none' : `${(100 * share).toFixed(1)} %`;

function table(methods: readonly Method[]): string {
  const figures: [name: string, of: (row: RetrievalRow) => number | null | undefined][] = [
    ['mAP', (row) => row.map],
    ['micro-AP', (row) => row.microAp],
    ['recall at 90 % precision', (row) => row.recallAtPrecision90?.recall],
  ];
  const blocks = methods[0].report.rows.map(({ name }) => name);
  const rows = blocks.flatMap((block) => {
    const ofAll = block.startsWith('all');
    return figures
      .slice(0, ofAll ? 3 : 1)
      .map(([figure, of]) => [
        block,
        figure,
        ...methods.map(({ report }) => percent(of(report.rows.find(({ name }) => name === block)!))),
      ]);
  });
  const head = ['block', 'figure', ...methods.map(({ name }) => name)];
  const widths = head.map((_, i) => Math.max(3, ...[head, ...rows].map((row) => row[i].length)));
  const line = (row: readonly string[]) => `| ${row.map((cell, i) => cell.padEnd(widths[i])).join(' | ')} |`;
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line)].join(
    '\n',
  );
}

const folder = join(library, `copies-${basename(data)}-${count}-${seed}`);
if (!existsSync(join(folder, 'copies.json')))
  await selvedge(
    library,
    'copies',
    'make',
    '--data',
    data,
    '--out',
    folder,
    '--count',
    count,
    '--seed',
    seed,
  );
const { run, about } = await encoder();
const lines = await selvedge(library, 'eval', 'copies', run, '--data', folder);
const names = ['encoder', 'raw pixels', 'perceptual hash'];
const methods = lines
  .filter(({ type }) => type === 'measured')
  .map((line, at): Method => ({ name: names[at], report: line as unknown as RetrievalReport }));
if (methods.length !== names.length)
  throw new Error(`${methods.length} methods were measured instead of ${names.length}`);
const processor = `${cpus()[0].model.trim()}, ${cpus().length} cores`;
const [{ report }] = methods;
const all = report.rows.find(({ name }) => name === 'all')!;
const text = `${count} originals of ${basename(data)} and ${all.queries.toLocaleString('en')} synthetic copies, seed ${seed}; the encoder is ${about}; on ${processor}.\n\n${table(methods)}`;
console.log(`\n${text}`);
writeFileSync(join(library, 'copies.json'), JSON.stringify(methods, null, 1));
if (options.write) writeResults('copies', text);
