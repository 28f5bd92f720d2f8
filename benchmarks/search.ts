/**
 * How long a query takes: `npm run bench:search -- [--counts 10000,100000,1000000] [--rounds 50] [--only exact]... [--data images]`
 *
 * exact: 50,000 x 256 against usearch's own scan and a loop in JavaScript, in turns. curve: exact and approximate by the
 * number of vectors, with recall@10 and what the index costs. drop: from a dropped file to its neighbours through a
 * real search child (npm run build first), with random weights. Vectors are made up: 32 directions and noise. page: from
 * the drop to drawn neighbours in Chromium, among the images of `--data`; left out without them. The aim stands beside
 * each; exits with 1 where one is missed. Everything is in a temporary folder; `--chart <file.svg>` draws the curve.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import usearch from 'usearch';
import { ApproximateIndex } from '../src/explorer/search/approximate';
import { buildIndex } from '../src/explorer/search/build-index';
import { dot, searchExact } from '../src/explorer/search/exact';
import { BestHits } from '../src/explorer/search/hits';
import { indexFile } from '../src/explorer/search/index-file';
import { VectorFile } from '../src/explorer/search/vector-file';
import { readManifest } from '../src/explorer/set-files';
import { ServiceProcess } from '../src/main/supervisor/service';
import { openRawEncoder } from '../src/runner/encoders/raw-encoder';
import { searchRequests, type SetSource } from '../src/shared/explorer/requests';
import type { RunConfigInput } from '../src/shared/run-config';
import { runConfigSchema } from '../src/shared/run-config';
import { writeRandomEncoder } from '../tests/runner/random-encoder';
import { isMissed, lineOf, quantile, type Figure } from './host/figures';
import { costChart, type Cost } from './search/cost-chart';
import { dropsInPage } from './search/drop-in-page';
import { writeMadeUpSet } from './search/made-up-set';

const PARTS = ['exact', 'curve', 'drop', 'page'];
const SIZE = 256;
const K = 20;
const WARM = 3;
/** Milliseconds, 95th percentile. */
const APPROXIMATE_AIM = 10;

const { values } = parseArgs({
  options: {
    counts: { type: 'string', default: '10000,100000,1000000' },
    rounds: { type: 'string', default: '50' },
    only: { type: 'string', multiple: true, default: PARTS },
    chart: { type: 'string' },
    data: { type: 'string' },
  },
});
const rounds = Number(values.rounds);
const scratch = mkdtempSync(join(tmpdir(), 'selvedge-bench-search-'));
let missed = false;
const curve: Record<'exact' | 'approximate' | 'slow', Cost[]> = { exact: [], approximate: [], slow: [] };
const tell = (figure: Figure): void => {
  missed ||= isMissed(figure);
  console.log(lineOf(figure));
};

try {
  const { length, 0: processor } = cpus();
  console.log(
    `${processor.model}, ${length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, load ${loadavg()[0].toFixed(1)}; Node ${process.versions.node}; one thread a query`,
  );
  if (values.only.includes('exact')) measureExact();
  if (values.only.includes('curve')) {
    for (const count of values.counts.split(',').map(Number)) await measureCount(count);
    if (values.chart !== undefined) writeFileSync(values.chart, chart());
  }
  if (values.only.includes('drop')) {
    await measureDrop('32 px ResNet-18', 150, {
      backbone: { kind: 'resnet', depth: 18, stem: 'cifar' },
      data: { path: 'sample', imageSize: 32 },
    });
    await measureDrop('224 px ViT-S/16', 400, {
      backbone: { kind: 'vit', size: 'small', patch: 16, depth: 12 },
      data: { path: 'sample', imageSize: 224 },
    });
  }
  if (values.only.includes('page')) {
    if (values.data === undefined) console.log('page: left out, it needs --data <images>');
    else await measurePage(values.data);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
process.exitCode = missed ? 1 : 0;

/** In turns, so that a busy machine is as busy for each. @returns milliseconds of each. */
function inTurns(tasks: readonly ((round: number) => unknown)[]): number[][] {
  const times: number[][] = tasks.map(() => []);
  for (let round = -WARM; round < rounds; round++)
    tasks.forEach((task, i) => {
      const started = performance.now();
      task(round + WARM);
      if (round >= 0) times[i].push(performance.now() - started);
    });
  return times;
}

function measureExact(): void {
  const folder = join(scratch, 'exact');
  writeMadeUpSet(folder, { count: 50_000, size: SIZE });
  const file = new VectorFile(folder, readManifest(folder));
  const vectors = file.read(0, file.count);
  const rows = { vectors, size: SIZE, allowed: null };
  const query = (round: number) => file.read((round * 7919) % file.count, 1);
  const [ours, native, plain] = inTurns([
    (round) => searchExact([rows], query(round), K),
    (round) => usearch.exactSearch(vectors, query(round), SIZE, K, usearch.MetricKind.IP, 1),
    (round) => {
      const [best, sought] = [new BestHits(K), query(round)];
      for (let row = 0; row < file.count; row++) {
        const score = dot(rows, row, sought);
        if (score >= best.least) best.offer({ set: 0, row, score });
      }
      return best.sorted();
    },
  ]);
  file.close();
  tell({ what: 'exact, 50,000 x 256, p50', value: quantile(ours, 0.5), unit: 'ms', aim: { atMost: 2 } });
  tell({ what: 'exact, 50,000 x 256, p95', value: quantile(ours, 0.95), unit: 'ms' });
  tell({ what: '  usearch exactSearch, p50', value: quantile(native, 0.5), unit: 'ms' });
  tell({ what: '  JavaScript, p50', value: quantile(plain, 0.5), unit: 'ms' });
}

function chart(): string {
  return costChart(
    [
      { label: 'exact, median', color: '#7a5195', costs: curve.exact },
      { label: 'index, 95th percentile', color: '#2f7d5b', dash: '5 4', costs: curve.slow },
      { label: 'index, median', color: '#2f7d5b', costs: curve.approximate },
    ],
    APPROXIMATE_AIM,
  );
}

async function measureCount(count: number): Promise<void> {
  const folder = join(scratch, `${count}`);
  const manifest = writeMadeUpSet(folder, { count, size: SIZE });
  const name = `${count.toLocaleString('en-US')} x ${SIZE}`;
  const file = new VectorFile(folder, manifest);
  const query = (round: number) => file.read((round * 7919) % count, 1);

  const vectors = file.read(0, count);
  const [exact] = inTurns([
    (round) => searchExact([{ vectors, size: SIZE, allowed: null }], query(round), K),
  ]);
  tell({
    what: `exact, ${name}, p50`,
    value: quantile(exact, 0.5),
    unit: 'ms',
    note: `p95 ${quantile(exact, 0.95).toFixed(1)}`,
  });

  const { recallAt10, queries, buildSeconds, bytes } = await buildIndex(folder, {
    threads: cpus().length,
    onProgress: () => Promise.resolve(),
  });
  const before = process.memoryUsage.rss();
  const started = performance.now();
  const index = ApproximateIndex.open(indexFile(folder), { size: SIZE, count });
  const opened = performance.now() - started;
  index.warm((row) => file.read(row, 1));
  const warmed = performance.now() - started - opened;
  // True vectors come from the file, as where memory does not hold them.
  const [times] = inTurns([(round) => index.search(query(round), K, 0, (row) => file.read(row, 1))]);
  file.close();
  curve.exact.push({ count, value: quantile(exact, 0.5) });
  curve.approximate.push({ count, value: quantile(times, 0.5) });
  curve.slow.push({ count, value: quantile(times, 0.95) });
  tell({
    what: `approximate, ${name}, p95`,
    value: quantile(times, 0.95),
    unit: 'ms',
    aim: { atMost: APPROXIMATE_AIM },
    note: `p50 ${quantile(times, 0.5).toFixed(2)}`,
  });
  tell({ what: `  recall@10 of ${queries} rows`, value: recallAt10, unit: '', aim: { atLeast: 0.95 } });
  tell({ what: '  index opened', value: opened, unit: 'ms', aim: { atMost: 1000 } });
  tell({ what: '  index warmed up, as when the explorer shows the set', value: warmed, unit: 'ms' });
  const grown = (process.memoryUsage.rss() - before) / 2 ** 20;
  tell({
    what: '  index built',
    value: buildSeconds,
    unit: 's',
    note: `${(bytes / 2 ** 20).toFixed(0)} MiB on disk, ${grown.toFixed(0)} MiB in memory after ${rounds} queries`,
  });
  rmSync(folder, { recursive: true });
}

/** A photograph of 1,024 x 768 px, another one each time. */
async function photograph(round: number): Promise<Uint8Array<ArrayBuffer>> {
  const noise = { type: 'gaussian', mean: 100 + (round % 100), sigma: 30 } as const;
  const create = { width: 1024, height: 768, channels: 3, background: '#000', noise } as const;
  return new Uint8Array(await sharp({ create }).blur(2).jpeg().toBuffer());
}

async function measureDrop(
  name: string,
  atMost: number,
  changes: Pick<RunConfigInput, 'backbone' | 'data'>,
): Promise<void> {
  const folder = join(scratch, 'drop');
  const config = runConfigSchema.parse({
    method: 'simclr',
    optimizer: { kind: 'sgd' },
    learningRate: 0.1,
    batchSize: 8,
    epochs: 1,
    ...changes,
  });
  const encoder = await writeRandomEncoder(join(scratch, 'encoder.safetensors'), config);
  const raw = await openRawEncoder(encoder, 'embedding', { device: 'cpu', threads: 1, batchSize: 1 });
  const { size, fingerprint: space, imageSize } = raw;
  await raw.dispose();
  writeMadeUpSet(folder, { count: 50_000, size, space, imageSize });
  const set: SetSource = { id: 'made-up', name, encoderName: name, folder, encoder };
  const script = resolve('out/runner/index.js');
  const job = { kind: 'search', cacheDirectory: join(scratch, 'cache'), memory: 2 ** 30 } as const;
  const child = new ServiceProcess({ script }, job, searchRequests);
  try {
    const first = performance.now();
    await child.call('warm', { set });
    tell({ what: `${name}: child, set and encoder opened`, value: performance.now() - first, unit: 'ms' });
    const times: number[] = [];
    const parts = { decode: [] as number[], embed: [] as number[], search: [] as number[] };
    for (let round = 0; round < rounds; round++) {
      const bytes = await photograph(round);
      const started = performance.now();
      await child.call('inspect', { name: 'photo.jpg', bytes });
      const like = [{ kind: 'file', id: String(round), name: 'photo.jpg', bytes } as const];
      const { milliseconds } = await child.call('search', { sets: [set], like, unlike: [], k: K });
      times.push(performance.now() - started);
      for (const part of ['decode', 'embed', 'search'] as const) parts[part].push(milliseconds[part]);
    }
    const note = Object.entries(parts).map(([part, spent]) => `${part} ${quantile(spent, 0.5).toFixed(1)}`);
    tell({
      what: `${name}: dropped file to result, 50,000 x ${size}, p50`,
      value: quantile(times, 0.5),
      unit: 'ms',
      aim: { atMost },
      note: `p95 ${quantile(times, 0.95).toFixed(0)}; ${note.join(', ')}`,
    });
  } finally {
    child.stop();
    await child.ended;
    rmSync(folder, { recursive: true });
  }
}

async function measurePage(data: string): Promise<void> {
  const photographs: Uint8Array[] = [];
  for (let round = 0; round < rounds; round++) photographs.push(await photograph(round));
  const { times, images } = await dropsInPage(data, scratch, photographs);
  tell({
    what: `32 px ResNet-18: dropped file to drawn neighbours, ${images.toLocaleString('en-US')}, p50`,
    value: quantile(times, 0.5),
    unit: 'ms',
    aim: { atMost: 150 },
    note: `p95 ${quantile(times, 0.95).toFixed(0)}`,
  });
}
