/**
 * Whether each method's step is as fast as its FLOPs suggest: images a second times FLOPs an image, against SimCLR's with
 * the same encoder, at 32 px; a tokenizer is an encoder of its own. The methods take turns, so that what else the machine
 * does meets all of them.
 */
import { parseArgs } from 'node:util';
import { openDevice, type Device, type Step } from '../src/engine';
import { graphOf } from '../src/engine/compile';
import { countFlops } from '../src/engine/graph/flops';
import {
  createEncoder,
  createTrainingStep,
  findMethod,
  resolveConfig,
  type TrainingBatch,
  type TrainingStep,
} from '../src/learning';
import { median, randomBatch, timeSteps } from '../src/runner/time-steps';

const { values: options } = parseArgs({
  options: {
    method: { type: 'string', multiple: true },
    rounds: { type: 'string', default: '3' },
    batch: { type: 'string', default: '64' },
    threads: { type: 'string', default: '0' },
  },
});

const PRESETS = [
  'simclr-cifar10',
  'byol-cifar10',
  'moco-v3-cifar10',
  'simsiam-cifar10',
  'barlow-twins-cifar10',
  'vicreg-cifar10',
  'swav-cifar10',
  'dino-cifar10',
  'pirl-cifar10',
  'rotation-cifar10',
  'jigsaw-cifar10',
  'colorization-cifar10',
  'frame-order-small',
  'data2vec-fixed-cifar10',
  'vqvae-cifar10',
  'fixmatch-cifar10',
  'supervised-cifar10',
];
const VIT_PRESETS = [
  'simclr-cifar10',
  'ibot-cifar10',
  'data2vec-cifar10',
  'mae-cifar10',
  'beit-cifar10',
  'dino-cifar10-vit',
];
const RESNET = { kind: 'resnet', depth: 18, stem: 'cifar' };
const VIT = { kind: 'vit', size: 'tiny', patch: 4 };
const IMAGES = 5000;
const CLASSES = Array.from({ length: 10 }, (_, i) => `class ${i}`);

interface Case {
  readonly name: string;
  readonly training: TrainingStep;
  readonly step: Step;
  readonly batch: (step: number) => TrainingBatch;
  /** Of one step. */
  readonly flops: number;
}

async function prepare(device: Device, preset: string, backbone: Record<string, unknown>): Promise<Case> {
  const overrides = [
    ['data.path', '"sample"'],
    ['batchSize', options.batch],
    ['accumulate', '1'],
    ['data.imageSize', '32'],
    // Named for those that need one: the step is as fast with initial values.
    ['teacher', '"untrained"'],
  ] as [string, string][];
  const { backbone: own } = resolveConfig({ preset, overrides }).config;
  const isTokenizer = own.kind === 'tokenizer';
  const { config } = resolveConfig({
    preset,
    overrides: isTokenizer ? overrides : [...overrides, ['backbone', JSON.stringify(backbone)]],
  });
  const method = findMethod(config.method);
  const encoder = createEncoder(config.backbone, config.data.imageSize);
  const training = createTrainingStep({
    config,
    method,
    encoder,
    classes: CLASSES,
    images: IMAGES,
    stepsPerEpoch: 100,
    totalSteps: 1000,
  });
  return {
    name: config.method,
    training,
    step: await device.prepare(training.definition, training.initialState()),
    batch: randomBatch(training.imagesPerStep, config, CLASSES.length),
    flops: countFlops(await graphOf(training.definition)),
  };
}

async function measure(title: string, presets: readonly string[], backbone: Record<string, unknown>) {
  const chosen = presets.filter(
    (preset, at) => at === 0 || !options.method || options.method.includes(preset),
  );
  const { device } = await openDevice('cpu', {
    threads: Number(options.threads),
    lowMemory: false,
  });
  const rates = new Map<string, number[]>();
  const lines: string[] = [];
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const preset of chosen) {
      const one = await prepare(device, preset, backbone);
      // The first step touches its memory for the first time, which in a virtual machine can take as long again.
      await one.step.run(one.training.inputs(one.batch(0)));
      const time = median(await timeSteps(one.step, one.training, one.batch)) / 1000;
      await one.step.dispose();
      rates.set(preset, [...(rates.get(preset) ?? []), one.flops / time / 1e9]);
      if (round === 0)
        lines.push(
          `${one.name}: ${(one.flops / 1e9).toFixed(1)} GFLOP a step of ${one.training.imagesPerStep} images`,
        );
    }
  }
  await device.dispose();
  console.log(`\n${title}\n${lines.join('\n')}\n`);
  const reference = rates.get(presets[0])!;
  for (const [preset, measured] of rates) {
    // Against the reference of the same round.
    const ratio = median(measured.map((rate, round) => rate / reference[round]));
    console.log(
      `${preset.padEnd(24)} ${median(measured).toFixed(0).padStart(5)} GFLOP/s  ${ratio.toFixed(2)} of SimCLR’s`,
    );
  }
}

await measure('ResNet-18, 32 px', PRESETS, RESNET);
await measure('ViT-Ti/4, 32 px', VIT_PRESETS, VIT);
