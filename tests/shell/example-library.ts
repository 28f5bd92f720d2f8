/** A library with one run of each state. Its numbers are made up. */
import { mkdirSync } from 'node:fs';
import { databasePath } from '../../src/main/library';
import { openStore } from '../../src/main/store/store';
import { runConfigSchema, type RunConfig } from '../../src/shared/run-config';

export function writeExampleLibrary(folder: string, now = Date.now()): void {
  mkdirSync(folder, { recursive: true });
  const store = openStore(databasePath(folder), 'own');
  const minutesAgo = (minutes: number) => new Date(now - minutes * 60_000);
  const add = (name: string, method: string, epochs: number, minutes: number): string =>
    store.runs.create(exampleConfig(method, epochs), { name, now: minutesAgo(minutes) }).id;
  /** A loss that falls from `from` towards `to` with some noise, and k-NN accuracy that rises. */
  const train = (
    id: string,
    epochs: number,
    from: number,
    to: number,
    best: number,
    started: number,
  ): void => {
    const steps = Math.round(epochs * 40);
    const points = [];
    for (let step = 1; step <= steps; step++) {
      const epoch = step / 40;
      const time = now - started * 60_000 + step * 1000;
      const noise = Math.sin(step * 12.9898) * 0.08 * (from - to);
      points.push({
        name: 'loss',
        step,
        epoch,
        time,
        value: to + (from - to) * Math.exp(-epoch / 3) + noise,
      });
      if (step % 40 === 0) {
        points.push({ name: 'knn', step, epoch, time, value: best - (best - 0.28) * Math.exp(-epoch / 3) });
      }
    }
    store.runs.start(id, null, null, now - started * 60_000);
    store.metrics.insert(id, points);
    store.runs.progress(id, steps, epochs);
  };
  const ended = { exitCode: 0, exitSignal: null, failure: null, hint: null };

  const done = add('simclr-r18 baseline', 'simclr', 10, 1600);
  train(done, 10, 5.4, 4.31, 0.551, 1600);
  store.runs.end(done, { ...ended, status: 'done' }, now - 1540 * 60_000);

  const failed = add('simclr-r18 lr 3', 'simclr', 10, 1400);
  train(failed, 1.3, 5.4, 5.3, 0.21, 1400);
  const failure = 'The loss became NaN at step 52.';
  const hint =
    'Lower the learning rate (now 3), or clip gradients with --set clipNorm=1. The checkpoint of step 40 is kept.';
  store.runs.end(failed, { ...ended, status: 'failed', exitCode: 1, failure, hint }, now - 1398 * 60_000);

  const interrupted = add('supervised 1,000 labels', 'supervised', 30, 300);
  train(interrupted, 12, 2.3, 0.6, 0.47, 300);
  store.runs.end(
    interrupted,
    {
      ...ended,
      status: 'interrupted',
      exitCode: null,
      exitSignal: 'SIGKILL',
      failure: 'The training process was ended by SIGKILL.',
    },
    now - 288 * 60_000,
  );

  const stopped = add('simclr-r18 temperature 0.2', 'simclr', 10, 95);
  train(stopped, 4.5, 5.2, 4.2, 0.49, 95);
  store.runs.end(stopped, { ...ended, status: 'stopped' }, now - 91 * 60_000);

  const running = add('simclr-r18 my holiday photos', 'simclr', 10, 7);
  train(running, 6.4, 5.4, 4.4, 0.53, 7);

  add('supervised-r18 all labels', 'supervised', 20, 1);
  store.close();
}

/** Adds an experiment that was stopped in its last stage. Its numbers are made up, too. */
export function writeExampleExperiment(folder: string, now = Date.now()): void {
  const store = openStore(databasePath(folder), 'own');
  const name = 'simclr-cifar10';
  store.experiments.put({
    name,
    experiment: 'simclr-cifar10',
    data: 'sample',
    labelled: null,
    settings: [['pretrain.epochs', '20']],
    startedAt: now - 2900 * 60_000,
  });
  const ended = { exitCode: 0, exitSignal: null, failure: null, hint: null };
  const stages = [
    { id: 'pretrain', method: 'simclr', epochs: 20, reached: 20, best: null, status: 'done' },
    { id: 'finetune', method: 'supervised', epochs: 30, reached: 30, best: 0.683, status: 'done' },
    { id: 'supervised', method: 'supervised', epochs: 30, reached: 18, best: 0.627, status: 'stopped' },
  ] as const;
  let parent: string | undefined;
  for (const [place, { id, method, epochs, reached, best, status }] of stages.entries()) {
    const began = now - (2900 - place * 200) * 60_000;
    const from = id === 'finetune' && parent !== undefined ? { parent } : {};
    const run = store.runs.create(exampleConfig(method, epochs), {
      name: `${name} ${id}`,
      now: new Date(began),
      ...from,
    });
    parent ??= run.id;
    store.experiments.putRun(name, id, run.id);
    store.runs.start(run.id, null, null, began);
    const points = Array.from({ length: reached }, (_, at) => {
      const epoch = at + 1;
      const place = { step: epoch * 32, epoch, time: began + epoch * 300_000 };
      const rise = 1 - Math.exp(-epoch / (best === null ? 8 : id === 'finetune' ? 3 : 7));
      return [
        { ...place, name: 'loss', value: 5.4 - 1.3 * rise },
        ...(best === null
          ? [{ ...place, name: 'knn', value: 0.28 + 0.27 * rise }]
          : [
              {
                ...place,
                name: 'testAccuracy',
                value: 0.3 + (best - 0.3) * rise + 0.008 * Math.sin(epoch * 7),
              },
            ]),
      ];
    }).flat();
    store.metrics.insert(run.id, points);
    store.runs.progress(run.id, reached * 32, reached);
    store.runs.end(run.id, { ...ended, status }, began + reached * 300_000);
  }
  store.close();
}

function exampleConfig(method: string, epochs: number): RunConfig {
  return runConfigSchema.parse({
    method,
    backbone: { kind: 'resnet' },
    data: { path: 'sample' },
    optimizer: { kind: 'sgd' },
    learningRate: 0.1,
    batchSize: 128,
    epochs,
  });
}
