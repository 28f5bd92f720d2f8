import { describe, expect, it } from 'vitest';
import { createEncoder } from '../../../src/learning/backbones';
import { sinkhorn } from '../../../src/learning/methods/sinkhorn';
import { swav } from '../../../src/learning/methods/swav';
import { values } from '../../golden/formula';
import { expectClose } from '../close';
import { evaluate, host } from '../host';
import { describeAgainstTorch } from './against-torch';

describeAgainstTorch('swav');

describe('sinkhorn', () => {
  const codesOf = async (n: number, count: number, scores: ArrayLike<number>, left?: number[]) => {
    const inputs = {
      scores: host([n, count], scores),
      counts: host([n, 1], left ?? Array<number>(n).fill(1)),
    };
    const { codes } = await evaluate(inputs, ({ scores, counts }) => ({
      codes: sinkhorn(scores, { epsilon: 0.05, iterations: 50 }, left && counts),
    }));
    return Array.from({ length: n }, (_, i) => codes.slice(i * count, (i + 1) * count));
  };
  const sum = (numbers: number[]) => numbers.reduce((total, x) => total + x, 0);

  it('gives each prototype the same share of the images, and each image one code', async () => {
    const rows = await codesOf(6, 3, values('scores', 18));
    for (const row of rows) expect(sum(row)).toBeCloseTo(1, 5);
    for (let k = 0; k < 3; k++) expect(sum(rows.map((row) => row[k]))).toBeCloseTo(2, 2);
  });

  it('stays finite over the whole range of cosines', async () => {
    const rows = await codesOf(2, 2, [1, -1, 1, -1]);
    expectClose(rows.flat(), [0.5, 0.5, 0.5, 0.5], 1e-4);
  });

  it('leaves rows out that do not count', async () => {
    const scores = values('scores', 12);
    const [alone, beside] = [
      await codesOf(2, 3, scores.slice(0, 6)),
      await codesOf(4, 3, scores, [1, 1, 0, 0]),
    ];
    expectClose(beside.slice(0, 2).flat(), alone.flat(), 1e-4);
    expect(beside.slice(2).flat()).toEqual([0, 0, 0, 0, 0, 0]);
  });
});

describe('swav', () => {
  const encoder = createEncoder({ kind: 'resnet', depth: 18, stem: 'cifar', width: 0.125 }, 16);
  const build = (options: unknown) =>
    swav.build({ options: swav.options.parse(options), encoder, classes: null, batchSize: 8, images: 100 });
  const at = (step: number) => ({ step, totalSteps: 1000, stepsPerEpoch: 10 });

  it('uses the queue from its epoch on, and not before it is full', () => {
    const late = build({ queue: { length: 80, startEpoch: 2 } }).schedules;
    expect([0, 19, 20].map((step) => late.queueUsed(at(step)))).toEqual([0, 0, 1]);
    const soon = build({ queue: { length: 80, startEpoch: 0 } }).schedules;
    expect([0, 9, 10].map((step) => soon.queueUsed(at(step)))).toEqual([0, 0, 1]);
  });

  it('refuses a queue that is shorter than a batch', () => {
    expect(() => build({ queue: { length: 7 } })).toThrow('less than a batch of 8');
  });

  it('freezes its prototypes at first', () => {
    const { prototypesTrain } = build({ freezeEpochs: 1 }).schedules;
    expect([9, 10].map((step) => prototypesTrain(at(step)))).toEqual([0, 1]);
  });

  it('keeps its own distortions where one of them is changed', () => {
    const [first, second] = swav.views(swav.options.parse({ views: { locals: 0 } }), 32);
    expect({ ...second, name: first.name }).toEqual(first);
    expect(first).toMatchObject({ solarize: 0, jitter: { brightness: 0.8 }, crop: { scale: [0.14, 1] } });
  });
});
