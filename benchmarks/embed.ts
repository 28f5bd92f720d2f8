/**
 * How fast a folder is embedded, decoding included: `npm run build && npm run bench:embed -- --data <folder of class
 * folders> [--case resnet18-224]... [--peer <python3>] [--rounds 5]`.
 *
 * Ours is the job that the app runs, in its own process: it finds the files, decodes, embeds and writes a set. The peer is
 * PyTorch with torchvision's ImageFolder, transforms and DataLoader on the same folder and the same weights, which it
 * keeps in memory. Opening the encoder is counted on neither side; starting decoding threads or loader processes is on
 * both. The peer runs with the loader in its process and with as many loader processes as cores; the faster one counts.
 * Rounds are interleaved, ratios are of medians, files are in the page cache.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { createEncoder, initialWeights } from '../src/learning';
import { readSet } from '../src/explorer/set-files';
import { runJob } from '../src/main/supervisor/run-job';
import { pytorchTensors } from '../src/runner/export/pytorch';
import { writeTensorFile } from '../src/runner/tensor-file';
import { embedSetAnswerSchema } from '../src/shared/explorer/encoder-source';
import { setRecipeSchema } from '../src/shared/explorer/sets';
import type { BackboneConfig } from '../src/shared/run-config';

const CASES: Record<string, { backbone: BackboneConfig; imageSize: number }> = {
  'resnet18-224': {
    backbone: { kind: 'resnet', depth: 18, stem: 'torchvision', width: 1 },
    imageSize: 224,
  },
  'resnet18-32': { backbone: { kind: 'resnet', depth: 18, stem: 'cifar', width: 1 }, imageSize: 32 },
  'vit-s16-224': {
    backbone: { kind: 'vit', size: 'small', patch: 16, depth: 12, pool: 'class' },
    imageSize: 224,
  },
};

const { values: options } = parseArgs({
  options: {
    data: { type: 'string' },
    case: { type: 'string', multiple: true },
    peer: { type: 'string' },
    'peer-layout': { type: 'string', default: 'contiguous' },
    rounds: { type: 'string', default: '5' },
    threads: { type: 'string', default: String(availableParallelism()) },
  },
});
if (options.data === undefined) throw new Error('Give --data <folder of class folders>.');
const data = resolve(options.data);
const threads = Number(options.threads);
const rounds = Number(options.rounds);
const scratch = mkdtempSync(join(tmpdir(), 'selvedge-bench-'));

try {
  for (const name of options.case ?? ['resnet18-224']) await bench(name);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

async function bench(name: string): Promise<void> {
  const chosen = CASES[name];
  if (!chosen) throw new Error(`There is no case ${name}; there are ${Object.keys(CASES).join(', ')}.`);
  const weights = await writeWeights(name, chosen);
  const peer = options.peer === undefined ? null : startPeer(options.peer, weights, chosen, name);
  const loaders = peer ? [0, threads] : [];
  const ours: number[] = [];
  const theirs = new Map<number, number[]>(loaders.map((count) => [count, []]));
  for (let round = -1; round < rounds; round++) {
    const { rate, count, set } = await embedOnce(weights, round);
    const heard = [`Selvedge ${rate.toFixed(1)}`];
    for (const workers of loaders) {
      const found = await peer!.run(workers);
      // The first round warms up, and tells whether both sides compute the same.
      heard.push(`PyTorch (${workers}) ${found.rate.toFixed(1)}`);
      if (round >= 0) theirs.get(workers)!.push(found.rate);
      else if (workers === 0) console.log(`${name}: ${count} images, ${agreement(set, found.rows)}`);
    }
    if (round >= 0) ours.push(rate);
    console.log(`${name} ${round < 0 ? 'warm-up' : `round ${round + 1}`}, images/s: ${heard.join(', ')}`);
    rmSync(set, { recursive: true });
  }
  peer?.stop();
  report(name, ours, theirs);
}

function report(name: string, ours: readonly number[], theirs: ReadonlyMap<number, number[]>): void {
  const rate = median(ours);
  console.log(`${name} Selvedge: ${rate.toFixed(1)} images/s (${range(ours)})`);
  const best = Math.max(...[...theirs.values()].map(median));
  for (const [workers, rates] of theirs)
    console.log(
      `${name} PyTorch, ${workers} loader processes: ${median(rates).toFixed(1)} images/s (${range(rates)})`,
    );
  if (theirs.size > 0) console.log(`${name} ratio: ${(rate / best).toFixed(2)}`);
}

/** Random weights with the statistics of a fresh network, under torchvision's or timm's names. */
async function writeWeights(name: string, { backbone, imageSize }: (typeof CASES)[string]): Promise<string> {
  const encoder = createEncoder(backbone, imageSize);
  const path = join(scratch, `${name}.safetensors`);
  const metadata = {
    format: 'pt',
    backbone: JSON.stringify(backbone),
    imageSize: String(imageSize),
    mean: '0.485,0.456,0.406',
    std: '0.229,0.224,0.225',
  };
  await writeTensorFile(
    path,
    pytorchTensors(initialWeights({ encoder: encoder.parameters }, 0), backbone, 0),
    metadata,
  );
  return path;
}

async function embedOnce(weights: string, round: number) {
  const set = join(scratch, `set-${round}`);
  const job = {
    kind: 'embed-set' as const,
    set: 'bench',
    folder: set,
    recipe: setRecipeSchema.parse({ encoder: { kind: 'imported', encoder: 'bench' }, dataset: 'bench' }),
    encoder: { kind: 'safetensors' as const, path: weights },
    dataPath: data,
    cacheDirectory: join(scratch, 'cache'),
    split: { heldOut: 0, seed: 0 },
    whitening: null,
    device: 'cpu' as const,
    threads,
  };
  const { rate, count } = await runJob({ script: resolve('out/runner/index.js') }, job, embedSetAnswerSchema);
  return { rate: rate ?? 0, count, set };
}

interface PeerAnswer {
  /** Images a second. */
  rate: number;
  /** Some embeddings, of unit length, by path. */
  rows: Record<string, number[]>;
}

function startPeer(
  python: string,
  weights: string,
  { imageSize }: (typeof CASES)[string],
  name: string,
): { run(workers: number): Promise<PeerAnswer>; stop(): void } {
  const script = resolve('benchmarks/embed_peer.py');
  const child = spawn(
    python,
    [script, name, weights, data, String(imageSize), String(threads), options['peer-layout']],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    async run(workers) {
      child.stdin.write(`${workers}\n`);
      const line = await lines.next();
      if (line.done) throw new Error('The peer has ended.');
      return JSON.parse(line.value) as PeerAnswer;
    },
    stop: () => child.stdin.end(),
  };
}

/** Both resize differently, so that vectors are near, not equal. */
function agreement(set: string, rows: PeerAnswer['rows']): string {
  const { images, vectors, manifest } = readSet(set);
  const cosines = images.flatMap(({ name }, row) => {
    const theirs = rows[name];
    if (!theirs) return [];
    const start = row * manifest.size;
    return [theirs.reduce((sum, value, i) => sum + value * vectors[start + i], 0)];
  });
  return `cosine to the peer's vectors at least ${Math.min(...cosines).toFixed(4)} (${cosines.length} images)`;
}

function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[sorted.length >> 1];
}

function range(values: readonly number[]): string {
  return `${Math.min(...values).toFixed(1)} to ${Math.max(...values).toFixed(1)}`;
}
