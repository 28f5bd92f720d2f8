import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import {
  formatProfile,
  openDevice,
  printStep,
  scope,
  valueAndGradients,
  type StepDefinition,
} from '../../src/engine';
import { nodeTimes } from '../../src/engine/profile/events';
import { values } from './compare';

const definition: StepDefinition = {
  name: 'small step',
  state: { w: { shape: [3, 3, 4, 8], dtype: 'float32' } },
  inputs: { x: { shape: [2, 8, 8, 4], dtype: 'float32' } },
  step: ({ w }, { x }) => {
    const y = scope('encoder', () =>
      scope('conv1', () => tf.relu(tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 1))),
    );
    return { state: { w: tf.mul(w, 0.9) }, outputs: { mean: tf.mean(y) } };
  },
};

describe('profile', () => {
  it('tells the time by op and by layer, and how the step was compiled', async () => {
    const { device } = await openDevice('cpu', { threads: 1, lowMemory: false });
    const state = { w: values([3, 3, 4, 8], 1) };
    const profile = await device.profile!(definition, state, { x: values([2, 8, 8, 4], 2) }, 3);
    expect(profile).toMatchObject({ step: 'small step', device: 'cpu', steps: 3, bytesCopied: 0 });
    expect(profile.nodeCount).toBeGreaterThan(2);
    const convolution = profile.nodes.find(({ kernel, op }) => kernel === 'Conv' && op === 'Conv2D');
    expect(convolution).toMatchObject({ layer: 'encoder.conv1', place: 'cpu' });
    expect(convolution!.milliseconds).toBeGreaterThan(0);
    const inNodes = profile.nodes.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
    expect(inNodes).toBeLessThanOrEqual(profile.stepMilliseconds);
    const text = formatProfile(profile);
    expect(text).toMatch(/^small step on cpu: [\d.]+ ms a step over 3 steps/);
    expect(text).toMatch(
      /^compiled in [\d.]+ ms \(trace [\d.]+ ms, lower [\d.]+ ms, session [\d.]+ ms\), \d+ nodes$/m,
    );
    expect(text).toMatch(/^encoder\.conv1 +[\d.]+ +[\d.]+ % +\d+$/m);
  });

  it('takes programs for nodes on a GPU, and nodes where they fell back to the CPU', () => {
    const run = (scale: number) => [
      {
        cat: 'Node',
        name: 'a/Conv2D#1_kernel_time',
        dur: 5,
        args: { op_name: 'Conv', provider: 'WebGpuExecutionProvider' },
      },
      {
        cat: 'Node',
        name: 'b/Sign#2_kernel_time',
        dur: 100 * scale,
        args: { op_name: 'Sign', provider: 'CPUExecutionProvider' },
      },
      {
        cat: 'Node',
        name: 'Transpose_token_1_kernel_time',
        dur: 1,
        args: { op_name: 'Transpose', provider: 'CPUExecutionProvider' },
      },
      { cat: 'Api', name: 'a/Conv2D#1&Conv&Conv2dMM', dur: 2000 * scale, args: {} },
      { cat: 'Session', name: 'model_run', dur: 9000, args: {} },
    ];
    const text = JSON.stringify([...run(50), ...run(1), ...run(2)]);
    expect(nodeTimes(text, 3, 1)).toEqual([
      { layer: 'a', op: 'Conv2D', kernel: 'Conv2dMM', place: 'webgpu', milliseconds: 3 },
      { layer: 'b', op: 'Sign', kernel: 'Sign', place: 'cpu', milliseconds: 0.15 },
      { layer: '', op: 'onnxruntime', kernel: 'Transpose', place: 'cpu', milliseconds: 0.001 },
    ]);
  });
});

describe('layers', () => {
  it('of gradients are those of what they differentiate', async () => {
    const text = await printStep({
      ...definition,
      step: ({ w }, { x }) => {
        const { loss, gradients } = valueAndGradients({ w }, () => {
          const y = scope('conv1', () => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 1));
          return { loss: scope('head', () => tf.mean(tf.exp(y))), aux: {} };
        });
        return { state: { w: tf.sub(w, gradients.w) }, outputs: { loss } };
      },
    });
    expect(text).toMatch(/Conv2DBackpropFilter.*# conv1$/m);
    expect(text).toMatch(/= Multiply.*# head$/m);
  });
});
