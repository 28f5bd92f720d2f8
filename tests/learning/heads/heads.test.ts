import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { linearHead, mlpHead } from '../../../src/learning/heads';
import { initialize, Weights } from '../../../src/learning/module';
import '../../../src/engine';

beforeAll(() => tf.setBackend('cpu'));

describe('mlpHead', () => {
  it('has the names of the torch.nn.Sequential it stands for', () => {
    const plain = mlpHead({ sizes: [4, 8, 2], batchNorm: false });
    expect(Object.keys(plain.parameters)).toEqual(['0.weight', '0.bias', '2.weight', '2.bias']);
    const normalized = mlpHead({ sizes: [4, 8, 8, 2], batchNorm: true, outputBias: false });
    const norm = (i: number) =>
      ['weight', 'bias', 'running_mean', 'running_var'].map((name) => `${i}.${name}`);
    expect(Object.keys(normalized.parameters)).toEqual([
      '0.weight',
      ...norm(1),
      '3.weight',
      ...norm(4),
      '6.weight',
    ]);
  });

  it('computes its layers in order', () => {
    const head = mlpHead({ sizes: [1, 2, 1], batchNorm: false });
    const weights = new Weights(
      {
        '0.weight': tf.tensor([1, -1], [2, 1]),
        '0.bias': tf.tensor([0, 0]),
        '2.weight': tf.tensor([2, 3], [1, 2]),
        '2.bias': tf.tensor([1]),
      },
      false,
    );
    expect([...head.apply(weights, tf.tensor([5, -5], [2, 1])).dataSync()]).toEqual([11, 16]);
  });
});

describe('linearHead', () => {
  it('is one linear layer', () => {
    expect(Object.keys(initialize(linearHead(3, 2).parameters, 0))).toEqual(['weight', 'bias']);
  });
});
