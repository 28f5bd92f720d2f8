/**
 * What a map costs: `npm run bench:map -- [--points 10000]... [--only layout|drawing] [--shots <folder>]`
 *
 * PCA, UMAP and k-means of vectors that look like embeddings, each map in a process of its own, as the app makes it;
 * then the Map tab in Chromium in software rendering. The aim stands beside each figure.
 */
import { fork } from 'node:child_process';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { makeMap } from '../src/explorer/map/make-map';
import { mapRequestSchema } from '../src/shared/explorer/map';
import { lineOf } from './host/figures';
import { embeddingLike } from './map/embedding-like';

const { values: options } = parseArgs({
  options: {
    points: { type: 'string', multiple: true, default: ['10000', '50000'] },
    size: { type: 'string', default: '256' },
    clusters: { type: 'string', default: '100' },
    only: { type: 'string', multiple: true, default: ['layout', 'drawing'] },
    /** Where screenshots of the tab are put. */
    shots: { type: 'string' },
    /** Internal: measures one map by this method here. */
    alone: { type: 'string' },
  },
});
const size = Number(options.size);
const megabytes = (bytes: number) => Math.round(bytes / 2 ** 20);

/** Makes one map and says how long each stage took. */
async function measure(count: number, method: 'umap' | 'pca'): Promise<void> {
  const { data, labels } = embeddingLike(count, size, Number(options.clusters));
  const before = process.memoryUsage().rss;
  const request = mapRequestSchema.parse({ set: 'benchmark', method, clusters: Number(options.clusters) });
  const seconds = new Map<string, number>();
  let last = performance.now();
  const { measures } = await makeMap({ data, size }, labels, request, (stage) => {
    const now = performance.now();
    seconds.set(stage, (seconds.get(stage) ?? 0) + (now - last) / 1000);
    last = now;
  });
  const total = [...seconds.values()].reduce((sum, value) => sum + value, 0);
  const { preservation, recall, clusters, variance } = measures;
  const purity = clusters.reduce((sum, { purity, count: own }) => sum + (purity ?? 0) * own, 0) / count;
  console.log(`\n${method}, ${count.toLocaleString('en-US')} x ${size}: ${total.toFixed(1)} s`);
  for (const [stage, value] of seconds) console.log(`  ${stage.padEnd(20)} ${value.toFixed(2)} s`);
  console.log(
    `  memory ${megabytes(before)} MiB before, ${megabytes(process.resourceUsage().maxRSS * 1024)} MiB at most`,
  );
  console.log(
    `  preservation ${(preservation.value * 100).toFixed(1)} %, chance ${((15 / count) * 100).toFixed(2)} %`,
  );
  console.log(
    `  neighbours found ${recall === null ? '-' : `${(recall * 100).toFixed(1)} %`}, purity ${(purity * 100).toFixed(1)} %, variance ${variance?.map((share) => `${(share * 100).toFixed(1)} %`).join(' ') ?? '-'}`,
  );
}

const ended = (child: ReturnType<typeof fork>) =>
  new Promise<void>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`A case ended with ${code}`))));
  });

if (options.alone) {
  await measure(Number(options.points[0]), options.alone === 'pca' ? 'pca' : 'umap');
} else {
  const { length, 0: processor } = cpus();
  console.log(
    `${processor.model}, ${length} cores, load ${loadavg()[0].toFixed(1)}; Node ${process.versions.node}`,
  );
  if (options.only.includes('layout')) await measureLayouts();
  if (options.only.includes('drawing')) await tellDrawing();
}

async function measureLayouts(): Promise<void> {
  const { size: numbers, clusters } = options;
  for (const points of options.points)
    for (const method of ['umap', 'pca'])
      await ended(
        fork(process.argv[1], [
          '--alone',
          method,
          '--points',
          points,
          '--size',
          numbers,
          '--clusters',
          clusters,
        ]),
      );
}

async function tellDrawing(): Promise<void> {
  const { measureDrawing } = await import('./map/drawing');
  const counts = [...options.points.map(Number), 100_000];
  for (const { points, first, panWhole, panNear } of await measureDrawing(counts, options.shots)) {
    const of = `${points.toLocaleString('en-US')} points`;
    console.log(lineOf({ what: `first drawing, ${of}`, value: first, unit: 'ms', aim: { atMost: 1000 } }));
    for (const [where, value] of [
      ['whole map', panWhole],
      ['near', panNear],
    ] as const)
      console.log(lineOf({ what: `pan, ${where}, ${of}`, value, unit: 'frames/s', aim: { atLeast: 30 } }));
  }
}
