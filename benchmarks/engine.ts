/**
 * How fast the compiled steps are: ResNet-18 and ViT-Ti/4 under SimCLR with 2x64 views of 32 px, and the encoder
 * alone. `--peer <python3>` runs PyTorch's step after each of ours and prints the ratio of medians; PyTorch's tensors lie
 * as `--peer-layout` says, since which one is faster depends on the processor.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import {
  openDevice,
  valueAndGradients,
  type Device,
  type HostTensors,
  type StepDefinition,
  type TensorMap,
} from '../src/engine';
import { createEncoder } from '../src/learning/backbones';
import type { Backbone, Encoder } from '../src/learning/backbones';
import { simclr } from '../src/learning/methods/simclr';
import { initialize, Weights, type Parameters } from '../src/learning/module';
import { rgbMaps } from '../src/learning/rgb';
import type { BackboneConfig } from '../src/shared/run-config';
import { random } from '../src/shared/random';

const { values: options } = parseArgs({
  options: {
    peer: { type: 'string' },
    'peer-layout': { type: 'string', default: 'contiguous' },
    case: { type: 'string', multiple: true },
    rounds: { type: 'string', default: '10' },
    threads: { type: 'string', default: '2' },
    batch: { type: 'string', default: '64' },
    device: { type: 'string', default: 'cpu' },
    'low-memory': { type: 'boolean', default: false },
  },
});
const batch = Number(options.batch);
const threads = Number(options.threads);
const rounds = Number(options.rounds);

interface Case {
  readonly definition: StepDefinition;
  readonly state: HostTensors;
  readonly inputs: HostTensors;
}

const BACKBONES: Record<string, BackboneConfig> = {
  resnet18: { kind: 'resnet', depth: 18, stem: 'cifar', width: 1 },
  vit: { kind: 'vit', size: 'tiny', patch: 4, depth: 12, pool: 'class' },
};

const images = (count: number): HostTensors[string] => {
  const source = random(1, 'method', count);
  const data = Float32Array.from({ length: count * 32 * 32 * 3 }, () => source.normal());
  return { shape: [count, 32, 32, 3], dtype: 'float32', data };
};

/** Trained parts as "part/name" with an SGD momentum beside each trained one. */
function trainingCase(name: string, encoder: Backbone): Case {
  const model = simclr.build({
    options: simclr.options.parse({}),
    encoder,
    classes: null,
    batchSize: batch,
    images: batch,
  });
  const parameters: Parameters = Object.fromEntries(
    Object.entries(model.parts).flatMap(([part, own]) =>
      Object.entries(own).map(([key, parameter]) => [`${part}/${key}`, parameter]),
    ),
  );
  const trained = Object.keys(parameters).filter((key) => parameters[key].role !== 'buffer');
  const weights = initialize(parameters, 1);
  const momenta = Object.fromEntries(
    trained.map((key) => [
      `momentum/${key}`,
      { ...weights[key], data: new Float32Array(weights[key].data.length) },
    ]),
  );
  const state: HostTensors = { ...weights, ...momenta };
  const inputs = { first: images(batch), second: images(batch) };
  const step: StepDefinition['step'] = (current, { first, second }) => {
    const subset = Object.fromEntries(trained.map((key) => [key, current[key]]));
    const updates: TensorMap = {};
    const rgb = rgbMaps({ mean: [0, 0, 0], std: [1, 1, 1] });
    const { loss, gradients, aux } = valueAndGradients(subset, () => {
      const parts = Object.fromEntries(
        Object.keys(model.parts).map((part) => [part, new Weights(current, true, updates, `${part}/`)]),
      );
      const views = [first, second];
      const { loss } = model.loss({ weights: parts, teacher: {}, views, rgb, draws: {}, scalars: {} });
      return { loss, aux: updates };
    });
    const next: TensorMap = { ...current, ...aux };
    for (const key of trained) {
      const decayed = tf.add(gradients[key], tf.mul(current[key], 5e-4));
      const velocity = tf.add(tf.mul(current[`momentum/${key}`], 0.9), decayed);
      next[`momentum/${key}`] = velocity;
      next[key] = tf.sub(current[key], tf.mul(velocity, 0.06));
    }
    return { state: next, outputs: { loss } };
  };
  return { definition: { name, state: specs(state), inputs: specs(inputs), step }, state, inputs };
}

function forwardCase(name: string, encoder: Encoder): Case {
  const state = initialize(encoder.parameters, 1);
  const inputs = { first: images(2 * batch) };
  const step: StepDefinition['step'] = (current, { first }) => ({
    state: current,
    outputs: { embedding: encoder.apply(new Weights(current, false), first) },
  });
  return { definition: { name, state: specs(state), inputs: specs(inputs), step }, state, inputs };
}

const specs = (tensors: HostTensors): StepDefinition['state'] =>
  Object.fromEntries(Object.entries(tensors).map(([name, { shape, dtype }]) => [name, { shape, dtype }]));

function makeCase(name: string): Case {
  const [backbone, kind] = name.split('-');
  const encoder = createEncoder(BACKBONES[backbone], 32);
  return kind === 'forward' ? forwardCase(name, encoder) : trainingCase(name, encoder);
}

/** A PyTorch process that runs one step for each line it is sent. */
function startPeer(python: string, name: string): { step: () => Promise<number>; stop: () => void } {
  const script = new URL('../benchmarks/peer.py', `file://${process.cwd()}/benchmarks/`).pathname;
  const child = spawn(python, [script, name, String(threads), String(batch), options['peer-layout']], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, OMP_NUM_THREADS: String(threads), OPENBLAS_NUM_THREADS: String(threads) },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async step() {
      child.stdin.write('\n');
      const { value, done } = await lines.next();
      if (done) throw new Error(`The peer "${python}" ended`);
      return Number(value);
    },
    stop: () => child.stdin.end(),
  };
}

/** This machine's best GEMM rate through the same runtime, in GFLOP/s: 2 x 1024^3 operations a product. */
async function gemmPeak(device: Device): Promise<number> {
  const matrix = images(1);
  const square = { ...matrix, shape: [1024, 1024], data: new Float32Array(1024 * 1024).fill(0.5) };
  const step: StepDefinition['step'] = (state, { a, b }) => ({
    state,
    outputs: { c: tf.sum(tf.matMul(a, b)) },
  });
  const inputs = { a: square, b: square };
  const product = await device.prepare({ name: 'gemm', state: {}, inputs: specs(inputs), step }, {});
  const times = await repeat(20, () => timed(() => product.run(inputs)));
  await product.dispose();
  return (2 * 1024 ** 3) / (Math.min(...times) * 1e6);
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

async function repeat<T>(count: number, run: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let i = 0; i < count; i++) results.push(await run());
  return results;
}

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[numbers.length >> 1];

/** Multiply-adds of one image's forward pass, times 2; a training step costs about three of them. */
const FORWARD_FLOPS: Record<string, number> = { resnet18: 2 * 0.5557e9, vit: 2 * 0.371e9 };

const { device } = await openDevice(options.device as 'cpu', { threads, lowMemory: options['low-memory'] });
const peak = await gemmPeak(device);
console.log(`${device.description}; GEMM 1024: ${peak.toFixed(0)} GFLOP/s; ${2 * batch} images a step`);
for (const name of options.case ?? ['resnet18-simclr', 'vit-simclr', 'resnet18-forward']) {
  const { definition, state, inputs } = makeCase(name);
  const start = performance.now();
  const step = await device.prepare(definition, state);
  const compiled = performance.now() - start;
  const peer = options.peer ? startPeer(options.peer, name) : undefined;
  for (let i = 0; i < 2; i++) {
    await step.run(inputs);
    await peer?.step();
  }
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(await timed(() => step.run(inputs)));
    if (peer) theirs.push(await peer.step());
  }
  peer?.stop();
  await step.dispose();
  const time = median(ours);
  const [backbone, kind] = name.split('-');
  const rate = (FORWARD_FLOPS[backbone] * 2 * batch * (kind === 'forward' ? 1 : 3)) / (time * 1e6);
  const beside = peer
    ? `; PyTorch (${options['peer-layout']}) ${median(theirs).toFixed(0)} ms, ratio ${(time / median(theirs)).toFixed(3)}`
    : '';
  const memory = process.resourceUsage().maxRSS / 1024 ** 2;
  console.log(
    `${name}: ${time.toFixed(0)} ms (median of ${rounds})${beside}; ${((2 * batch * 1000) / time).toFixed(0)} images/s; ` +
      `${rate.toFixed(0)} GFLOP/s, ${((100 * rate) / peak).toFixed(0)} % of GEMM; compiled in ${(compiled / 1000).toFixed(2)} s; ` +
      `peak memory of the process ${memory.toFixed(2)} GiB`,
  );
}
await device.dispose();
